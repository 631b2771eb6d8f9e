/** A guide source: an address that is fetched by itself on a repeating schedule, and how that went. */
import * as v from "valibot";
import { countSchema, durationSchema, idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import { zoneSchema } from "../../shared/schedule/placement.ts";
import { importStates } from "./import-report.ts";
import { FEED_CLOCKS } from "./zone-clock.ts";

/** Most sources. */
export const SOURCES_MAX = 50;
/** Most often that a source is asked, ms: a broadcaster's own feed, on an evening with extra time. */
export const EVERY_LEAST_MS = 10_000;
const EVERY_MOST_MS = 31 * 86_400_000;

const urlSchema = v.pipe(
  v.string(),
  v.maxLength(2_000),
  v.check((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return url !== undefined && (url.protocol === "https:" || url.protocol === "http:");
  }, "Cannot fetch this address: not an http or https URL"),
  v.check((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    return !url?.username && !url?.password;
  }, "Cannot fetch this address: no name and password within it"),
);

export const sourceFields = {
  url: urlSchema,
  /** Every so often, from the end of the last try; or by a cron rule of five fields in a zone. */
  every: v.union([
    v.strictObject({ ms: v.pipe(durationSchema, v.minValue(EVERY_LEAST_MS), v.maxValue(EVERY_MOST_MS)) }),
    v.strictObject({ rule: v.pipe(v.string(), v.maxLength(200)), zone: zoneSchema }),
  ]),
  /** Of its channels that have no zone of their own. */
  zone: v.optional(zoneSchema),
  clock: v.optional(v.picklist(FEED_CLOCKS)),
  paused: v.optional(v.boolean(), false),
  /** From asking to the last byte, ms. */
  timeoutMs: v.optional(
    v.pipe(durationSchema, v.minValue(1_000), v.maxValue(1_800_000)),
    // A hundred megabytes over a line of 3 Mbit/s.
    300_000,
  ),
  /** As received. */
  bytesMax: v.optional(v.pipe(countSchema, v.minValue(1), v.maxValue(1_073_741_824)), 268_435_456),
  /** Without a guide for longer than this it is told to be stale, ms. */
  staleAfterMs: v.optional(v.pipe(durationSchema, v.minValue(EVERY_LEAST_MS)), 86_400_000),
};
export const sourceSchema = v.object({ id: idSchema, ...sourceFields });
export type GuideSource = v.InferOutput<typeof sourceSchema>;

export const sourceStateSchema = v.object({
  /** When it is asked next. */
  nextMs: instantSchema,
  triedMs: v.optional(instantSchema),
  /** When it last gave a guide, or said that nothing is new. */
  doneMs: v.optional(instantSchema),
  /** Tries that failed in a row. */
  failures: countSchema,
  /** Why the last try failed. */
  why: v.optional(v.string()),
  /** What it gave last; kept when later tries fail. */
  last: v.optional(
    v.object({
      state: v.picklist(importStates),
      import: v.optional(v.string()),
      bytes: countSchema,
      programmes: countSchema,
      defects: countSchema,
      /** Where its guide ends. */
      untilMs: v.optional(instantSchema),
    }),
  ),
  etag: v.optional(v.string()),
  lastModified: v.optional(v.string()),
});
export type SourceState = v.InferOutput<typeof sourceStateSchema>;

/** A source as it is told. */
export const sourceViewSchema = v.object({
  ...sourceSchema.entries,
  /** What queries may hold is left out. */
  url: v.string(),
  running: v.boolean(),
  state: sourceStateSchema,
  /** What is wrong with it, in words. */
  trouble: v.optional(v.string()),
});
export type SourceView = v.InferOutput<typeof sourceViewSchema>;

/** One failure may be a moment's; after these it is told. */
const FAILURES_TOLD = 3;

/** What an operator should look at; undefined when all is well. */
export function sourceTrouble(source: GuideSource, state: SourceState, nowMs: number): string | undefined {
  if (source.paused) return undefined;
  const hours = (ms: number) => `${Math.round(ms / 360_000) / 10} h`;
  if (state.failures >= FAILURES_TOLD) return `failed ${state.failures} times: ${state.why ?? ""}`;
  if (state.doneMs !== undefined && nowMs - state.doneMs > source.staleAfterMs) {
    return `stale: no guide for ${hours(nowMs - state.doneMs)}${state.why ? `: ${state.why}` : ""}`;
  }
  const endMs = state.last?.untilMs;
  if (endMs !== undefined && endMs < nowMs) return `its guide ended ${hours(nowMs - endMs)} ago`;
  return undefined;
}

/** An address without what its query may hold: keys of accounts stand there. */
export function maskUrl(text: string): string {
  const url = new URL(text);
  for (const name of [...new Set(url.searchParams.keys())]) url.searchParams.set(name, "…");
  return url.href.replaceAll("%E2%80%A6", "…");
}
