/** Importing a guide: streamed in, taken whole or refused whole. Reading is `central/guide`. */
import * as v from "valibot";
import type { Clock } from "../../shared/time/clock.ts";
import { readGuide } from "../guide/import.ts";
import { createLock } from "../publish/lock.ts";
import type { Drafts } from "../store/drafts.ts";
import { type Route, route } from "./route.ts";

/** Moves told one by one; all are counted. */
const MOVES_TOLD_MAX = 100;

async function* chunks(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (stream) yield* stream;
}

export function guideRoutes(ports: { drafts: Drafts; clock: Clock }): Route[] {
  const { drafts, clock } = ports;
  /** Each import compares with what is stored, so the next one waits. */
  const inTurn = createLock();

  async function importGuide(body: ReadableStream<Uint8Array> | null, dryRun: boolean) {
    const channels = await drafts.channels();
    const read = await readGuide(chunks(body), {
      channels,
      programmesOf: (channel) => drafts.programmesOf(channel),
    });
    const known = new Set(channels.map(({ id }) => id));
    const added = read.channels.upsert.filter(({ id }) => !known.has(id)).length;
    if (!dryRun) {
      const { upsert, remove } = read.programmes;
      await drafts.applyGuide({ channels: read.channels.upsert, upsert, remove }, clock.wallMs());
    }
    return {
      imported: !dryRun,
      channels: {
        added,
        changed: read.channels.upsert.length - added,
        unchanged: read.stats.channels - read.channels.upsert.length,
      },
      programmes: { ...read.diff, moved: read.diff.moved.length },
      moves: read.diff.moved.slice(0, MOVES_TOLD_MAX),
      defects: read.defects,
      stats: read.stats,
    };
  }

  return [
    route("POST", "/api/v1/guide", {
      summary: "Imports an XMLTV guide, plain or gzip; with dryRun=1 only tells what it would do",
      access: "people",
      action: "guide",
      raw: true,
      query: v.object({ dryRun: v.optional(v.string()) }),
      reply: v.record(v.string(), v.unknown()),
      handle: ({ request, query }) => {
        const dryRun = query.dryRun !== undefined && query.dryRun !== "0" && query.dryRun !== "false";
        return inTurn(() => importGuide(request.body, dryRun));
      },
    }),
  ];
}
