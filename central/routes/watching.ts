/** Edges, and central's own state. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { positionSchema, reportSchema } from "../../shared/uplink/hint.ts";
import type { BackupSchedule } from "../backup/schedule.ts";
import type { Importer } from "../guide/importer.ts";
import type { SourceRunner } from "../guide/source-runner.ts";
import type { Publisher } from "../publish/publish.ts";
import type { Summaries } from "../results/summary.ts";
import type { AirStore } from "../store/air.ts";
import type { Drafts } from "../store/drafts.ts";
import { type Fleet, STALE_AFTER_MS } from "../store/fleet.ts";
import { backupViewSchema } from "./backups.ts";
import { type Route, route } from "./route.ts";

const ALARMS_TOLD_MAX = 100;
const edgeSchema = v.object({
  id: idSchema,
  region: idSchema,
  url: v.optional(v.string()),
  enrolledAtMs: instantSchema,
  revokedAtMs: v.optional(instantSchema),
  lastSeenMs: v.optional(instantSchema),
  /** When it asked last although it was revoked, since central started. */
  refusedMs: v.optional(instantSchema),
  /** Not heard of for a minute, or never. */
  stale: v.boolean(),
  report: v.optional(reportSchema),
  /** The highest place that it ever reported. */
  highest: v.optional(positionSchema),
});
const edgesSchema = v.object({ nowMs: instantSchema, edges: v.array(edgeSchema) });
export type EdgesReply = v.InferOutput<typeof edgesSchema>;
const alarmSchema = v.object({
  kind: v.string(),
  outbox: v.string(),
  detail: v.string(),
  firstMs: instantSchema,
  lastMs: instantSchema,
  count: v.number(),
});

const statusSchema = v.object({
  timeMs: instantSchema,
  position: v.optional(positionSchema),
  air: v.object({ reachable: v.boolean(), matches: v.boolean() }),
  alarms: v.array(alarmSchema),
  /** Absent where central was started without `--backup-dir`. */
  backup: v.optional(backupViewSchema),
  guide: v.object({
    /** Imports that wait for a person. */
    waiting: v.array(v.object({ id: v.string(), source: v.optional(idSchema), why: v.string() })),
    /** Why what was imported is not on air yet. */
    notOnAir: v.optional(v.string()),
    sources: v.array(
      v.object({
        id: idSchema,
        doneMs: v.optional(instantSchema),
        nextMs: instantSchema,
        result: v.optional(v.string()),
        trouble: v.optional(v.string()),
      }),
    ),
  }),
});
export type StatusReply = v.InferOutput<typeof statusSchema>;

interface Ports {
  drafts: Drafts;
  fleet: Fleet;
  summaries: Summaries;
  publisher: Publisher;
  air: AirStore;
  clock: Clock;
  importer: Importer;
  sourceRunner: SourceRunner;
  backups?: BackupSchedule | undefined;
  /** After an edge was revoked: ends its long poll. */
  onRevoked(): void;
}

export function watchingRoutes(ports: Ports): Route[] {
  const { drafts, fleet, summaries, publisher, air, clock, importer, sourceRunner, backups, onRevoked } =
    ports;
  return [
    route("GET", "/api/v1/edges", {
      summary: "All edges, and what they last said of themselves",
      access: "people",
      reply: edgesSchema,
      async handle() {
        const nowMs = clock.wallMs();
        const edges = (await fleet.list()).map((edge) => ({
          ...edge,
          stale: nowMs - (edge.lastSeenMs ?? 0) > STALE_AFTER_MS,
        }));
        return { nowMs, edges };
      },
    }),
    route("POST", "/api/v1/edges/codes", {
      summary: "A code to enrol one edge of a region with, valid for a day",
      access: "people",
      action: "operate",
      body: v.object({ region: idSchema }),
      reply: v.object({ code: v.string(), expiresAtMs: instantSchema }),
      status: 201,
      async handle({ body }) {
        if (!(await drafts.regions()).some((region) => region.id === body.region)) {
          throw new CuecastError(
            `Cannot enrol an edge into ${body.region}: there is no such region; make it first, on the page under Edges or with cuecast enrol --new-region NAME`,
            {
              code: "unknown-region",
              status: 404,
            },
          );
        }
        return fleet.createCode(body.region, clock.wallMs());
      },
    }),
    route("DELETE", "/api/v1/edges/{id}", {
      summary: "Revokes an edge: its uplink token is void at once, its token for air within the hour",
      access: "people",
      action: "operate",
      status: 204,
      async handle({ params }) {
        if (!(await fleet.revoke(String(params.id), clock.wallMs()))) {
          throw new CuecastError(`Cannot revoke ${params.id}: there is no such edge`, {
            code: "unknown-edge",
            status: 404,
          });
        }
        onRevoked();
      },
    }),
    route("GET", "/api/v1/status", {
      summary: "How central itself is",
      access: "people",
      reply: statusSchema,
      async handle() {
        const now = publisher.onAir();
        const there = await air.readManifest().then(
          (signed) => ({ reachable: true, matches: signed?.hash === now?.hash }),
          () => ({ reachable: false, matches: false }),
        );
        return {
          timeMs: clock.wallMs(),
          ...(now && { position: { epoch: now.epoch, revision: now.revision, hash: now.hash } }),
          air: there,
          alarms: await summaries.alarms(ALARMS_TOLD_MAX),
          ...(backups && { backup: backups.view() }),
          guide: {
            ...(await importer.standing()),
            sources: (await sourceRunner.views()).map(({ id, state, trouble }) => ({
              ...{ id, doneMs: state.doneMs, nextMs: state.nextMs, trouble },
              result: state.failures > 0 ? state.why : state.last?.state,
            })),
          },
        };
      },
    }),
    route("GET", "/healthz", {
      summary: "The process lives",
      access: "open",
      reply: v.object({ status: v.literal("ok") }),
      handle: async () => ({ status: "ok" }),
    }),
    route("GET", "/readyz", {
      summary: "Databases answer",
      access: "open",
      reply: v.object({ status: v.literal("ready") }),
      async handle() {
        await drafts.versions("ready");
        return { status: "ready" };
      },
    }),
  ];
}
