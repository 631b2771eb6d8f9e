/**
 * One answer as the log keeps it: a line of JSON in ASCII, with what the edge decided about it. The line alone tells
 * what a box's key got, what counts of a box for a cue, what central is to be sent, and what it added to the tallies.
 */
import type { Receipt } from "../../../../shared/protocol/answers.ts";
import type { UplinkAnswer } from "../../../../shared/uplink/batch.ts";

export interface Entry {
  status: Receipt["status"];
  reason?: string | undefined;
  /** Until when its key, and its vote, are remembered. */
  forgetMs: number;
  box: string;
  key: string;
  cue: string;
  interaction: string;
  version: number;
  answeredAtMs: number;
  options?: string[] | undefined;
  rating?: number | undefined;
  dueMs?: number | undefined;
  /** 0: it does not count here. Else how many answers of the box count for the cue with this one. */
  count: number;
  /** In mode `last`: the vote that it takes the place of, for the tallies. */
  replaces?: { interaction: string; version: number; choice: readonly string[] } | undefined;
  /**
   * When it came in, where that is not when it was written: taken over from an older outbox, or by another clock
   * (`now-span.ts`).
   */
  receivedAtMs?: number | undefined;
}

const LETTERS = { accepted: "a", duplicate: "d", late: "l", rejected: "r" } as const;
const STATUSES: Record<string, Entry["status"]> = {
  a: "accepted",
  d: "duplicate",
  l: "late",
  r: "rejected",
};

/** What it adds to. */
export const choiceOf = ({ options, rating }: Pick<Entry, "options" | "rating">): readonly string[] =>
  options ?? [String(rating)];

/**
 * With its line end. `atMs`: when it is written. Put together by hand, which takes a third of the time: ids and keys hold nothing that JSON would
 * write in another way.
 */
export function entryToLine(entry: Entry, atMs: number): string {
  const { status, forgetMs, box, key, cue, interaction, version, answeredAtMs, options, count } = entry;
  const chosen = options ? `["${options.join('","')}"]` : "0";
  const row = `["${LETTERS[status]}",${forgetMs},"${box}","${key}","${cue}","${interaction}",${version},${answeredAtMs},${count},${chosen}`;
  const { rating, reason, replaces, dueMs } = entry;
  const receivedAtMs = entry.receivedAtMs === atMs ? undefined : entry.receivedAtMs;
  // Most have none of them.
  if ((rating ?? reason ?? replaces ?? receivedAtMs ?? dueMs) === undefined) return `${row}]\n`;
  const more = [
    rating ?? 0,
    reason ?? 0,
    replaces ? [replaces.interaction, replaces.version, replaces.choice] : 0,
    receivedAtMs ?? -1,
    dueMs ?? -1,
  ];
  return `${row},${JSON.stringify(more).slice(1)}\n`;
}

/** @returns undefined when it is not one: damage */
export function entryFromLine(line: string): Entry | undefined {
  try {
    const row = JSON.parse(line);
    const [letter, forgetMs, box, key, cue, interaction, version, answeredAtMs, count, options] = row;
    const status = STATUSES[letter];
    if (!status || typeof box !== "string" || typeof key !== "string" || typeof cue !== "string")
      return undefined;
    const entry: Entry = { status, forgetMs, box, key, cue, interaction, version, answeredAtMs, count };
    if (options) entry.options = options;
    if (row.length > 10) {
      const [rating, reason, replaces, receivedAtMs, dueMs] = row.slice(10);
      if (rating) entry.rating = rating;
      if (reason) entry.reason = reason;
      if (replaces) entry.replaces = { interaction: replaces[0], version: replaces[1], choice: replaces[2] };
      if (receivedAtMs >= 0) entry.receivedAtMs = receivedAtMs;
      if (dueMs >= 0) entry.dueMs = dueMs;
    }
    return entry;
  } catch {
    return undefined;
  }
}

/** @param atMs when it was written */
export function uplinkAnswerOf(entry: Entry, number: number, atMs: number): UplinkAnswer {
  const { key, cue, interaction, version, options, rating, answeredAtMs, dueMs, box, receivedAtMs } = entry;
  return {
    ...{ key, cue, interaction, version, answeredAtMs, number, box, receivedAtMs: receivedAtMs ?? atMs },
    ...(options && { options }),
    ...(rating !== undefined && { rating }),
    ...(dueMs !== undefined && { dueMs }),
  };
}
