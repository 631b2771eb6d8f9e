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

const CODES: Record<number, KeyName> = {
  8: "back",
  13: "ok",
  27: "back",
  37: "left",
  38: "up",
  39: "right",
  40: "down",
  403: "red",
  404: "green",
  405: "yellow",
  406: "blue",
  461: "back",
  10009: "back",
};

export const COLOURS: readonly KeyName[] = ["red", "green", "yellow", "blue"];

/** Arrows never leak to the television while something is asked: it would change the channel. */
export function isArrow(name: KeyName): boolean {
  return /^(up|down|left|right)$/.test(name);
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
  if (code >= 48 && code <= 57) return String(code - 48) as KeyName;
  if (code >= 96 && code <= 105) return String(code - 96) as KeyName;
  return CODES[code] || null;
}
