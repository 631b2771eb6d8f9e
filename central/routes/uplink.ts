/** `/uplink/v1`: what edges ask. The messages are `shared/uplink`. */
import { CuecastError } from "../../shared/errors.ts";
import type { Clock } from "../../shared/time/clock.ts";
import {
  batchReplySchema,
  batchRequestSchema,
  UPLINK_BODY_BYTES_MAX,
  UPLINK_COUNTS_MAX,
} from "../../shared/uplink/batch.ts";
import {
  type AirAccess,
  enrolReplySchema,
  enrolRequestSchema,
  renewReplySchema,
} from "../../shared/uplink/enrolment.ts";
import { hintReplySchema, hintRequestSchema } from "../../shared/uplink/hint.ts";
import { readBatch } from "../../shared/uplink/read-batch.ts";
import { resultsReplySchema, resultsRequestSchema } from "../../shared/uplink/results.ts";
import type { Tokens } from "../air-server/tokens.ts";
import type { Publisher } from "../publish/publish.ts";
import type { Intake } from "../results/intake.ts";
import type { National } from "../results/national.ts";
import type { EdgeRecord, Fleet } from "../store/fleet.ts";
import type { Hints } from "../uplink/hints.ts";
import { type Route, route } from "./route.ts";

export interface UplinkPorts {
  fleet: Fleet;
  hints: Hints;
  intake: Intake;
  national: Pick<National, "recent">;
  publisher: Publisher;
  tokens: Tokens;
  clock: Clock;
  /** SPKI, PEM. */
  publicationKey: string;
  boxKey: string;
  /** Where edges reach `air`; `{region}` in it stands for the edge's own. */
  airUrl: string;
  /** tzdata release of this runtime. */
  timeZoneData?: string | undefined;
}

export function uplinkRoutes(ports: UplinkPorts): Route[] {
  const { fleet, hints, intake, national, publisher, tokens, clock } = ports;
  const airAccess = async (region: string): Promise<AirAccess> => ({
    url: ports.airUrl.replaceAll("{region}", region),
    ...(await tokens.readAir()),
  });
  const known = (edge: EdgeRecord | undefined): EdgeRecord => {
    if (!edge) throw new Error("Cannot answer an edge: the route let nobody in");
    return edge;
  };
  return [
    route("POST", "/uplink/v1/enrol", {
      summary: "An edge gives its code and gets its region, tokens and keys",
      access: "open",
      body: enrolRequestSchema,
      bodyBytesMax: 16_384,
      reply: enrolReplySchema,
      async handle({ body }) {
        const { id, region, uplinkToken } = await fleet.enrol(body.code, body.url, clock.wallMs());
        const { publicationKey, boxKey } = ports;
        return { edge: id, region, air: await airAccess(region), uplinkToken, publicationKey, boxKey };
      },
    }),
    route("POST", "/uplink/v1/renew", {
      summary: "A fresh token for air",
      access: "edge",
      reply: renewReplySchema,
      handle: async ({ edge }) => ({ air: await airAccess(known(edge).region) }),
    }),
    route("POST", "/uplink/v1/hint", {
      summary: "Reports the edge, and waits for another publication than the one it knows",
      access: "edge",
      body: hintRequestSchema,
      bodyBytesMax: 65_536,
      reply: hintReplySchema,
      async handle({ edge, body }) {
        const own = known(edge);
        const startedMs = clock.monotonicMs();
        await fleet.report(own, body.report, clock.wallMs());
        const air = await hints.wait(own.id, body.known, body.waitMs);
        // It may have been revoked while it waited.
        if (!(await fleet.isAllowed(own.id))) {
          throw new CuecastError("Cannot let this edge in: it was revoked", {
            code: "unknown-edge",
            status: 401,
          });
        }
        const position = air ?? publisher.onAir();
        return {
          ...(position && {
            air: { epoch: position.epoch, revision: position.revision, hash: position.hash },
          }),
          timeMs: clock.wallMs(),
          waitedMs: Math.round(clock.monotonicMs() - startedMs),
          ...(ports.timeZoneData !== undefined && { timeZoneData: ports.timeZoneData }),
        };
      },
    }),
    route("POST", "/uplink/v1/batch", {
      summary: "Answers, airings and tallies of an edge's outbox; any may be sent again",
      access: "edge",
      body: batchRequestSchema,
      read: readBatch,
      bodyBytesMax: UPLINK_BODY_BYTES_MAX,
      reply: batchReplySchema,
      handle: ({ edge, body }) => intake.take(known(edge).id, body),
    }),
    route("POST", "/uplink/v1/results", {
      summary: "What was counted of cues whose results boxes ask an edge for, a second old at most",
      access: "edge",
      body: resultsRequestSchema,
      bodyBytesMax: 32_768,
      reply: resultsReplySchema,
      handle: async ({ body }) => ({
        national: (await national.recent([...new Set(body.cues)])).slice(0, UPLINK_COUNTS_MAX),
      }),
    }),
  ];
}
