/** A channel's schedule for other programs: XMLTV and iCalendar. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import type { Channel } from "../../shared/guide/channel.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { writeIcal } from "../guide/ical-writer.ts";
import { writeXmltv } from "../guide/xmltv-writer.ts";
import { cuesOnAir } from "../publish/on-air-view.ts";
import type { Publisher } from "../publish/publish.ts";
import { atOnce } from "../publish/work.ts";
import type { Drafts } from "../store/drafts.ts";
import { instantParam } from "./app.ts";
import { type Route, route } from "./route.ts";

/** Cues are told over this, unless the span asked for is shorter, ms. */
const CUES_AHEAD_MS = 14 * 86_400_000;
/** A month of slots of five minutes. */
const PROGRAMMES_MAX = 10_000;

interface Ports {
  drafts: Drafts;
  publisher: Publisher;
  clock: Clock;
}

const spanSchema = {
  fromMs: v.optional(instantParam),
  untilMs: v.optional(instantParam),
};

export function guideExportRoutes({ drafts, publisher, clock }: Ports): Route[] {
  async function stored(id: string, { fromMs = 0, untilMs = Number.MAX_SAFE_INTEGER }) {
    const channel: Channel | undefined = (await drafts.channels()).find((each) => each.id === id);
    if (!channel) {
      throw new CuecastError(`Cannot export ${id}: there is no such channel`, {
        code: "unknown-channel",
        status: 404,
      });
    }
    return { channel, programmes: await drafts.programmes(id, fromMs, untilMs, PROGRAMMES_MAX) };
  }
  const file = (pieces: Iterable<string>, type: string, name: string) =>
    new Response([...pieces].join(""), {
      headers: {
        "content-type": `${type}; charset=utf-8`,
        "content-disposition": `attachment; filename="${name.replaceAll(/[^A-Za-z0-9._-]/g, "_")}"`,
        "cache-control": "no-store",
      },
    });

  return [
    route("GET", "/api/v1/channels/{id}/xmltv", {
      summary: "A channel's guide as XMLTV; importing it again changes nothing",
      access: "people",
      produces: "application/xml",
      query: v.object(spanSchema),
      async handle({ params, query }) {
        const { channel, programmes } = await stored(String(params.id), query);
        return file(writeXmltv(channel, programmes), "application/xml", `${channel.id}.xml`);
      },
    }),
    route("GET", "/api/v1/channels/{id}/ical", {
      summary: "A channel's programmes as iCalendar; with cues=1 the cues on air beside them, over two weeks",
      access: "people",
      produces: "text/calendar",
      query: v.object({ ...spanSchema, cues: v.optional(v.string()) }),
      async handle({ params, query }) {
        const { channel, programmes } = await stored(String(params.id), query);
        const nowMs = clock.wallMs();
        const { fromMs = nowMs, untilMs = fromMs + CUES_AHEAD_MS } = query;
        const content = query.cues === undefined ? undefined : publisher.onAir()?.content;
        const cues = content
          ? atOnce(cuesOnAir(content, fromMs, Math.min(untilMs, fromMs + CUES_AHEAD_MS))).filter(
              ({ channels }) => channels.includes(channel.id),
            )
          : [];
        return file(writeIcal(channel, programmes, cues, nowMs), "text/calendar", `${channel.id}.ics`);
      },
    }),
  ];
}
