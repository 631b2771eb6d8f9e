/**
 * Remote controls: from the codes that devices send to the names that the box knows.
 *
 * Codes: CTA-2014 / HbbTV colour keys 403 to 406 and back 461 (LG webOS too), Samsung Tizen back 10009 and
 * channel 427/428, Escape and Backspace on keyboards, both rows of digits.
 */

export type KeyName =
  | "up"
  | "down"
  | "left"
  | "right"
  | "ok"
  | "back"
  | "red"
  | "green"
  | "yellow"
  | "blue"
  | "channel-up"
  | "channel-down"
  | "0"
  | "1"
  | "2"
  | "3"
  | "4"
  | "5"
  | "6"
  | "7"
  | "8"
  | "9";

const OK = 13;
const BACK = [8, 27, 461, 10009];
/** From 37 on. */
const ARROWS: readonly KeyName[] = ["left", "up", "right", "down"];
/** From 403 on. */
export const COLOURS: readonly KeyName[] = ["red", "green", "yellow", "blue"];

/** Arrows never leak to the television while something is asked: it would change the channel. */
export function isArrow(name: KeyName): boolean {
  return ARROWS.indexOf(name) >= 0;
}

/** The television's own, of which the overlay makes no use. */
export const CHANNEL_CODES: Record<number, KeyName> = {
  33: "channel-up",
  34: "channel-down",
  427: "channel-up",
  428: "channel-down",
};

/** @returns null for a key that the box has no use for: leave it to others */
export function keyName(code: number): KeyName | null {
  const digit = code - (code < 96 ? 48 : 96);
  if (digit >= 0 && digit <= 9) return String(digit) as KeyName;
  if (code === OK) return "ok";
  return BACK.indexOf(code) < 0 ? COLOURS[code - 403] || ARROWS[code - 37] || null : "back";
}
