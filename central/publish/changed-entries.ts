/** What a publication changed of what was on air, by the names that people gave: for the audit. Pure. */
import { type Content, sameBody } from "../../shared/publication/part.ts";

/** By part, what was done with which entries, in words: `{ placements: { added: "quiz, poll" } }`. */
export type ChangedEntries = Record<string, Record<string, string>>;

/** Parts whose entries have names. */
export const NAMED = [
  "regions",
  "channels",
  "placements",
  "channel-groups",
  "channel-rules",
  "interactions",
] as const;
const GUIDE_PREFIX = "guide/";
/** Names told of one kind; the others are counted. */
const NAMES_MAX = 20;

function namesOf(keys: readonly string[]): string {
  const told = keys.slice(0, NAMES_MAX).join(", ");
  return keys.length > NAMES_MAX ? `${told} and ${keys.length - NAMES_MAX} more` : told;
}

export function changedEntries(from: Content, to: Content): ChangedEntries {
  const found: ChangedEntries = {};
  let programmes = 0;
  const channels: string[] = [];
  for (const name of new Set([...from.keys(), ...to.keys()])) {
    const isGuide = name.startsWith(GUIDE_PREFIX);
    if (!isGuide && !NAMED.some((named) => named === name)) continue;
    const before = from.get(name) ?? new Map();
    const after = to.get(name) ?? new Map();
    if (before === after) continue;
    const added: string[] = [];
    const changed: string[] = [];
    for (const [key, body] of after) {
      if (!before.has(key)) added.push(key);
      else if (!sameBody(body, before.get(key))) changed.push(key);
    }
    const removed = [...before.keys()].filter((key) => !after.has(key));
    const all = added.length + changed.length + removed.length;
    if (all === 0) continue;
    if (isGuide) {
      programmes += all;
      channels.push(name.slice(GUIDE_PREFIX.length));
      continue;
    }
    const kinds = Object.entries({ added, changed, removed }).filter(([, keys]) => keys.length > 0);
    found[name] = Object.fromEntries(kinds.map(([kind, keys]) => [kind, namesOf(keys)]));
  }
  if (programmes > 0) found.guide = { programmes: String(programmes), channels: namesOf(channels) };
  return found;
}
