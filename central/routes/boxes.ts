/** Single boxes: their tokens, and erasing what is kept of one. The audit names a box by a keyed hash alone. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { boxIdSchema, countSchema, idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Tokens } from "../air-server/tokens.ts";
import type { Publisher } from "../publish/publish.ts";
import type { Erased } from "../results/erasure.ts";
import type { BoxRevocations } from "../store/box-revocations.ts";
import { parseWith } from "./body.ts";
import { type Route, route } from "./route.ts";

const revocationsSchema = v.object({
  /** Most that are kept: each goes when the last token it is about has expired. */
  most: countSchema,
  revocations: v.array(v.object({ box: v.string(), atMs: instantSchema, by: v.string() })),
  /** To be sent as `before` for the next page; absent at the end. */
  next: v.optional(v.string()),
});
export type RevocationsReply = v.InferOutput<typeof revocationsSchema>;

const LISTED_MAX = 200;
const DAY_MS = 86_400_000;
/** As long as a box may keep a token. */
const VALID_DAYS = 365;

interface Ports {
  tokens: Tokens;
  revocations: BoxRevocations;
  publisher: Publisher;
  erase(box: string): Promise<Erased>;
  clock: Clock;
}

export function boxRoutes({ tokens, revocations, publisher, erase, clock }: Ports): Route[] {
  const boxOf = (params: Record<string, string>) => parseWith(boxIdSchema, params.box, "box");
  return [
    route("DELETE", "/api/v1/boxes/{box}", {
      summary: "Erases what is kept of one box: its answers go, the counts they are in stay",
      access: "people",
      action: "administer",
      pseudonyms: ["box"],
      reply: v.object({ answers: countSchema, cues: countSchema }),
      handle: ({ params }) => erase(boxOf(params)),
    }),
    route("POST", "/api/v1/box-tokens", {
      summary: "A token for one box, for edges that demand one",
      access: "people",
      action: "operate",
      pseudonyms: ["box"],
      body: v.object({
        box: boxIdSchema,
        validDays: v.optional(
          v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(VALID_DAYS)),
          VALID_DAYS,
        ),
      }),
      reply: v.object({ token: v.string(), expiresAtMs: instantSchema }),
      status: 201,
      handle: ({ body }) => tokens.forBox(body.box, body.validDays * DAY_MS),
    }),
    route("DELETE", "/api/v1/box-tokens/{box}", {
      summary: "Revokes every token of a box that was issued until now; edges hear of it with a publication",
      access: "people",
      action: "operate",
      pseudonyms: ["box"],
      reply: v.object({ published: v.boolean() }),
      async handle({ params, asker }) {
        await revocations.revoke(boxOf(params), asker.name, clock.wallMs());
        // Nothing on air yet: it goes with the first publication.
        if (!publisher.onAir()) return { published: false };
        return { published: (await publisher.publishRevocations()).changed };
      },
    }),
    route("GET", "/api/v1/box-revocations", {
      summary: "Boxes of which tokens were revoked, by hash, the newest first",
      access: "people",
      action: "operate",
      query: v.object({ before: v.optional(idSchema) }),
      reply: revocationsSchema,
      async handle({ query: { before } }) {
        if (before !== undefined && !/^\d+-[0-9a-f]{64}$/.test(before)) {
          throw new CuecastError("Cannot take this before: it is none of a page's", {
            code: "bad-query",
            status: 400,
          });
        }
        return revocations.list(before, LISTED_MAX);
      },
    }),
  ];
}
