/** What is on air, and changing it. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { idSchema, sha256Schema } from "../../shared/protocol/primitives.ts";
import type { Position } from "../../shared/publication/manifest.ts";
import type { Content } from "../../shared/publication/part.ts";
import { isOver } from "../../shared/schedule/rule-over.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Timers } from "../../shared/time/timers.ts";
import { createBreather } from "../guide/breather.ts";
import { CUE_CHANGES } from "../publish/cue-changes.ts";
import type { Difference } from "../publish/difference.ts";
import type { DraftView } from "../publish/draft-view.ts";
import { PUBLISH_LIMITS, type PublishLimits, publishLimitsSchema } from "../publish/freeze.ts";
import type { Landing } from "../publish/landing.ts";
import { createLock } from "../publish/lock.ts";
import { createLook } from "../publish/look.ts";
import { onAirNow } from "../publish/on-air-view.ts";
import { planOf } from "../publish/plan.ts";
import { propose } from "../publish/proposal.ts";
import type { Published, Publisher } from "../publish/publish.ts";
import { forecastStorm, stormSchema } from "../publish/storm.ts";
import { inTurns, type Work } from "../publish/work.ts";
import type { Drafts } from "../store/drafts.ts";
import { type Fleet, STALE_AFTER_MS } from "../store/fleet.ts";
import type { Past } from "../store/past.ts";
import type { Settings } from "../store/settings.ts";
import { requireMatch, tagOf } from "./match.ts";
import { limitParam, onePage } from "./paging.ts";
import {
  airSchema,
  commentSchema,
  onAirSchema,
  ordinalParam,
  type Plan,
  placeSchema,
  planSchema,
  publicationsSchema,
  publishedSchema,
} from "./publishing-schemas.ts";
import { type Call, type Route, route, Tagged } from "./route.ts";

const PUBLICATIONS_TOLD_MAX = 200;
/** Boxes hold no more of a schedule than two days: one that an edge served before that fires nothing of it. */
const REVOKED_TOLD_MS = 2 * 86_400_000;

interface Ports {
  publisher: Publisher;
  drafts: Pick<Drafts, "takeFromArchive">;
  past: Past;
  fleet: Fleet;
  draftView: DraftView;
  landing: Landing;
  settings: Settings;
  clock: Clock;
  timers: Timers;
}

const NOTHING: Content = new Map();

/** Cues that the viewers of an edge that is behind see otherwise. */
const wrongThere = (counts: Difference["cues"][number]) =>
  CUE_CHANGES.reduce((sum, change) => (change === "unshown" ? sum : sum + counts[change]), 0);

export function publishingRoutes({
  publisher,
  drafts,
  past,
  fleet,
  draftView,
  landing,
  settings,
  clock,
  timers,
}: Ports): Route[] {
  const inTurn = createLock();
  /** Whoever else waits has a turn between the steps. */
  const worked = <T>(work: Work<T>): Promise<T> => inTurns(work, createBreather({ clock, timers }));

  const lookFor = createLook({ draftView, clock, worked });
  const proposed = async (content: Content, limits: PublishLimits | undefined): Promise<Plan> => {
    const now = publisher.onAir();
    const position = now && { epoch: now.epoch, revision: now.revision, hash: now.hash };
    return {
      ...(position && { position }),
      ...(await worked(propose(now, content, limits, clock.wallMs()))),
    };
  };

  /** Tells the audit which publication it was, and what it changed. */
  function told(changed: Call<unknown, unknown>["changed"], before: Position | undefined, done: Published) {
    const { entries = {}, ...reply } = done;
    if (!done.changed) return reply;
    const nameOf = (place: Position | undefined) => place && `${place.epoch}/${place.revision}`;
    const none = Object.fromEntries(Object.keys(entries).map((part) => [part, {}]));
    const publication = nameOf(done.position) as string;
    changed(publication, { publication: nameOf(before), ...none }, { publication, ...entries });
    return reply;
  }

  return [
    route("GET", "/api/v1/on-air", {
      summary: "Every channel now and next, and the cues of the next six hours",
      access: "people",
      reply: onAirSchema,
      handle: () => worked(onAirNow(publisher.onAir()?.content, clock.wallMs())),
    }),
    route("GET", "/api/v1/air", {
      summary: "What is on air, and which edges serve it",
      access: "people",
      reply: airSchema,
      async handle() {
        const now = publisher.onAir();
        const nowMs = clock.wallMs();
        const all = await fleet.list();
        const edges = [];
        const revoked = [];
        for (const edge of all) {
          const { id, region, url, report, lastSeenMs, revokedAtMs } = edge;
          const lastHeardMs = Math.max(lastSeenMs ?? 0, edge.refusedMs ?? 0);
          if (revokedAtMs !== undefined && nowMs - lastHeardMs > REVOKED_TOLD_MS) continue;
          const serves = report?.serves;
          const landed = now !== undefined && serves?.hash === now.hash;
          const behind = serves && !landed ? await landing.behind(serves, region, nowMs) : undefined;
          const told = {
            ...{ id, region, serves, landed },
            ...(behind && {
              mattersAtMs: behind.firstAtMs,
              missing: wrongThere(behind),
            }),
          };
          if (revokedAtMs === undefined) edges.push({ ...told, lastSeenMs });
          else {
            const running = nowMs - lastHeardMs <= STALE_AFTER_MS;
            revoked.push({ ...told, url, revokedAtMs, lastHeardMs, running });
          }
        }
        const served = new Set(edges.map(({ region }) => region));
        const regions = [...(now?.content.get("regions")?.keys() ?? [])];
        return {
          ...(now && {
            position: { epoch: now.epoch, revision: now.revision, hash: now.hash },
            publishedAtMs: now.publishedAtMs,
          }),
          ...{ edges, revoked },
          regionsWithoutEdge: regions.filter((region) => !served.has(region)),
        };
      },
    }),
    route("GET", "/api/v1/publish", {
      summary: "What publishing now would change of what is on air, and what the checks say",
      access: "people",
      reply: planSchema,
      handle: async () => proposed(await draftView.content(), await settings.publishLimits()),
    }),
    route("GET", "/api/v1/storm", {
      summary:
        "Storm forecast of the next day: how many requests a second what is drafted (or of=air) makes boxes ask, and what edges can take",
      access: "people",
      query: v.object({ of: v.optional(v.picklist(["drafts", "air"]), "drafts") }),
      reply: stormSchema,
      async handle({ query }) {
        const content = query.of === "air" ? publisher.onAir()?.content : await draftView.content();
        const edges = (await fleet.list()).filter((edge) => edge.revokedAtMs === undefined);
        const now = edges.map(({ id, region, report }) => ({
          ...{ id, region, boxes: report?.boxes, takesPerSecond: report?.takesPerSecond },
        }));
        return worked(forecastStorm(content ?? NOTHING, now, clock.wallMs()));
      },
    }),
    route("GET", "/api/v1/rollback", {
      summary: "What rolling back to a past publication would change",
      access: "people",
      query: v.object({ epoch: ordinalParam, revision: ordinalParam }),
      reply: planSchema,
      handle: async ({ query }) => proposed(await publisher.rolledBackTo(query), undefined),
    }),
    route("POST", "/api/v1/publish", {
      summary:
        "Publishes what is drafted; with the hash of a look at it only that; force: within the freeze time too; newEpoch only after a restore, when publishing says so",
      access: "people",
      action: "publish",
      body: v.object({
        comment: commentSchema,
        hash: v.optional(sha256Schema),
        force: v.optional(v.boolean()),
        newEpoch: v.optional(v.boolean()),
      }),
      reply: publishedSchema,
      async handle({ body: { comment, newEpoch, hash, force }, changed }) {
        const limits = force || newEpoch ? PUBLISH_LIMITS : await settings.publishLimits();
        const before = publisher.onAir();
        return told(
          changed,
          before,
          await publisher.publish({ comment, newEpoch, look: lookFor(hash, limits) }),
        );
      },
    }),
    route("GET", "/api/v1/publish/limits", {
      summary: "The freeze time: how soon a cue may be due that is added, moved or changed",
      access: "people",
      tagged: true,
      reply: publishLimitsSchema,
      async handle() {
        const limits = await settings.publishLimits();
        return new Tagged(limits, tagOf(limits));
      },
    }),
    route("PUT", "/api/v1/publish/limits", {
      summary: "Changes the freeze time; 0: there is none, and publishing warns alone",
      access: "people",
      action: "operate",
      tagged: true,
      body: publishLimitsSchema,
      reply: publishLimitsSchema,
      handle: ({ body, request, changed }) =>
        inTurn(async () => {
          const before = await settings.publishLimits();
          requireMatch(request, before, "the freeze time");
          await settings.putPublishLimits(body);
          changed("publish-limits", before, body);
          return new Tagged(body, tagOf(body));
        }),
    }),
    route("POST", "/api/v1/withdraw", {
      summary: "Takes a placement, or one cue of it, off the air now",
      access: "people",
      action: "withdraw",
      body: v.object({ placement: v.optional(idSchema), cue: v.optional(idSchema), comment: commentSchema }),
      reply: publishedSchema,
      async handle({ body: { placement, cue, comment }, changed }) {
        const before = publisher.onAir();
        if (placement !== undefined && cue === undefined) {
          return told(changed, before, await publisher.withdraw({ placement }, comment));
        }
        if (cue !== undefined && placement === undefined) {
          return told(changed, before, await publisher.withdraw({ cue }, comment));
        }
        throw new CuecastError("Cannot withdraw: name a placement or a cue, one of them", {
          code: "bad-body",
          status: 400,
        });
      },
    }),
    route("POST", "/api/v1/rollback", {
      summary: "Publishes a past publication again, as a new revision",
      access: "people",
      action: "publish",
      body: v.object({ ...placeSchema, comment: commentSchema, hash: v.optional(sha256Schema) }),
      reply: publishedSchema,
      async handle({ body: { epoch, revision, comment, hash }, changed }) {
        const before = publisher.onAir();
        const look = lookFor(hash, PUBLISH_LIMITS);
        const done = told(changed, before, await publisher.rollback({ epoch, revision }, comment, look));
        // What may fire is in the library.
        const placements = planOf(publisher.onAir()?.content ?? NOTHING).placements.values();
        const nowMs = clock.wallMs();
        const mayFire = [...placements].filter(({ when, windowMs }) => !isOver(when, windowMs, nowMs));
        await drafts.takeFromArchive(mayFire.map(({ interaction }) => interaction));
        return done;
      },
    }),
    route("GET", "/api/v1/publications", {
      summary: "Past publications, the newest first, a page at a time",
      access: "people",
      query: v.object({
        before: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}-\d{1,15}$/))),
        limit: limitParam(PUBLICATIONS_TOLD_MAX),
      }),
      reply: publicationsSchema,
      async handle({ query: { before, limit = PUBLICATIONS_TOLD_MAX } }) {
        const [epoch, revision] = before?.split("-").map(Number) ?? [];
        const place = epoch !== undefined && revision !== undefined ? { epoch, revision } : undefined;
        const found = await past.names(limit + 1, place);
        const { page, next } = onePage(found, limit, (last) => `${last.epoch}-${last.revision}`);
        return { publications: page, next };
      },
    }),
  ];
}
