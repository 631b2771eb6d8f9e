/** Answers over time as a chart takes them: every bucket, those without answers too. Pure. */

const BUCKETS_MAX = 2_000;
/** A few columns alone would be as wide as the chart. */
const BUCKETS_LEAST = 30;

interface Point {
  atMs: number;
  options: Record<string, number>;
}

/** @returns values by option, in the order given */
export function filled(
  points: readonly Point[],
  bucketMs: number,
  options: readonly string[],
): { timesMs: number[]; values: number[][] } {
  const first = points[0]?.atMs;
  const last = points.at(-1)?.atMs;
  if (first === undefined || last === undefined) return { timesMs: [], values: options.map(() => []) };
  const needed = Math.round((last - first) / Math.max(1, bucketMs)) + 1;
  const count = Math.min(BUCKETS_MAX, Math.max(BUCKETS_LEAST, needed));
  const known = new Map(
    points.map((point) => [Math.round((point.atMs - first) / Math.max(1, bucketMs)), point]),
  );
  const places = Array.from({ length: count }, (_, place) => place);
  return {
    timesMs: places.map((place) => first + place * bucketMs),
    values: options.map((option) => places.map((place) => known.get(place)?.options[option] ?? 0)),
  };
}
