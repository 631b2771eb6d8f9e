/** Importing a guide: streamed in, read whole or refused whole. Reading is `central/guide`. */
import * as v from "valibot";
import type { Channel } from "../../shared/guide/channel.ts";
import type { Programme } from "../../shared/guide/programme.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Drafts } from "../store/drafts.ts";
import { type Route, route } from "./route.ts";

/** What a reader makes of a guide. */
export interface ReadGuide {
  channels: Channel[];
  programmes: Programme[];
  /** Plain data for the reply: counts, defects. */
  report: Record<string, unknown>;
}
export type GuideReader = (
  bytes: AsyncIterable<Uint8Array>,
  existing: { channels: Channel[]; programmes: Programme[] },
) => Promise<ReadGuide>;

async function* chunks(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (stream) yield* stream;
}

export function guideRoutes(ports: { drafts: Drafts; readGuide: GuideReader; clock: Clock }): Route[] {
  const { drafts, readGuide, clock } = ports;
  return [
    route("POST", "/api/v1/guide", {
      summary: "Imports an XMLTV guide, plain or gzip; dryRun=1 only tells what it would do",
      access: "people",
      raw: true,
      query: v.object({ dryRun: v.optional(v.string()) }),
      reply: v.record(v.string(), v.unknown()),
      async handle({ request, query }) {
        const channels = await drafts.channels();
        const programmes: Programme[] = [];
        for (const part of (await drafts.guide()).values()) {
          for (const body of part.values()) programmes.push(JSON.parse(body) as Programme);
        }
        const read = await readGuide(chunks(request.body), { channels, programmes });
        const dryRun = query.dryRun !== undefined && query.dryRun !== "0" && query.dryRun !== "false";
        if (!dryRun) {
          const byChannel = new Map<string, Programme[]>();
          for (const programme of read.programmes) {
            const list = byChannel.get(programme.channel);
            if (list) list.push(programme);
            else byChannel.set(programme.channel, [programme]);
          }
          await drafts.importGuide(read.channels, byChannel, clock.wallMs());
        }
        return { imported: !dryRun, ...read.report };
      },
    }),
  ];
}
