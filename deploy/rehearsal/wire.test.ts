/** WIRE.md over a real edge on either runtime: caching, compression, CORS, and every refusal, byte for byte. */
import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { PROBLEM_MEDIA_TYPE } from "../../shared/protocol/problem.ts";
import type { Runtime } from "../local/part.ts";
import { makeAnswer } from "./answers.ts";
import { fill, POLL, placement } from "./content.ts";
import { createRig, type EdgeRig, landed, type Rig } from "./rig.ts";

interface Reply {
  status: number;
  headers: Record<string, string | undefined>;
  body: Buffer;
}

/** Without anything that a browser or `fetch` adds. A body of several pieces goes without a length. */
function ask(
  url: string,
  {
    method = "GET",
    headers = {},
    body = [],
  }: { method?: string; headers?: Record<string, string>; body?: string[] } = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const length = body.length === 1 ? { "content-length": String(Buffer.byteLength(body[0] ?? "")) } : {};
    const asked = httpRequest(url, { method, headers: { ...length, ...headers }, agent: false }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on("data", (chunk) => chunks.push(chunk));
      reply.on("error", reject);
      reply.on("end", () =>
        resolve({
          status: reply.statusCode ?? 0,
          headers: reply.headers as Reply["headers"],
          body: Buffer.concat(chunks),
        }),
      );
    });
    asked.on("error", reject);
    for (const piece of body) asked.write(piece);
    asked.end();
  });
}

let rig: Rig;
const edges = new Map<Runtime, EdgeRig>();
let position: { epoch: number; revision: number };
/** What each edge said before anything was published. */
const early = new Map<Runtime, Record<"ready" | "alive" | "schedule", Reply>>();
const RUNTIMES = ["deno", "node"] as const;

before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  for (const runtime of RUNTIMES) {
    const edge = await rig.addEdge(`edge-${runtime}`, "north", [], { runtime });
    edges.set(runtime, edge);
    early.set(runtime, {
      ready: await ask(`${edge.url}/readyz`),
      alive: await ask(`${edge.url}/healthz`),
      schedule: await ask(`${edge.url}/v1/channels/one/schedule`),
    });
  }
  const secret = { interaction: { ...POLL.interaction, id: "secret" } };
  await rig.api.send("POST", "/api/v1/interactions", secret);
  const now = placement("now", { when: { kind: "instant", atMs: Date.now() } });
  await rig.api.send("PUT", "/api/v1/placements/now", now);
  const { prefetch: _, ...later } = placement("later", {
    interaction: "secret",
    when: { kind: "instant", atMs: Date.now() + 3_600_000 },
    embargo: { spreadMs: 5_000 },
  });
  await rig.api.send("PUT", "/api/v1/placements/later", later);
  position = await rig.publish();
  await Promise.all([...edges.values()].map((edge) => landed(edge, position)));
});
after(() => rig?.stop());

const urlOf = (runtime: Runtime, path: string) => `${edges.get(runtime)?.url}${path}`;
const SCHEDULE = "/v1/channels/one/schedule";

function assertProblem(reply: Reply, status: number, words: RegExp) {
  const text = reply.body.toString();
  assert.equal(reply.status, status, text);
  assert.equal(reply.headers["content-type"], PROBLEM_MEDIA_TYPE);
  assert.equal(reply.headers["cache-control"], "no-store");
  assert.equal(reply.headers["access-control-allow-origin"], "*");
  const problem = JSON.parse(text);
  assert.equal(problem.status, status);
  assert.ok(problem.type && problem.title);
  assert.match(JSON.stringify(problem), words);
}
const assertRetryAfter = (reply: Reply) => assert.match(reply.headers["retry-after"] ?? "", /^[1-9]\d*$/);

test("every edge gives the same bytes and the same ETag, whatever it runs on", async () => {
  for (const path of [SCHEDULE, "/v1/channels/two/schedule", "/v1/interactions/poll?version=1"]) {
    const [first, second] = await Promise.all(RUNTIMES.map((runtime) => ask(urlOf(runtime, path))));
    assert.equal(first?.status, 200);
    assert.match(first?.headers.etag ?? "", /^"[^"]+"$/);
    assert.equal(first?.headers.etag, second?.headers.etag);
    assert.deepEqual(first?.body, second?.body);
  }
});

for (const runtime of RUNTIMES) {
  const get = (path: string, headers: Record<string, string> = {}) => ask(urlOf(runtime, path), { headers });
  const post = (path: string, headers: Record<string, string>, ...body: string[]) =>
    ask(urlOf(runtime, path), { method: "POST", headers, body });
  const json = { "content-type": "application/json" };

  test(`${runtime}: 304 for a known ETag, in lists, weak, and for *`, async () => {
    const plain = await get(SCHEDULE);
    const etag = plain.headers.etag ?? "";
    const gzipTag = etag.replace(/"$/, '-gz"');
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, gzipTag, "*"]) {
      const reply = await get(SCHEDULE, { "if-none-match": known });
      assert.equal(reply.status, 304, known);
      assert.equal(reply.body.length, 0);
      assert.equal(reply.headers.etag, etag);
      assert.equal(reply.headers["cache-control"], plain.headers["cache-control"]);
      assert.equal(reply.headers.vary, "Accept-Encoding");
    }
    assert.equal((await get(SCHEDULE, { "if-none-match": '"another"' })).status, 200);
  });

  test(`${runtime}: compressed when asked for, with an ETag of its own`, async () => {
    const plain = await get(SCHEDULE);
    assert.equal(plain.headers["content-encoding"], undefined);
    const packed = await get(SCHEDULE, { "accept-encoding": "br, gzip" });
    assert.equal(packed.headers["content-encoding"], "gzip");
    assert.equal(packed.headers.etag, plain.headers.etag?.replace(/"$/, '-gz"'));
    assert.deepEqual(gunzipSync(packed.body), plain.body);
    for (const reply of [plain, packed]) {
      assert.equal(reply.headers.vary, "Accept-Encoding");
      assert.equal(reply.headers["content-length"], String(reply.body.length));
    }
    const refused = await get(SCHEDULE, { "accept-encoding": "gzip;q=0" });
    assert.equal(refused.headers["content-encoding"], undefined);
  });

  test(`${runtime}: HEAD has GET's headers and no body`, async () => {
    for (const path of [SCHEDULE, "/v1/channels", "/v1/interactions/poll?version=1"]) {
      const [got, headed] = await Promise.all([get(path), ask(urlOf(runtime, path), { method: "HEAD" })]);
      assert.equal(headed.status, 200);
      assert.equal(headed.body.length, 0);
      for (const name of ["etag", "content-type", "content-length", "cache-control", "vary"])
        assert.equal(headed.headers[name], got.headers[name], `${path} ${name}`);
    }
  });

  test(`${runtime}: caches may keep what WIRE.md lets them keep`, async () => {
    const shared = "max-age=0, s-maxage=2, stale-if-error=86400";
    for (const path of [SCHEDULE, "/v1/channels"])
      assert.equal((await get(path)).headers["cache-control"], shared);
    const version = (await get("/v1/interactions/poll?version=1")).headers["cache-control"] ?? "";
    assert.match(version, /max-age=31536000/);
    assert.match(version, /immutable/);
    const time = await get("/v1/time?n=1");
    assert.equal(time.headers["cache-control"], "no-store");
    const { timeMs } = JSON.parse(time.body.toString());
    assert.ok(Math.abs(timeMs - Date.now()) < 5_000);
  });

  test(`${runtime}: any origin may ask, and learns how`, async () => {
    const preflight = await ask(urlOf(runtime, "/v1/answers"), {
      method: "OPTIONS",
      headers: { origin: "https://tv.example", "access-control-request-method": "POST" },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers["access-control-allow-origin"], "*");
    assert.match(preflight.headers["access-control-allow-methods"] ?? "", /POST/);
    assert.match(preflight.headers["access-control-allow-headers"] ?? "", /content-type/i);
    assert.ok(Number(preflight.headers["access-control-max-age"]) >= 3_600);
    const got = await get(SCHEDULE, { origin: "https://tv.example" });
    assert.equal(got.headers["access-control-allow-origin"], "*");
    assert.match(got.headers["access-control-expose-headers"] ?? "", /ETag/);
  });

  test(`${runtime}: 404 for what is unknown, 405 for another method`, async () => {
    for (const path of [
      "/v1/channels/none/schedule",
      "/v1/interactions/none",
      "/v1/interactions/poll?version=9",
      `/v1/images/${"0".repeat(64)}`,
      "/v1/cues/none:once/results",
      "/v2/nothing",
    ])
      assertProblem(await get(path), 404, /Cannot find/);
    assertProblem(await get("/v1/interactions/poll?version=x"), 400, /version/);
    const wrong = await ask(urlOf(runtime, SCHEDULE), { method: "DELETE" });
    assertProblem(wrong, 405, /DELETE/);
    assert.match(wrong.headers.allow ?? "", /GET/);
    const wrongPost = await get("/v1/answers");
    assertProblem(wrongPost, 405, /POST/);
    assert.match(wrongPost.headers.allow ?? "", /POST/);
  });

  test(`${runtime}: 400, 413 and 415 for bodies that it does not take, however they come`, async () => {
    const long = [
      "{",
      '"box":"',
      ..."x"
        .repeat(70)
        .split("")
        .map(() => "x".repeat(1_000)),
      '"}',
    ];
    for (const path of ["/v1/answers", "/v1/airings"]) {
      assertProblem(await post(path, json, "{"), 400, /JSON/);
      assertProblem(await post(path, json, '{"box":"b"}'), 400, /"path":"(answers|airings)"/);
      assertProblem(await post(path, json, `{"box":"${"x".repeat(70_000)}"}`), 413, /65536/);
      assertProblem(await post(path, json, ...long), 413, /65536/);
      assertProblem(await post(path, { "content-type": "text/plain" }, "{}"), 415, /application\/json/);
      assertProblem(await post(path, { ...json, "content-encoding": "gzip" }, "{}"), 415, /plain/);
    }
    const many = Array.from({ length: 101 }, () => makeAnswer("now:once"));
    assertProblem(
      await post("/v1/answers", json, JSON.stringify({ box: "b", answers: many })),
      400,
      /"path":"answers"/,
    );
  });

  test(`${runtime}: 425 with Retry-After for what is under embargo`, async () => {
    const reply = await get("/v1/interactions/secret?version=1");
    assertProblem(reply, 425, /embargo|until|early/i);
    assertRetryAfter(reply);
  });

  test(`${runtime}: 503 with Retry-After before there is a publication, and alive all the same`, () => {
    const said = early.get(runtime);
    assert.equal(said?.alive.status, 200);
    for (const reply of [said?.ready, said?.schedule]) {
      assertProblem(reply as Reply, 503, /no publication/);
      assertRetryAfter(reply as Reply);
    }
  });

  test(`${runtime}: an answer gets its receipt, and the same one again the same receipt`, async () => {
    const body = JSON.stringify({ box: `box-${runtime}`, answers: [makeAnswer("now:once")] });
    const replies = [await post("/v1/answers", json, body), await post("/v1/answers", json, body)];
    for (const reply of replies) {
      assert.equal(reply.status, 200);
      assert.equal(reply.headers["cache-control"], "no-store");
      assert.equal(JSON.parse(reply.body.toString()).receipts[0].status, "accepted");
    }
  });

  test(`${runtime}: an airing is taken in`, async () => {
    const { key, cue, interaction, version } = makeAnswer("now:once");
    const airing = {
      key,
      cue,
      interaction,
      version,
      outcome: "shown",
      dueMs: Date.now(),
      firedMs: Date.now(),
    };
    const reply = await post("/v1/airings", json, JSON.stringify({ box: "b", airings: [airing] }));
    assert.equal(reply.status, 200, reply.body.toString());
    assert.deepEqual(JSON.parse(reply.body.toString()), { accepted: 1 });
  });
}

test("a publication that does not touch a channel changes no byte of its schedule", async () => {
  const read = () =>
    Promise.all(
      ["one", "two"].flatMap((channel) =>
        RUNTIMES.map((runtime) => ask(urlOf(runtime, `/v1/channels/${channel}/schedule`))),
      ),
    );
  const startHour = new Date().getUTCHours();
  const before = await read();
  const more = placement("more", { when: { kind: "instant", atMs: Date.now() + 7_200_000 } });
  await rig.api.send("PUT", "/api/v1/placements/more", more);
  const next = await rig.publish();
  assert.equal(next.revision, position.revision + 1);
  await Promise.all([...edges.values()].map((edge) => landed(edge, next)));
  const now = await read();
  const told = (reply?: Reply) => JSON.parse(reply?.body.toString() ?? "{}") as { revision: number };
  for (const index of [0, 1]) {
    assert.equal(told(now[index]).revision, next.revision);
    assert.notEqual(now[index]?.headers.etag, before[index]?.headers.etag);
  }
  // The window moves with the hour, and near a cue it is asked for more often: neither is the publication's doing.
  if (new Date().getUTCHours() !== startHour) return;
  for (const index of [2, 3]) {
    assert.equal(told(now[index]).revision, position.revision);
    assert.deepEqual(now[index]?.body, before[index]?.body);
    assert.equal(now[index]?.headers.etag, before[index]?.headers.etag);
  }
});

/** A line that is none is a runtime's own: whoever reads the log by a program trips over it. */
for (const runtime of RUNTIMES) {
  test(`${runtime}: every line of an edge's log is JSON, whatever was asked of it`, () => {
    const lines = edges.get(runtime)?.lines ?? [];
    assert.ok(lines.length > 0);
    assert.deepEqual(
      lines.filter((line) => !/^\{.*\}$/.test(line)),
      [],
    );
  });
}
