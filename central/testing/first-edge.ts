/**
 * An edge as the first release had it (2026-11-23), kept as it was: what it sent, and what it read of the replies, by
 * schemas of its own. Never brought up to date: a central that it does not understand must fail here.
 */
import * as v from "valibot";

const position = v.object({
  epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  revision: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
const air = v.object({
  url: v.pipe(v.string(), v.url()),
  token: v.string(),
  expiresAtMs: v.pipe(v.number(), v.safeInteger()),
});
const enrolled = v.object({
  edge: v.string(),
  region: v.string(),
  air,
  uplinkToken: v.string(),
  publicationKey: v.pipe(v.string(), v.startsWith("-----BEGIN PUBLIC KEY-----")),
  boxKey: v.pipe(v.string(), v.startsWith("-----BEGIN PUBLIC KEY-----")),
});
const hinted = v.object({
  air: v.optional(position),
  timeMs: v.pipe(v.number(), v.safeInteger()),
  waitedMs: v.optional(v.number()),
  timeZoneData: v.optional(v.pipe(v.string(), v.maxLength(20))),
});
const tally = v.object({
  cue: v.string(),
  interaction: v.string(),
  version: v.number(),
  total: v.number(),
  options: v.record(v.string(), v.number()),
});
const taken = v.object({
  taken: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  national: v.array(tally),
});

type Post = (path: string, body: unknown, token?: string) => Promise<unknown>;

const OUTBOX = "0b9a1f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";

export function createFirstEdge(post: Post) {
  let token = "";
  return {
    async enrol(code: string) {
      const reply = v.parse(enrolled, await post("/uplink/v1/enrol", { code, software: "0.1.0" }));
      token = reply.uplinkToken;
      return reply;
    },
    renew: async () => v.parse(v.object({ air }), await post("/uplink/v1/renew", {}, token)),
    hint: async (known: v.InferOutput<typeof position> | undefined, timeMs: number) =>
      v.parse(
        hinted,
        await post(
          "/uplink/v1/hint",
          {
            ...(known && { known }),
            waitMs: 0,
            report: {
              ...(known && { serves: known }),
              ...{
                software: "0.1.0",
                timeZoneData: "2026b",
                outbox: { waiting: 1, oldestAtMs: timeMs },
                timeMs,
              },
            },
          },
          token,
        ),
      ),
    /** Answers from the first number on, of boxes of their own. */
    batch: async (cue: string, firstNumber: number, boxes: readonly string[], atMs: number) =>
      v.parse(
        taken,
        await post(
          "/uplink/v1/batch",
          {
            outbox: OUTBOX,
            answers: boxes.map((box, index) => ({
              key: `6f1c2f6e-3f0a-4c0e-9a53-${String(firstNumber + index).padStart(12, "0")}`,
              ...{ cue, interaction: "int-1", version: 1, options: ["a"], answeredAtMs: atMs },
              ...{ number: firstNumber + index, box, receivedAtMs: atMs },
            })),
            airings: [
              {
                ...{ cue, interaction: "int-1", version: 1, outcomes: { shown: 2, "suppressed:overlap": 1 } },
                firingErrors: [1, 1, 0, 0, 0, 0, 0, 0, 0],
              },
            ],
            tallies: [
              { cue, interaction: "int-1", version: 1, total: boxes.length, options: { a: boxes.length } },
            ],
          },
          token,
        ),
      ),
  };
}
