/** Why a cue appears or does not, as it is on air or as it is drafted. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { idSchema } from "../../shared/protocol/primitives.ts";
import { instantOf, parseLocalTime } from "../../shared/schedule/local-time.ts";
import { zoneSchema } from "../../shared/schedule/placement.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { DraftView } from "../publish/draft-view.ts";
import {
  answerQuestion,
  answerSchema,
  type ExplainAnswer,
  type Question,
  questionAbout,
} from "../publish/explanation.ts";
import { type Plan, planOf } from "../publish/plan.ts";
import type { Publisher } from "../publish/publish.ts";
import type { Drafts } from "../store/drafts.ts";
import { instantParam } from "./app.ts";
import { unknown } from "./missing.ts";
import { type Route, route } from "./route.ts";

export type ExplainReply = ExplainAnswer;

interface Ports {
  drafts: Drafts;
  draftView: DraftView;
  publisher: Publisher;
  clock: Clock;
}

const querySchema = v.object({
  cue: v.optional(idSchema),
  placement: v.optional(idSchema),
  channel: v.optional(idSchema),
  region: v.optional(idSchema),
  programme: v.optional(idSchema),
  atMs: v.optional(instantParam),
  /** `YYYYMMDDThhmm`, in the zone of the rule, or in `zone` for rules that have none. */
  local: v.optional(v.pipe(v.string(), v.maxLength(13))),
  zone: v.optional(zoneSchema),
  of: v.optional(v.picklist(["air", "drafts"]), "air"),
});
type Query = v.InferOutput<typeof querySchema>;

const refuse = (state: string) =>
  new CuecastError(`Cannot explain: ${state}`, { code: "bad-query", status: 400 });

/** @throws {CuecastError} `bad-query` */
function questionOf(query: Query, plan: Plan): Question {
  const { cue, placement, channel, region, programme, atMs, local } = query;
  if (cue !== undefined) {
    const question = questionAbout(cue, channel, region);
    if (!question) throw refuse(`${cue} is no cue id like placement:occurrence`);
    return question;
  }
  if (placement === undefined) throw refuse("name a cue, or a placement with a programme, atMs or local");
  const named = {
    placement,
    ...(channel !== undefined && { channel }),
    ...(region !== undefined && { region }),
  };
  if (programme !== undefined) return { ...named, expected: { programme } };
  if (atMs !== undefined) return { ...named, expected: { atMs } };
  if (local === undefined) throw refuse("say when: a programme, atMs, or local (YYYYMMDDThhmm)");
  const time = parseLocalTime(local);
  if (!time) throw refuse(`${local} is no local time YYYYMMDDThhmm of the calendar`);
  const when = plan.placements.get(placement)?.when;
  const zone = query.zone ?? (when?.kind === "cron" ? when.zone : undefined);
  if (zone === undefined && when) {
    const state = `the rule of ${placement} has no zone: give zone beside local, or atMs`;
    throw new CuecastError(`Cannot explain: ${state}`, { code: "needs-zone", status: 400 });
  }
  return { ...named, expected: { atMs: instantOf(time, zone ?? "UTC") } };
}

export function explainRoutes({ drafts, draftView, publisher, clock }: Ports): Route[] {
  return [
    route("GET", "/api/v1/explain", {
      summary:
        "Why a cue appears or does not: by cue, or by placement with a programme, atMs or local; of=air (the default) or of=drafts",
      access: "people",
      query: querySchema,
      reply: answerSchema,
      async handle({ query }) {
        const content = query.of === "air" ? publisher.onAir()?.content : await draftView.content();
        const plan = planOf(content ?? new Map());
        const withdrawn = (await drafts.placements()).filter(({ state }) => state === "withdrawn");
        const gone = withdrawn.map(({ placement }) => placement).filter(({ id }) => !plan.placements.has(id));
        const question = questionOf(query, plan);
        const { region } = question;
        if (region !== undefined && plan.regions.size > 0 && !plan.regions.has(region))
          throw unknown("region", region);
        return {
          of: query.of,
          nowMs: clock.wallMs(),
          ...answerQuestion(plan, new Set(gone.map(({ id }) => id)), question),
        };
      },
    }),
  ];
}
