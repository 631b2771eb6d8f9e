/** The timeline: programmes and cues of some channels over a span, as drafted or as on air. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { idSchema } from "../../shared/protocol/primitives.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { DraftView } from "../publish/draft-view.ts";
import type { Publisher } from "../publish/publish.ts";
import { makeTimeline, timelineSchema } from "../publish/timeline.ts";
import { instantParam } from "./app.ts";
import { type Route, route } from "./route.ts";

const CHANNELS_MAX = 100;
/** A guide's eight days and a day to spare. */
const SPAN_MAX_MS = 10 * 86_400_000;

interface Ports {
  draftView: DraftView;
  publisher: Publisher;
  clock: Clock;
}

export function timelineRoutes({ draftView, publisher, clock }: Ports): Route[] {
  return [
    route("GET", "/api/v1/timeline", {
      summary:
        "Programmes and cues of up to 100 channels over up to ten days; of=drafts (the default) or of=air",
      access: "people",
      query: v.object({
        channels: v.pipe(
          v.string(),
          v.transform((text) => text.split(",").filter(Boolean)),
          v.array(idSchema),
          v.maxLength(CHANNELS_MAX),
        ),
        fromMs: instantParam,
        untilMs: instantParam,
        of: v.optional(v.picklist(["drafts", "air"]), "drafts"),
      }),
      reply: timelineSchema,
      async handle({ query: { channels, fromMs, untilMs, of } }) {
        if (untilMs <= fromMs || untilMs - fromMs > SPAN_MAX_MS) {
          throw new CuecastError(
            "Cannot tell this span: it must be longer than nothing and at most ten days",
            {
              code: "bad-query",
              status: 400,
            },
          );
        }
        const onAir = publisher.onAir()?.content;
        const content = of === "air" ? (onAir ?? new Map()) : await draftView.content();
        return makeTimeline(content, onAir, { channels, fromMs, untilMs, nowMs: clock.wallMs() });
      },
    }),
  ];
}
