/** Results of cues: counted, provisional, over time, by region, as CSV. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { instantSchema } from "../../shared/protocol/primitives.ts";
import type { Database } from "../../shared/runtime/database.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { exportCsv } from "../results/export-csv.ts";
import { readSeries, seriesSchema } from "../results/series.ts";
import { type Summaries, type Summary, summarySchema } from "../results/summary.ts";
import type { Drafts } from "../store/drafts.ts";
import type { Fleet } from "../store/fleet.ts";
import { type Route, route } from "./route.ts";

const RESULTS_TOLD_MAX = 50;

const listSchema = v.object({ nowMs: instantSchema, results: v.array(summarySchema) });
export type ResultsReply = v.InferOutput<typeof listSchema>;

interface Ports {
  summaries: Summaries;
  /** Where answers are. */
  answers: Database;
  drafts: Drafts;
  fleet: Fleet;
  clock: Clock;
}

export function resultRoutes({ summaries, answers, drafts, fleet, clock }: Ports): Route[] {
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
    return readSeries(answers, cue, regionOf);
  }
  return [
    route("GET", "/api/v1/results", {
      summary: "Cues for which something came in, the latest first",
      access: "people",
      reply: listSchema,
      async handle() {
        const nowMs = clock.wallMs();
        return { nowMs, results: await summaries.recent(RESULTS_TOLD_MAX, nowMs) };
      },
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
    route("GET", "/api/v1/results/{cue}/export", {
      summary: "Results of one cue as CSV",
      access: "people",
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
