/** What many answers to one cue have in common, kept once for all of them. Pure. */
import type { GivenAnswer } from "./judge.ts";

export type AnswerKind = Pick<GivenAnswer, "interaction" | "version" | "options" | "rating" | "dueMs"> & {
  /** Through which it came. */
  outbox: string;
};

/** The same text for the same kind; its order is that of the tables. */
export const kindBody = ({ interaction, version, options, rating, dueMs, outbox }: AnswerKind): string =>
  JSON.stringify([interaction, version, options ?? null, rating ?? null, dueMs ?? null, outbox]);

export function readKind(body: string): AnswerKind {
  const [interaction, version, options, rating, dueMs, outbox] = JSON.parse(body);
  return {
    ...{ interaction, version, outbox },
    options: options ?? undefined,
    rating: rating ?? undefined,
    dueMs: dueMs ?? undefined,
  };
}
