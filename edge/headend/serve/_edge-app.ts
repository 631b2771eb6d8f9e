/** For this folder's tests: the edge's application over the sample publication, its ports in the test's hand. */
import assert from "node:assert/strict";
import * as v from "valibot";
import { silentLog } from "../../../shared/log.ts";
import { answersSample } from "../../../shared/protocol/answers.ts";
import { problemSchema } from "../../../shared/protocol/problem.ts";
import type { HotReply } from "../../../shared/runtime/hot.ts";
import { gzip } from "../platform/gzip.ts";
import { createSourceAddress } from "../platform/source-address.ts";
import { compile, NOW, standingClock } from "./_sample-publication.ts";
import { ADMISSION_DEFAULTS, createAdmission } from "./admission.ts";
import { acceptAnyBox, type CheckBox } from "./box-token.ts";
import { createCounters } from "./counters.ts";
import { createEdgeApp, type Intake } from "./routes.ts";
import type { Snapshot } from "./snapshot.ts";

export const SAMPLE = await compile();
export const SCHEDULE = "/v1/channels/cctv1/schedule";

interface Options {
  snapshot?: () => Snapshot | undefined;
  intake?: Partial<Intake>;
  checkBox?: CheckBox;
  nowMs?: number;
  inFlightBytesMax?: number;
  postsPerSourcePerSecond?: number;
  trustedProxies?: string;
  pressure?: { shed(): HotReply | undefined };
}

export function start(options: Options = {}) {
  const clock = standingClock(options.nowMs ?? NOW);
  const counters = createCounters();
  const taken: unknown[] = [];
  const logged: string[] = [];
  const app = createEdgeApp({
    snapshot: options.snapshot ?? (() => SAMPLE),
    intake: {
      answers: (box, answers) => {
        taken.push({ box, answers });
        return Promise.resolve(answers.map(({ key }) => ({ key, status: "accepted" as const })));
      },
      airings: (_, airings) => Promise.resolve(airings.length),
      tally: () => undefined,
      ...options.intake,
    },
    checkBox: options.checkBox ?? acceptAnyBox,
    admission: createAdmission(
      { clock, random: () => 0.5, source: createSourceAddress(options.trustedProxies ?? "") },
      {
        inFlightBytesMax: options.inFlightBytesMax ?? ADMISSION_DEFAULTS.inFlightBytesMax,
        postsPerSourcePerSecond: options.postsPerSourcePerSecond ?? 0,
      },
    ),
    pressure: options.pressure,
    counters,
    clock,
    log: { ...silentLog, error: (event) => logged.push(event) },
    gzip,
    files: new Map([
      ["tv/index.html", new TextEncoder().encode("<!doctype html><title>TV</title>")],
      ["box/box.js", new TextEncoder().encode("export {};")],
    ]),
    software: "0.1.0",
  });
  const ask = async (path: string, init: RequestInit = {}, address = "10.0.0.1") =>
    await app.handle(new Request(`http://edge.test${path}`, init), { address });
  return { ask, app, clock, counters, taken, logged };
}

export const post = (body: BodyInit, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  body,
  headers: { "content-type": "application/json", ...headers },
});
export const answersBody = (more: object = {}) => JSON.stringify({ ...answersSample, ...more });

export async function problemOf(response: Response) {
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.equal(response.headers.get("cache-control"), "no-store");
  const problem = v.parse(problemSchema, await response.json());
  assert.equal(problem.status, response.status);
  assert.match(problem.detail, /^Cannot /);
  return problem;
}
