/**
 * Counted answers of one cue over time and by region. Read from the answers themselves, at most ANSWERS_MAX of
 * them: of a larger cue it tells a sample (the first by the boxes' pseudonyms, which say nothing of the answer). Of a
 * cue whose answers were removed by retention it tells what was told then.
 */
import * as v from "valibot";
import { countSchema, idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import type { Queries } from "../../shared/runtime/database.ts";

export const ANSWERS_MAX = 200_000;
/** Points of a series. */
const BUCKETS_MAX = 120;
const BUCKET_LEAST_MS = 1_000;

export const seriesSchema = v.object({
  cue: idSchema,
  /** Of one point. */
  bucketMs: countSchema,
  /** Counted answers by the moment they were given, oldest first; points without answers are left out. */
  points: v.array(
    v.object({ atMs: instantSchema, options: v.record(v.string(), countSchema), total: countSchema }),
  ),
  regions: v.array(
    v.object({
      region: v.string(),
      options: v.record(v.string(), countSchema),
      total: countSchema,
      /** Answers that do not count, by verdict: duplicate, late, rejected, unknown. */
      others: v.optional(v.record(v.string(), countSchema)),
    }),
  ),
  /** Below 1: of so large a part of the answers. */
  share: v.number(),
});
export type Series = v.InferOutput<typeof seriesSchema>;

type Tally = { options: Record<string, number>; total: number };

/** @param regionOf region by edge id */
export async function readSeries(
  database: Queries,
  cue: string,
  regionOf: ReadonlyMap<string, string>,
): Promise<Series> {
  const [sealed] = await database.all("SELECT series FROM sealed_cue WHERE cue = ?", [cue]);
  if (sealed) return JSON.parse(String(sealed.series)) as Series;
  const [range] = await database.all(
    `SELECT count(*) AS total, min(answered_ms) AS first, max(answered_ms) AS last FROM
       (SELECT answered_ms, verdict FROM answer WHERE cue = ? LIMIT ?) WHERE verdict = 'counted'`,
    [cue, ANSWERS_MAX],
  );
  const [counted] = await database.all(
    "SELECT sum(count) AS total FROM tally WHERE cue = ? AND option = ''",
    [cue],
  );
  const read = Number(range?.total ?? 0);
  const all = Number(counted?.total ?? 0);
  const spanMs = Number(range?.last ?? 0) - Number(range?.first ?? 0);
  const bucketMs = Math.max(BUCKET_LEAST_MS, Math.ceil(spanMs / BUCKETS_MAX / 1000) * 1000);
  // Grouped by outbox first: a name of an edge for each answer would be looked up as often.
  const rows = await database.all(
    `SELECT bucket, outbox.edge AS edge, choice, rating, count FROM
       (SELECT answered_ms / ?2 AS bucket, outbox, options AS choice, rating, count(*) AS count FROM
          (SELECT answered_ms, outbox, options, rating, verdict FROM answer WHERE cue = ?1 LIMIT ?3)
        WHERE verdict = 'counted' GROUP BY 1, 2, 3, 4) AS given
     LEFT JOIN outbox ON outbox.id = given.outbox ORDER BY 1`,
    [cue, bucketMs, ANSWERS_MAX],
  );
  const points = new Map<number, Tally>();
  const regions = new Map<string, Tally>();
  const at = <K>(map: Map<K, Tally>, key: K): Tally => {
    const found = map.get(key) ?? { options: {}, total: 0 };
    map.set(key, found);
    return found;
  };
  for (const row of rows) {
    const count = Number(row.count);
    const choices =
      row.rating === null ? (JSON.parse(String(row.choice ?? "[]")) as string[]) : [String(row.rating)];
    const region = regionOf.get(String(row.edge)) ?? "?";
    for (const tally of [at(points, Number(row.bucket) * bucketMs), at(regions, region)]) {
      tally.total += count;
      for (const choice of choices) tally.options[choice] = (tally.options[choice] ?? 0) + count;
    }
  }
  const others = new Map<string, Record<string, number>>();
  const uncounted = await database.all(
    `SELECT outbox.edge AS edge, verdict, count FROM
       (SELECT outbox, verdict, count(*) AS count FROM
          (SELECT outbox, verdict FROM answer WHERE cue = ?1 LIMIT ?2) WHERE verdict <> 'counted' GROUP BY 1, 2) AS given
     LEFT JOIN outbox ON outbox.id = given.outbox`,
    [cue, ANSWERS_MAX],
  );
  for (const row of uncounted) {
    const region = regionOf.get(String(row.edge)) ?? "?";
    at(regions, region);
    const counts = others.get(region) ?? {};
    others.set(region, counts);
    counts[String(row.verdict)] = (counts[String(row.verdict)] ?? 0) + Number(row.count);
  }
  return {
    cue,
    bucketMs,
    points: [...points].map(([atMs, tally]) => ({ atMs, ...tally })),
    regions: [...regions]
      .map(([region, tally]) => ({
        ...{ region, ...tally },
        ...(others.has(region) && { others: others.get(region) }),
      }))
      .sort((a, b) => (a.region < b.region ? -1 : 1)),
    share: all > read ? read / all : 1,
  };
}
