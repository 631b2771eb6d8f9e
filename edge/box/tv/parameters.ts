/** What the page's address may ask for. Pure. */
import { isId } from "../checks.ts";

const BOX_LETTERS_MAX = 64;

/** @returns the name of a parameter that no box can be started with; null when all can be used */
export function wrongParameter(asked: {
  box: string;
  channel: string;
  edges: readonly string[];
}): "box" | "channel" | "edge" | null {
  if (!isId(asked.box) || asked.box.length > BOX_LETTERS_MAX) return "box";
  if (!isId(asked.channel)) return "channel";
  return asked.edges.every((edge) => /^https?:\/\/[^\s<>"]+$/.test(edge)) ? null : "edge";
}
