/** Results of cues: counted, provisional, over time, by region, as CSV. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { countSchema, idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import type { Queries } from "../../shared/runtime/database.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Answers } from "../results/answers.ts";
import { type Draws, drawSchema, WINNERS_MAX } from "../results/draw.ts";
import { exportCsv } from "../results/export-csv.ts";
import { readSeries, seriesSchema } from "../results/series.ts";
import { type Summaries, type Summary, summarySchema } from "../results/summary.ts";
import type { Drafts } from "../store/drafts.ts";
import type { Fleet } from "../store/fleet.ts";
import { must } from "./missing.ts";
import { limitParam, nextSchema, placeParam, readPlace } from "./paging.ts";
import { type Route, route } from "./route.ts";

const RESULTS_TOLD_MAX = 50;

const drawsSchema = v.object({ draws: v.array(drawSchema) });
export type DrawsReply = v.InferOutput<typeof drawsSchema>;
const listSchema = v.object({
  nowMs: instantSchema,
  results: v.array(summarySchema),
  next: nextSchema,
  /** Cues that something came in for and that never were on air, at most 10,000: `/api/v1/unknown-cues`. */
  unknownCues: countSchema,
});
const unknownSchema = v.object({
  cues: v.array(
    v.object({
      cue: idSchema,
      /** When something came in for it last. */
      lastMs: instantSchema,
      /** Not judged, and counted nowhere. */
      answers: countSchema,
    }),
  ),
  next: nextSchema,
});
export type UnknownCuesReply = v.InferOutput<typeof unknownSchema>;
export type ResultsReply = v.InferOutput<typeof listSchema>;

interface Ports {
  summaries: Summaries;
  results: Queries;
  answers: Answers;
  drafts: Drafts;
  fleet: Fleet;
  draws: Draws;
  clock: Clock;
}

export function resultRoutes({ summaries, results, answers, drafts, fleet, draws, clock }: Ports): Route[] {
  async function summaryOf(cue: string): Promise<Summary> {
    const found = await summaries.summary(cue, clock.wallMs());
    if (found) return found;
    throw new CuecastError(`Cannot tell results of ${cue}: there never was such a cue`, {
      code: "unknown-cue",
      status: 404,
    });
  }
  async function seriesOf(cue: string) {
    const regionOf = new Map((await fleet.list()).map(({ id, region }) => [id, region]));
    return readSeries({ database: results, answers }, cue, regionOf);
  }
  return [
    route("GET", "/api/v1/results", {
      summary:
        "Cues that were on air and for which something came in, by their moment, the latest first, a page at a time",
      access: "people",
      query: v.object({ before: placeParam, limit: limitParam(RESULTS_TOLD_MAX) }),
      reply: listSchema,
      async handle({ query: { before, limit = RESULTS_TOLD_MAX } }) {
        const nowMs = clock.wallMs();
        const { summaries: results, next } = await summaries.recent(limit, nowMs, readPlace(before));
        return { nowMs, results, next, unknownCues: await summaries.unknownCount() };
      },
    }),
    route("GET", "/api/v1/unknown-cues", {
      summary:
        "Cues that something came in for and that never were on air, as far as central knows, the latest first, a page at a time; once they are published they are results",
      access: "people",
      query: v.object({ before: placeParam, limit: limitParam(RESULTS_TOLD_MAX) }),
      reply: unknownSchema,
      handle: ({ query: { before, limit = RESULTS_TOLD_MAX } }) =>
        summaries.unknown(limit, readPlace(before)),
    }),
    route("GET", "/api/v1/results/{cue}", {
      summary: "What came in for one cue",
      access: "people",
      reply: summarySchema,
      handle: ({ params }) => summaryOf(String(params.cue)),
    }),
    route("GET", "/api/v1/results/{cue}/series", {
      summary: "Counted answers of one cue over time and by region",
      access: "people",
      reply: seriesSchema,
      async handle({ params }) {
        const { cue } = await summaryOf(String(params.cue));
        return seriesOf(cue);
      },
    }),
    route("GET", "/api/v1/results/{cue}/draws", {
      summary:
        "Draws of winners among those whose answer counts (a box's picture may be ahead of the moment by a minute at most); each can be computed again by anybody",
      access: "people",
      reply: drawsSchema,
      handle: async ({ params }) => ({ draws: await draws.list(String(params.cue)) }),
    }),
    route("POST", "/api/v1/results/{cue}/draws", {
      summary: "Begins a draw: draws a seed, and tells its SHA-256 to be published before the close",
      access: "people",
      action: "publish",
      body: v.object({
        winners: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(WINNERS_MAX)),
        among: drawSchema.entries.among,
      }),
      reply: drawSchema,
      status: 201,
      async handle({ params, body, changed }) {
        const draw = await draws.commit(await summaryOf(String(params.cue)), body.winners, body.among);
        changed(draw.cue, undefined, draw);
        return draw;
      },
    }),
    route("POST", "/api/v1/results/{cue}/draws/{id}/pick", {
      summary: "Picks the winners, once, after the close; tells the seed",
      access: "people",
      action: "publish",
      reply: drawSchema,
      handle: ({ params }) => draws.pick(String(params.cue), String(params.id)),
    }),
    route("GET", "/api/v1/results/{cue}/draws/{id}/entries", {
      summary:
        "The boxes that take part, sorted, one a line: what the winners are computed from, kept as it was at the picking: those whose answer counts, also from up to a minute before the moment, by which a box's picture may be ahead",
      access: "people",
      action: "publish",
      produces: "text/plain",
      async handle({ params }) {
        const summary = await summaryOf(String(params.cue));
        const draw = must(
          (await draws.list(summary.cue)).find(({ id }) => id === params.id),
          "draw",
          String(params.id),
        );
        const pages = draws.entries(summary, draw);
        const stream = new ReadableStream<Uint8Array>({
          async pull(controller) {
            const { done, value } = await pages.next();
            if (done) controller.close();
            else controller.enqueue(new TextEncoder().encode(value));
          },
        });
        return new Response(stream, {
          headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
        });
      },
    }),
    route("GET", "/api/v1/results/{cue}/export", {
      summary: "Results of one cue as CSV",
      access: "people",
      produces: "text/csv",
      async handle({ params }) {
        const summary = await summaryOf(String(params.cue));
        const entry = await drafts.interaction(summary.interaction, summary.version);
        const labels = entry?.interaction.texts[entry.interaction.defaultLanguage]?.options ?? {};
        return new Response(exportCsv(summary, await seriesOf(summary.cue), labels), {
          headers: {
            "content-type": "text/csv; charset=utf-8",
            "content-disposition": `attachment; filename="${summary.cue.replaceAll(":", "_")}.csv"`,
            "cache-control": "no-store",
          },
        });
      },
    }),
  ];
}
