/** Channel numbers as files write them. */
import { CHANNEL_NUMBER_MAX } from "../../shared/guide/channel.ts";

/** A number that a viewer can dial; undefined when the text is none. */
export function channelNumber(text: string): number | undefined {
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= 1 && number <= CHANNEL_NUMBER_MAX ? number : undefined;
}
