/** What a run exercised, and how often: what is never exercised proves nothing, whatever held meanwhile. */

/** By part of the world. */
export const KINDS = {
  network: [
    "request lost",
    "reply lost",
    "reply overtaken by a later one",
    "request delivered twice",
    "refused",
    "swallowed",
    "timed out",
  ],
  box: [
    "power cut",
    "write torn",
    "write lost",
    "bit rot",
    "entry found damaged",
    "storage full",
    "write failed",
    "storage that forgets",
    "storage full of marks",
    "sleep",
    "reply delivered after a sleep",
    "wall clock set",
    "clock found jumped",
    "start in 1970",
    "oscillator strayed",
    "picture delayed",
    "picture delay measured",
    "network said to be back",
    "failed over",
  ],
  viewer: [
    "hop",
    "zap",
    "standby",
    "unknown channel",
    "plug pulled",
    "answer",
    "another answer",
    "dismissal",
    "plug pulled while answering",
  ],
  edge: [
    "crash",
    "overload",
    "line to central cut",
    "behind the other edge",
    "lower revision ignored",
    "token refused",
    "embargo kept",
    "not modified",
    "not found",
    "results given",
    "image given",
    "large schedule given",
    "batch sent again",
  ],
  receipts: ["receipt accepted", "answer known already"],
  editors: [
    "overrun",
    "withdraw",
    "replace",
    "air again",
    "version",
    "instant",
    "move",
    "recall",
    "recall at the turn",
    "roll back",
    "new epoch",
  ],
  cues: [
    "shown",
    "shown late",
    "missed",
    "suppressed by clock",
    "suppressed by overlap",
    "withdrawn while shown",
    "replaced while shown",
    "shown to a part of the audience",
  ],
} as const;

export type Kind = (typeof KINDS)[keyof typeof KINDS][number];

export interface Coverage {
  hit(kind: Kind): void;
  counts(): Readonly<Record<Kind, number>>;
}

const ALL: readonly Kind[] = Object.values(KINDS).flat();

export function createCoverage(): Coverage {
  const counts = Object.fromEntries(ALL.map((kind) => [kind, 0])) as Record<Kind, number>;
  return {
    hit(kind) {
      counts[kind]++;
    },
    counts: () => counts,
  };
}

export function mergeCounts(
  a: Readonly<Record<Kind, number>>,
  b: Readonly<Record<Kind, number>>,
): Record<Kind, number> {
  return Object.fromEntries(ALL.map((kind) => [kind, a[kind] + b[kind]])) as Record<Kind, number>;
}

/** What never happened. */
export function missing(counts: Readonly<Record<Kind, number>>): Kind[] {
  return ALL.filter((kind) => counts[kind] === 0);
}

const NAME_WIDTH = 32;
const COUNT_WIDTH = 10;

/** One line for every kind, by part. */
export function describeCoverage(counts: Readonly<Record<Kind, number>>): string[] {
  return Object.entries(KINDS).flatMap(([part, kinds]) =>
    kinds.map((kind, at) => {
      const count = counts[kind].toLocaleString("en").padStart(COUNT_WIDTH);
      return `  ${(at === 0 ? part : "").padEnd(10)} ${kind.padEnd(NAME_WIDTH)}${count}${counts[kind] === 0 ? "  NEVER" : ""}`;
    }),
  );
}
