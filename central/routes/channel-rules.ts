/** Channel groups, and what editors allow on channels whatever is placed there: as drafted. */
import * as v from "valibot";
import { type ChannelGroup, channelGroupSchema } from "../../shared/schedule/channel-group.ts";
import { type ChannelRule, channelRuleSchema } from "../../shared/schedule/channel-rule.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Timers } from "../../shared/time/timers.ts";
import { createBreather } from "../guide/breather.ts";
import type { DraftView } from "../publish/draft-view.ts";
import { type Effect, effectOf, effectQuestionSchema, effectSchema } from "../publish/effect.ts";
import { createLock } from "../publish/lock.ts";
import { inTurns } from "../publish/work.ts";
import type { Drafts } from "../store/drafts.ts";
import { requireMatch, tagOf } from "./match.ts";
import { must, unknown } from "./missing.ts";
import { type Route, route, Tagged } from "./route.ts";

const { id: _group, ...groupFields } = channelGroupSchema.entries;
const { id: _rule, ...ruleFields } = channelRuleSchema.entries;
const groupsSchema = v.object({ groups: v.array(channelGroupSchema) });
const rulesSchema = v.object({ rules: v.array(channelRuleSchema) });
export type ChannelGroupsReply = v.InferOutput<typeof groupsSchema>;
export type ChannelRulesReply = v.InferOutput<typeof rulesSchema>;
export type EffectReply = Effect;

interface Ports {
  drafts: Drafts;
  draftView: DraftView;
  clock: Clock;
  timers: Timers;
}

export function channelRuleRoutes({ drafts, draftView, clock, timers }: Ports): Route[] {
  const inTurn = createLock();

  /** Reading one, putting and removing, which are the same for both. */
  function drafted<T extends { id: string }>(
    what: string,
    store: { list(): Promise<T[]>; put(item: T): Promise<unknown>; remove(id: string): Promise<boolean> },
    fields: v.ObjectEntries,
    reply: v.GenericSchema,
  ): Route[] {
    const path = `/api/v1/${what}s/{id}`;
    const words = what.replace("-", " ");
    const find = async (id: string) => (await store.list()).find((each) => each.id === id);
    return [
      route("GET", path, {
        summary: `One ${words}`,
        access: "people",
        tagged: true,
        reply,
        async handle({ params }) {
          const found = must(await find(String(params.id)), what, String(params.id));
          return new Tagged(found, tagOf(found));
        },
      }),
      route("PUT", path, {
        summary: `Makes or replaces a ${words}; it takes effect with the next publication`,
        access: "people",
        action: "edit",
        tagged: true,
        body: v.object(fields),
        reply,
        handle: ({ params, body, request, changed }) =>
          inTurn(async () => {
            const item = { id: String(params.id), ...(body as object) } as T;
            const before = await find(item.id);
            requireMatch(request, before, item.id);
            await store.put(item);
            changed(item.id, before, item);
            return new Tagged(item, tagOf(item));
          }),
      }),
      route("DELETE", path, {
        summary: `Removes a ${words}; publishing is refused while something names it`,
        access: "people",
        action: "edit",
        tagged: true,
        status: 204,
        handle: ({ params, request, changed }) =>
          inTurn(async () => {
            const id = String(params.id);
            const before = await find(id);
            requireMatch(request, before, id);
            if (!(await store.remove(id))) throw unknown(what, id);
            changed(id, before, undefined);
          }),
      }),
    ];
  }

  return [
    route("GET", "/api/v1/channel-groups", {
      summary: "All channel groups",
      access: "people",
      reply: groupsSchema,
      handle: async () => ({ groups: await drafts.groups() }),
    }),
    ...drafted<ChannelGroup>(
      "channel-group",
      { list: drafts.groups, put: drafts.putGroup, remove: drafts.removeGroup },
      groupFields,
      channelGroupSchema,
    ),
    route("GET", "/api/v1/channel-rules", {
      summary: "All channel rules: gaps, most per hour, blackouts",
      access: "people",
      reply: rulesSchema,
      handle: async () => ({ rules: await drafts.rules() }),
    }),
    ...drafted<ChannelRule>(
      "channel-rule",
      { list: drafts.rules, put: drafts.putRule, remove: drafts.removeRule },
      ruleFields,
      channelRuleSchema,
    ),
    route("POST", "/api/v1/effect", {
      summary:
        "What a channel group (against it as drafted) or a channel rule (against there being none) that is not saved does to drafted cues over eight days",
      access: "people",
      action: "look",
      audited: false,
      body: effectQuestionSchema,
      reply: effectSchema,
      handle: async ({ body }) =>
        inTurns(effectOf(await draftView.content(), body, clock.wallMs()), createBreather({ clock, timers })),
    }),
  ];
}
