/** Channels and their programmes, as imported or written by hand. */
import * as v from "valibot";
import { type Channel, channelSchema } from "../../shared/guide/channel.ts";
import { programmeSchema } from "../../shared/guide/programme.ts";
import { idSchema } from "../../shared/protocol/primitives.ts";
import { refuseUsed, usesOfChannel } from "../authoring/uses.ts";
import { createLock } from "../publish/lock.ts";
import type { Drafts } from "../store/drafts.ts";
import { instantParam } from "./app.ts";
import { requireMatch, tagOf } from "./match.ts";
import { must } from "./missing.ts";
import { type Route, route, Tagged } from "./route.ts";

const PROGRAMMES_MAX = 5_000;

const { id: _id, ...fields } = channelSchema.entries;
const listSchema = v.object({ channels: v.array(channelSchema) });
const programmesSchema = v.object({ programmes: v.array(programmeSchema) });
export type ChannelsReply = v.InferOutput<typeof listSchema>;
export type ProgrammesReply = v.InferOutput<typeof programmesSchema>;

export function channelRoutes({ drafts }: { drafts: Drafts }): Route[] {
  const inTurn = createLock();
  const find = async (id: string) => (await drafts.channels()).find((channel) => channel.id === id);
  return [
    route("GET", "/api/v1/channels", {
      summary: "All channels, by number",
      access: "people",
      reply: listSchema,
      handle: async () => ({
        channels: (await drafts.channels()).sort((a, b) => a.number - b.number || (a.id < b.id ? -1 : 1)),
      }),
    }),
    route("GET", "/api/v1/channels/{id}", {
      summary: "One channel",
      access: "people",
      tagged: true,
      reply: channelSchema,
      async handle({ params }) {
        const channel = must(await find(String(params.id)), "channel", String(params.id));
        return new Tagged(channel, tagOf(channel));
      },
    }),
    route("PUT", "/api/v1/channels/{id}", {
      summary: "Makes or replaces a channel",
      access: "people",
      action: "guide",
      tagged: true,
      body: v.object(fields),
      reply: channelSchema,
      handle: ({ params, body, request, changed }) =>
        inTurn(async () => {
          const channel: Channel = { id: String(params.id), ...body };
          const before = await find(channel.id);
          requireMatch(request, before, channel.id);
          await drafts.putChannel(channel);
          changed(channel.id, before, channel);
          return new Tagged(channel, tagOf(channel));
        }),
    }),
    route("DELETE", "/api/v1/channels/{id}", {
      summary:
        "Removes a channel that no placement, group, rule or line-up names; it leaves the air with the next publication. Its programmes are kept and come back with it; a guide that lists it brings it back",
      access: "people",
      action: "guide",
      tagged: true,
      status: 204,
      handle: ({ params, request, changed }) =>
        inTurn(async () => {
          const id = String(params.id);
          const before = await find(id);
          requireMatch(request, before, id);
          must(before, "channel", id);
          const [placements, groups, rules, regions] = await Promise.all([
            drafts.placements().then((all) => all.map(({ placement }) => placement)),
            drafts.groups(),
            drafts.rules(),
            drafts.regions(),
          ]);
          refuseUsed(id, usesOfChannel(id, { placements, groups, rules, regions }));
          await drafts.removeChannel(id);
          changed(id, before, undefined);
        }),
    }),
    route("GET", "/api/v1/programmes", {
      summary: "A channel's programmes over a span, by start",
      access: "people",
      query: v.object({ channel: idSchema, fromMs: instantParam, untilMs: instantParam }),
      reply: programmesSchema,
      handle: async ({ query }) => ({
        programmes: await drafts.programmes(query.channel, query.fromMs, query.untilMs, PROGRAMMES_MAX),
      }),
    }),
  ];
}
