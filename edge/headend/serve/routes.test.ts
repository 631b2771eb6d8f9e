import assert from "node:assert/strict";
import { createHash, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { SignJWT } from "jose";
import * as v from "valibot";
import { CuecastError } from "../../../shared/errors.ts";
import { silentLog } from "../../../shared/log.ts";
import { airingsSample } from "../../../shared/protocol/airings.ts";
import { answersSample } from "../../../shared/protocol/answers.ts";
import { interactionSchema } from "../../../shared/protocol/interaction.ts";
import { problemSchema } from "../../../shared/protocol/problem.ts";
import { resultsSchema } from "../../../shared/protocol/results.ts";
import type { HotReply } from "../../../shared/runtime/hot.ts";
import { gzip } from "../platform/gzip.ts";
import { compile, HOUR, MINUTE, NOW, PNG_SHA, place, quiz, standingClock } from "./_sample-publication.ts";
import { ADMISSION_DEFAULTS, createAdmission } from "./admission.ts";
import { acceptAnyBox, type CheckBox, createBoxCheck } from "./box-token.ts";
import { createCounters } from "./counters.ts";
import { MESSAGES, OPERATIONS } from "./openapi.ts";
import { createEdgeApp, type Intake } from "./routes.ts";
import type { Snapshot } from "./snapshot.ts";

const AT = 1795431900000;
const sample = await compile();

interface Options {
  snapshot?: () => Snapshot | undefined;
  intake?: Partial<Intake>;
  checkBox?: CheckBox;
  nowMs?: number;
  inFlightBytesMax?: number;
  postsPerSourcePerSecond?: number;
  pressure?: { shed(): HotReply | undefined };
}

function start(options: Options = {}) {
  const clock = standingClock(options.nowMs ?? NOW);
  const counters = createCounters();
  const taken: unknown[] = [];
  const logged: string[] = [];
  const app = createEdgeApp({
    snapshot: options.snapshot ?? (() => sample),
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
      { clock, random: () => 0.5 },
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

const post = (body: BodyInit, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  body,
  headers: { "content-type": "application/json", ...headers },
});
const answers = (more: object = {}) => JSON.stringify({ ...answersSample, ...more });
async function problemOf(response: Response) {
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.equal(response.headers.get("cache-control"), "no-store");
  const problem = v.parse(problemSchema, await response.json());
  assert.equal(problem.status, response.status);
  assert.match(problem.detail, /^Cannot /);
  return problem;
}

const SCHEDULE = "/v1/channels/cctv1/schedule";
const SHARED = "max-age=0, s-maxage=2, stale-if-error=86400";
const IMMUTABLE = "public, max-age=31536000, immutable";

const good: [path: string, type: string, cacheControl: string][] = [
  ["/v1/channels", "application/json; charset=utf-8", SHARED],
  [SCHEDULE, "application/json; charset=utf-8", SHARED],
  ["/v1/interactions/int-42?version=3", "application/json; charset=utf-8", IMMUTABLE],
  ["/v1/interactions/int-42", "application/json; charset=utf-8", "no-store"],
  [`/v1/images/${PNG_SHA}`, "image/png", IMMUTABLE],
  ["/healthz", "application/json; charset=utf-8", "no-store"],
  ["/readyz", "application/json; charset=utf-8", "no-store"],
  ["/tv/", "text/html; charset=utf-8", "no-store"],
  ["/tv/index.html", "text/html; charset=utf-8", "no-store"],
  ["/box/box.js", "text/javascript; charset=utf-8", "no-store"],
  ["/openapi.json", "application/json; charset=utf-8", "no-store"],
];
test("GET /tv leads to /tv/, not to be kept", async () => {
  const reply = await start().ask("/tv");
  assert.equal(reply.status, 308);
  assert.equal(reply.headers.get("location"), "/tv/");
  assert.equal(reply.headers.get("cache-control"), "no-store");
});

for (const [path, type, cacheControl] of good) {
  test(`GET ${path} has its type, caching, ETag, CORS; 304 by it; HEAD without a body`, async () => {
    const { ask } = start();
    const reply = await ask(path);
    assert.equal(reply.status, 200);
    assert.equal(reply.headers.get("content-type"), type);
    assert.equal(reply.headers.get("cache-control"), cacheControl);
    assert.equal(reply.headers.get("access-control-allow-origin"), "*");
    assert.equal(reply.headers.get("vary"), "Accept-Encoding");
    const etag = reply.headers.get("etag") ?? "";
    assert.match(etag, /^"[A-Za-z0-9_-]{22}"$/);
    const bytes = new Uint8Array(await reply.arrayBuffer());
    assert.equal(reply.headers.get("content-length"), String(bytes.length));

    const head = await ask(path, { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get("etag"), etag);
    assert.equal(head.headers.get("content-length"), String(bytes.length));
    assert.equal((await head.arrayBuffer()).byteLength, 0);

    const gzipEtag = `${etag.slice(0, -1)}-gz"`;
    for (const known of [etag, gzipEtag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const unchanged = await ask(path, { headers: { "if-none-match": known } });
      assert.equal(unchanged.status, 304, known);
      assert.equal(unchanged.headers.get("etag"), etag);
      assert.equal(unchanged.headers.get("cache-control"), cacheControl);
      assert.equal(unchanged.headers.get("vary"), "Accept-Encoding");
      assert.equal(unchanged.headers.get("access-control-allow-origin"), "*");
      assert.equal((await unchanged.arrayBuffer()).byteLength, 0);
    }
    assert.equal((await ask(path, { headers: { "if-none-match": '"other"' } })).status, 200);

    const packed = await ask(path, { headers: { "accept-encoding": "br;q=1, gzip;q=0.9" } });
    if (type.startsWith("image/")) {
      assert.equal(packed.headers.get("content-encoding"), null);
      return;
    }
    assert.equal(packed.headers.get("content-encoding"), "gzip");
    assert.equal(packed.headers.get("etag"), gzipEtag);
    assert.deepEqual(new Uint8Array(gunzipSync(new Uint8Array(await packed.arrayBuffer()))), bytes);
  });
}

test("GET /v1/time is stamped anew each time, and no cache may keep it", async () => {
  const { ask, clock } = start();
  const reply = await ask("/v1/time?n=1");
  assert.equal(reply.headers.get("cache-control"), "no-store");
  assert.equal(reply.headers.get("etag"), null);
  assert.deepEqual(await reply.json(), { timeMs: NOW });
  clock.set(NOW + 7);
  assert.deepEqual(await (await ask("/v1/time?n=1")).json(), { timeMs: NOW + 7 });
});

const bad: [what: string, path: string, init: RequestInit, status: number, code: string][] = [
  ["an unknown channel", "/v1/channels/none/schedule", {}, 404, "unknown-channel"],
  ["a channel of another region", "/v1/channels/elsewhere/schedule", {}, 404, "unknown-channel"],
  ["an encoded channel", "/v1/channels/no%2Fne/schedule", {}, 404, "unknown-channel"],
  ["an unknown interaction", "/v1/interactions/none", {}, 404, "unknown-interaction"],
  ["an unknown version", "/v1/interactions/int-42?version=9", {}, 404, "unknown-interaction"],
  ["a version that is no number", "/v1/interactions/int-42?version=x", {}, 400, "malformed-version"],
  ["version 0", "/v1/interactions/int-42?version=0", {}, 400, "malformed-version"],
  ["an embargoed interaction", "/v1/interactions/quiz-1?version=1", {}, 425, "embargo"],
  ["an unknown image", `/v1/images/${"0".repeat(64)}`, {}, 404, "unknown-image"],
  ["results of an unknown cue", "/v1/cues/none:once/results", {}, 404, "no-results"],
  ["a foreign address", "/nothing", {}, 404, "unknown-path"],
  ["a missing file", "/tv/none.js", {}, 404, "unknown-file"],
  ["a way out of the site", "/box/..%2f..%2fpackage.json", {}, 404, "unknown-file"],
  ["a post to the schedule", SCHEDULE, { method: "POST", body: "{}" }, 405, "method-not-allowed"],
  ["a delete", "/v1/channels", { method: "DELETE" }, 405, "method-not-allowed"],
  ["a get of answers", "/v1/answers", {}, 405, "method-not-allowed"],
  [
    "no media type",
    "/v1/answers",
    { method: "POST", body: new TextEncoder().encode("{}") },
    415,
    "wrong-media-type",
  ],
  [
    "another media type",
    "/v1/answers",
    post(answers(), { "content-type": "text/plain" }),
    415,
    "wrong-media-type",
  ],
  [
    "an encoded body",
    "/v1/answers",
    post(answers(), { "content-encoding": "gzip" }),
    415,
    "wrong-media-type",
  ],
  ["no JSON", "/v1/answers", post("{"), 400, "malformed-body"],
  ["an empty body", "/v1/answers", post(""), 400, "malformed-body"],
  ["bytes that are no UTF-8", "/v1/answers", post(new Uint8Array([0x7b, 0xff, 0x7d])), 400, "malformed-body"],
  ["JSON that is no object", "/v1/answers", post("[]"), 400, "malformed-body"],
  ["no answers", "/v1/answers", post(answers({ answers: [] })), 400, "malformed-body"],
  [
    "101 answers",
    "/v1/answers",
    post(answers({ answers: new Array(101).fill(answersSample.answers[0]) })),
    400,
    "malformed-body",
  ],
  ["a bad box", "/v1/answers", post(answers({ box: "a b" })), 400, "malformed-body"],
  ["a long box", "/v1/answers", post(answers({ box: "b".repeat(65) })), 400, "malformed-body"],
  ["65,537 bytes", "/v1/answers", post(`"${"x".repeat(65_535)}"`), 413, "body-too-large"],
  ["airings that are answers", "/v1/airings", post(answers()), 400, "malformed-body"],
];
for (const [what, path, init, status, code] of bad) {
  test(`${init.method ?? "GET"} ${path.slice(0, 60)} with ${what} is ${status} ${code}`, async () => {
    const { ask, taken, logged } = start();
    const reply = await ask(path, init);
    assert.equal(reply.status, status);
    assert.equal((await problemOf(reply)).type, `/problems/${code}`);
    assert.deepEqual(taken, []);
    assert.deepEqual(logged, []);
  });
}

test("405 names what is allowed", async () => {
  const { ask } = start();
  assert.equal((await ask(SCHEDULE, { method: "PUT" })).headers.get("allow"), "GET, HEAD, OPTIONS");
  assert.equal((await ask("/v1/answers")).headers.get("allow"), "POST, OPTIONS");
});

test("a body that fails its schema gets each place and what is wrong there", async () => {
  const { ask } = start();
  const body = answers({ answers: [{ ...answersSample.answers[0], key: "no", version: 0 }] });
  const problem = await problemOf(await ask("/v1/answers", post(body)));
  assert.deepEqual(
    problem.errors?.map((error) => error.path),
    ["answers.0.key", "answers.0.version"],
  );
});

test("a body without a length is measured as it streams in, and cut off at 64 KiB", async () => {
  const { ask } = start();
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(8192).fill(0x20));
    },
  });
  const init = { ...post(endless), duplex: "half" } as RequestInit;
  assert.equal((await ask("/v1/answers", init)).status, 413);
  assert.ok(pulled < 20, `${pulled} pieces were read`);
});

test("OPTIONS is 204 anywhere, with methods, headers and a long age", async () => {
  const { ask } = start();
  for (const path of [SCHEDULE, "/v1/answers", "/healthz"]) {
    const reply = await ask(path, { method: "OPTIONS", headers: { origin: "http://tv.test" } });
    assert.equal(reply.status, 204);
    assert.equal(reply.headers.get("access-control-allow-origin"), "*");
    assert.match(reply.headers.get("access-control-allow-methods") ?? "", /GET, HEAD, POST/);
    assert.match(
      reply.headers.get("access-control-allow-headers") ?? "",
      /Authorization, Content-Type, If-None-Match/,
    );
    assert.equal(reply.headers.get("access-control-max-age"), "86400");
  }
});

test("an edge without a snapshot lives, is not ready, and says when to come back", async () => {
  const { ask } = start({ snapshot: () => undefined });
  assert.equal((await ask("/healthz")).status, 200);
  assert.equal((await ask("/v1/time")).status, 200);
  for (const path of ["/readyz", "/v1/channels", SCHEDULE, "/v1/interactions/int-42"]) {
    const reply = await ask(path);
    assert.equal(reply.status, 503, path);
    assert.equal(reply.headers.get("retry-after"), "5");
    assert.equal((await problemOf(reply)).type, "/problems/no-snapshot");
  }
});

test("an embargoed interaction comes at its moment, and Retry-After leads there", async () => {
  const { ask, clock } = start();
  const early = await ask("/v1/interactions/quiz-1?version=1");
  assert.equal(early.headers.get("retry-after"), String(20 * 60));
  clock.set(NOW + 20 * MINUTE);
  const reply = await ask("/v1/interactions/quiz-1?version=1");
  assert.equal(reply.status, 200);
  const body = await reply.json();
  assert.ok(v.is(interactionSchema, body));
  assert.equal(
    JSON.stringify(body).includes("correct"),
    false,
    "the right options never leave before the close",
  );
});

test("a promotion is seen by the next request", async () => {
  let snapshot = sample;
  const { ask } = start({ snapshot: () => snapshot });
  const before = (await ask(SCHEDULE)).headers.get("etag");
  snapshot = await compile({ placements: [] }, sample);
  assert.notEqual((await ask(SCHEDULE)).headers.get("etag"), before);
});

const results: [what: string, cue: string, nowMs: number, status: number, closed?: boolean][] = [
  ["never", "mute:once", NOW, 404],
  ["after-answer, before its moment", "pl7:p1.0", AT - 1, 404],
  ["after-answer, from its moment", "pl7:p1.0", AT, 200, false],
  ["after-answer, after the close", "pl7:p1.0", AT + MINUTE, 200, true],
  ["after-close, before the close", "secret:once", NOW + 21 * MINUTE - 1, 404],
  ["after-close, after the close", "secret:once", NOW + 21 * MINUTE, 200, true],
  ["after-close, a day later", "secret:once", NOW + 25 * HOUR, 200, true],
  ["a notice", "daily:20261123T1200", NOW + 2 * HOUR, 404],
];
for (const [what, cue, nowMs, status, closed] of results) {
  test(`results of a cue that shows them ${what} are ${status}`, async () => {
    const tally = { scope: "national" as const, total: 3, options: { a: 1, b: 2 }, asOfMs: nowMs };
    const { ask } = start({ nowMs, intake: { tally: () => tally } });
    const reply = await ask(`/v1/cues/${cue}/results`);
    assert.equal(reply.status, status);
    if (status !== 200) return;
    assert.equal(reply.headers.get("cache-control"), "no-store");
    const body = v.parse(resultsSchema, await reply.json());
    assert.equal(body.closed, closed);
    assert.equal(body.scope, "national");
    assert.deepEqual(body.options, { a: 1, b: 2 });
    assert.deepEqual(body.correct, cue === "secret:once" ? ["b"] : undefined);
  });
}

test("results of a cue are gone when its placement is aired again: that withdraws the cue; its answers are kept", async () => {
  const again = (generation: number) =>
    compile({
      placements: [place("poll", { when: { kind: "instant", atMs: NOW - MINUTE / 2 }, generation })],
    });
  const [first, second] = [await again(0), await again(1)];
  const on = async (snapshot: Snapshot, cue: string) => {
    const { ask } = start({ snapshot: () => snapshot });
    return (await ask(`/v1/cues/${cue}/results`)).status;
  };
  assert.equal(await on(first, "poll:once"), 200);
  assert.equal(await on(second, "poll:once"), 404);
  assert.equal(await on(second, "poll.1:once"), 200);
  // Unknown here: neither late nor rejected, but stored and left to central.
  assert.equal(second.cue("poll:once", NOW), undefined);
});

test("the right options of a quiz that shows its results while open come only after the close", async () => {
  const open = { ...quiz, results: "after-answer" as const };
  const entry = JSON.stringify({ interaction: open, correct: ["b"] });
  const snapshot = await compile({ put: { interactions: { "quiz-1@1": entry } } });
  const { ask, clock } = start({ snapshot: () => snapshot, nowMs: NOW + 20 * MINUTE });
  const correct = async () => (await (await ask("/v1/cues/secret:once/results")).json()).correct;
  assert.equal(await correct(), undefined);
  clock.set(NOW + 21 * MINUTE);
  assert.deepEqual(await correct(), ["b"]);
});

test("results of a cue that nobody answered are zeros of this edge", async () => {
  const { ask } = start({ nowMs: AT });
  const body = v.parse(resultsSchema, await (await ask("/v1/cues/pl7:p1.0/results")).json());
  assert.deepEqual([body.scope, body.total, body.options], ["edge", 0, { a: 0, b: 0 }]);
});

test("POST /v1/answers gives the intake's receipts, in order, uncached", async () => {
  const { ask, taken, counters } = start();
  const reply = await ask(
    "/v1/answers",
    post(answers(), { "content-type": "application/json; charset=UTF-8" }),
  );
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get("cache-control"), "no-store");
  assert.equal(reply.headers.get("access-control-allow-origin"), "*");
  assert.deepEqual(await reply.json(), MESSAGES.receipts.sample);
  assert.deepEqual(taken, [answersSample]);
  assert.equal(counters.receipts.accepted, 1);
});

test("POST /v1/airings says how many were taken", async () => {
  const { ask } = start();
  const reply = await ask("/v1/airings", post(JSON.stringify(airingsSample)));
  assert.deepEqual(await reply.json(), { accepted: 1 });
});

test("answers that cannot be stored now are 503 with Retry-After; a bug is 500 without words of it", async () => {
  const full = new CuecastError("Cannot store answers: the disk is full", {
    code: "outbox-unavailable",
    status: 503,
    retryAfterMs: 4200,
  });
  const refused = await start({ intake: { answers: () => Promise.reject(full) } }).ask(
    "/v1/answers",
    post(answers()),
  );
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get("retry-after"), "5");
  const { ask, logged, counters } = start({
    intake: { answers: () => Promise.reject(new TypeError("x is secret")) },
  });
  const broken = await ask("/v1/answers", post(answers()));
  assert.equal(broken.status, 500);
  const problem = await problemOf(broken);
  assert.equal(JSON.stringify(problem).includes("secret"), false);
  assert.deepEqual(logged, ["request-failed"]);
  assert.equal(counters.failures, 1);
});

test("a bug in the hot path is a 500 too, and the edge goes on", async () => {
  const broken = {
    ...sample,
    channel: () => {
      throw new TypeError("secret");
    },
  };
  const { ask, logged } = start({ snapshot: () => broken });
  assert.equal((await problemOf(await ask(SCHEDULE))).status, 500);
  assert.deepEqual(logged, ["request-failed"]);
});

test("posts beyond the bytes in hand are 503 with a spread Retry-After; what ended makes room", async () => {
  let release: (() => void) | undefined;
  const held = new Promise<never[]>((resolve) => {
    release = () => resolve([]);
  });
  const body = answers();
  const length = { "content-length": String(body.length) };
  const { ask, counters } = start({ inFlightBytesMax: body.length, intake: { answers: () => held } });
  const first = ask("/v1/answers", post(body, length));
  const second = await ask("/v1/answers", post(body, length));
  assert.equal(second.status, 503);
  assert.equal(second.headers.get("retry-after"), "6");
  assert.equal(counters.shed, 1);
  release?.();
  assert.equal((await first).status, 200);
  assert.equal((await ask("/v1/answers", post(body, length))).status, 200);
});

test("one address may post as often as it is set to, in bursts of ten seconds' worth; another is not touched", async () => {
  const { ask, clock } = start({ postsPerSourcePerSecond: 1 });
  for (let index = 0; index < 10; index++)
    assert.equal((await ask("/v1/answers", post(answers()))).status, 200);
  const refused = await ask("/v1/answers", post(answers()));
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get("retry-after")) >= 1);
  assert.equal((await ask("/v1/answers", post(answers()), "10.0.0.2")).status, 200);
  clock.set(NOW + 1000);
  assert.equal((await ask("/v1/answers", post(answers()))).status, 200);
});

test("where box tokens are demanded, the token's subject is the box", async () => {
  // Long past by the real clock: only the edge's own may decide.
  const THEN = NOW - 10_000 * HOUR;
  const keys = generateKeyPairSync("ed25519");
  const others = generateKeyPairSync("ed25519");
  const pem = keys.publicKey.export({ type: "spki", format: "pem" }).toString();
  const revoked = new Map<string, { revokedAtMs: number }>();
  const { ask } = start({ checkBox: await createBoxCheck(pem, standingClock(THEN), () => revoked) });
  const token = (subject: string, key = keys.privateKey, expiresMs = THEN + HOUR) =>
    new SignJWT({})
      .setProtectedHeader({ alg: "EdDSA" })
      .setSubject(subject)
      .setIssuedAt(Math.floor((THEN - 60_000) / 1000))
      .setExpirationTime(Math.floor(expiresMs / 1000))
      .sign(key);
  const withToken = async (authorization: string | undefined) =>
    await ask("/v1/answers", post(answers(), authorization === undefined ? {} : { authorization }));
  const table: [string | undefined, number][] = [
    [`Bearer ${await token("box-7f3a")}`, 200],
    [`bearer ${await token("box-7f3a")}`, 200],
    [`Bearer ${await token("another")}`, 403],
    [`Bearer ${await token("box-7f3a", others.privateKey)}`, 401],
    [`Bearer ${await token("box-7f3a", keys.privateKey, THEN - 1000)}`, 401],
    ["Bearer x.y.z", 401],
    ["Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJib3gtN2YzYSJ9.", 401],
    ["Basic abc", 401],
    [undefined, 401],
  ];
  for (const [authorization, status] of table) {
    const reply = await withToken(authorization);
    assert.equal(reply.status, status, authorization);
    if (status === 401) assert.match(reply.headers.get("www-authenticate") ?? "", /^Bearer/);
    if (status !== 200) await problemOf(reply);
  }
  const good = `Bearer ${await token("box-7f3a")}`;
  const hash = createHash("sha256").update("box-7f3a").digest("hex");
  revoked.set(hash, { revokedAtMs: THEN - 5_000 });
  assert.equal((await withToken(good)).status, 200, "issued after the revocation");
  revoked.set(hash, { revokedAtMs: THEN });
  assert.equal((await withToken(good)).status, 401, "issued before the revocation");
});

test("the OpenAPI document names every route, and no other", async () => {
  const { app, ask } = start();
  const registered = new Set(
    app.routes
      .filter((route) => route.method !== "ALL" && route.path !== "/tv")
      .map(
        (route) =>
          `${route.method} ${route.path
            .replace(/:(\w+)/g, "{$1}")
            .replace("/tv/*", "/tv/")
            .replace("/box/*", "/box/{file}")}`,
      ),
  );
  const described = new Set(
    OPERATIONS.map((operation) => `${operation.method.toUpperCase()} ${operation.path}`),
  );
  assert.deepEqual(registered, described);
  const document = await (await ask("/openapi.json")).json();
  assert.equal(document.openapi, "3.1.0");
  for (const [reference] of JSON.stringify(document).matchAll(/#\/components\/schemas\/\w+/g)) {
    assert.ok((reference.split("/").at(-1) as string) in document.components.schemas, reference);
  }
});

test("every sample message passes its own schema", () => {
  for (const { name, schema, sample: value } of Object.values(MESSAGES)) {
    assert.ok(v.is(schema, value), name);
  }
});

test("pulls, unchanged replies and times are counted", async () => {
  const { ask, counters } = start();
  const etag = (await ask(SCHEDULE)).headers.get("etag") ?? "";
  await ask(SCHEDULE, { headers: { "if-none-match": etag } });
  await ask("/nothing");
  assert.deepEqual([counters.pulls, counters.notModified], [2, 1]);
  assert.deepEqual(counters.replies.slice(2), [1, 1, 1, 0]);
  assert.equal(
    counters.replyTimes.reduce((sum, count) => sum + count, 0),
    3,
  );
});

test("under pressure schedules are turned away as told, and nothing else is", async () => {
  const busy: HotReply = { status: 503, headers: { "retry-after": "3" }, body: "busy" };
  let pressed = true;
  const { ask, counters } = start({ pressure: { shed: () => (pressed ? busy : undefined) } });
  const path = "/v1/channels/cctv1/schedule";
  const reply = await ask(path);
  assert.deepEqual([reply.status, reply.headers.get("retry-after")], [503, "3"]);
  assert.equal(counters.shed, 1);
  assert.equal((await ask("/v1/answers", post(answers()))).status, 200);
  assert.equal((await ask("/v1/time")).status, 200);
  assert.equal((await ask("/v1/interactions/int-42?version=3")).status, 200);
  pressed = false;
  assert.equal((await ask(path)).status, 200);
});
