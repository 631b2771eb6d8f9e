/**
 * Counted answers of one cue over time and by region. Read from the answers themselves, at most so many of
 * them: of a larger cue it tells a sample (the first by the boxes' pseudonyms, which say nothing of the answer). Of a
 * cue whose answers were removed by retention it tells what was told then.
 */
import * as v from "valibot";
import { countSchema, idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import type { Queries } from "../../shared/runtime/database.ts";
import type { Answers } from "./answers.ts";

/**
 * Answers that are read when somebody looks: of a cue of two millions they lie on as many pages of the file, which takes
 * half a second of its thread. What a share is known from twenty thousand to is 0.7 of a hundred.
 */
const ANSWERS_MAX = 20_000;
/** Points of a series. */
const BUCKETS_MAX = 120;
const BUCKET_LEAST_MS = 1_000;

export const seriesSchema = v.object({
  cue: idSchema,
  /** Of one point. */
  bucketMs: countSchema,
  /** Counted answers by the moment they were given, oldest first; points without answers are left out. */
  points: v.array(
    v.object({
      atMs: instantSchema,
      options: v.record(v.string(), countSchema),
      /** By region; absent of cues whose answers a release before removed. */
      regions: v.optional(v.record(v.string(), countSchema)),
      total: countSchema,
    }),
  ),
  regions: v.array(
    v.object({
      region: v.string(),
      options: v.record(v.string(), countSchema),
      total: countSchema,
      /** Answers that do not count, by verdict: duplicate, late, rejected, unknown; with those that edges judged. */
      others: v.optional(v.record(v.string(), countSchema)),
    }),
  ),
  /** Below 1: of so large a part of the answers. */
  share: v.number(),
});
export type Series = v.InferOutput<typeof seriesSchema>;

type Tally = { options: Record<string, number>; total: number };

/** @param regionOf region by edge id @param most answers that are read */
export async function readSeries(
  { database, answers }: { database: Queries; answers: Pick<Answers, "seconds"> },
  cue: string,
  regionOf: ReadonlyMap<string, string>,
  most = ANSWERS_MAX,
): Promise<Series> {
  const [sealed] = await database.all("SELECT series FROM sealed_cue WHERE cue = ?", [cue]);
  if (sealed) return JSON.parse(String(sealed.series)) as Series;
  const [counted] = await database.all(
    "SELECT sum(count) AS total FROM tally WHERE cue = ? AND option = ''",
    [cue],
  );
  const rows = await answers.seconds(cue, most);
  // What edges judged themselves and sent no further: all of it, also where the answers are a sample.
  const judgedThere = (
    await database.all("SELECT outbox, others FROM tally_provisional WHERE cue = ? AND others IS NOT NULL", [
      cue,
    ])
  ).map((row) => ({
    outbox: String(row.outbox),
    counts: JSON.parse(String(row.others)) as Record<string, number>,
  }));
  const outboxes = await database.all(
    "SELECT id, edge FROM outbox WHERE id IN (SELECT value FROM json_each(?))",
    [JSON.stringify([...new Set([...rows, ...judgedThere].map(({ outbox }) => outbox))])],
  );
  const edges = new Map(outboxes.map(({ id, edge }) => [String(id), String(edge)]));
  const regionAt = (outbox: string) => regionOf.get(edges.get(outbox) ?? "") ?? "?";
  const standing = rows.filter(({ verdict }) => verdict === "counted");
  const read = standing.reduce((sum, { count }) => sum + count, 0);
  const all = Number(counted?.total ?? 0);
  const spanMs = ((standing.at(-1)?.second ?? 0) - (standing[0]?.second ?? 0)) * 1000;
  const bucketMs = Math.max(BUCKET_LEAST_MS, Math.ceil(spanMs / BUCKETS_MAX / 1000) * 1000);
  const points = new Map<number, Tally>();
  const regions = new Map<string, Tally>();
  const regionsAt = new Map<number, Record<string, number>>();
  const at = <K>(map: Map<K, Tally>, key: K): Tally => {
    const found = map.get(key) ?? { options: {}, total: 0 };
    map.set(key, found);
    return found;
  };
  for (const { second, outbox, options = [], rating, count } of standing) {
    const choices = rating === undefined ? options : [String(rating)];
    const region = regionAt(outbox);
    const atMs = Math.floor((second * 1000) / bucketMs) * bucketMs;
    const there = regionsAt.get(atMs) ?? {};
    regionsAt.set(atMs, there);
    there[region] = (there[region] ?? 0) + count;
    for (const tally of [at(points, atMs), at(regions, region)]) {
      tally.total += count;
      for (const choice of choices) tally.options[choice] = (tally.options[choice] ?? 0) + count;
    }
  }
  const others = new Map<string, Record<string, number>>();
  const addOther = (outbox: string, verdict: string, count: number) => {
    const region = regionAt(outbox);
    at(regions, region);
    const counts = others.get(region) ?? {};
    others.set(region, counts);
    counts[verdict] = (counts[verdict] ?? 0) + count;
  };
  for (const { verdict, outbox, count } of rows) if (verdict !== "counted") addOther(outbox, verdict, count);
  for (const { outbox, counts } of judgedThere)
    for (const [verdict, count] of Object.entries(counts)) if (count > 0) addOther(outbox, verdict, count);
  return {
    cue,
    bucketMs,
    points: [...points].map(([atMs, tally]) => ({ atMs, ...tally, regions: regionsAt.get(atMs) ?? {} })),
    regions: [...regions]
      .map(([region, tally]) => ({
        ...{ region, ...tally },
        ...(others.has(region) && { others: others.get(region) }),
      }))
      .sort((a, b) => (a.region < b.region ? -1 : 1)),
    share: all > read ? read / all : 1,
  };
}
