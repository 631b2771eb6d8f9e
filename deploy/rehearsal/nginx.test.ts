/** The shipped nginx configuration in front of an edge: the same answers, and nothing kept that must be fresh. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { Agent, request as requestTls } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort } from "../../shared/runtime/ports.ts";
import { createAuthority } from "../../shared/testing/certificates.ts";
import { createLoneEdge, type LoneEdge } from "../bench/lone-edge.ts";
import { hasHeadersMore, hasNginx, type Nginx, startShippedNginx } from "../nginx/start-nginx.ts";
import { RUNTIME, until } from "./rig.ts";

const skip = hasNginx() ? false : "left out: nginx is not installed (Debian package nginx)";

let dir: string;
let edge: LoneEdge;
let frontDir: string;
let nginx: Nginx;
before(async () => {
  if (skip) return;
  dir = await mkdtemp(join(tmpdir(), "cuecast-nginx-"));
  frontDir = join(dir, "front");
  edge = await createLoneEdge(join(dir, "edge"), { runtime: RUNTIME, flags: ["--front", frontDir] });
  nginx = await startShippedNginx(join(dir, "nginx"), Number(new URL(edge.url).port), "off", { frontDir });
});
after(async () => {
  if (skip) return;
  await nginx?.stop();
  await edge?.stop();
  await rm(dir, { recursive: true, force: true });
});

interface Reply {
  status: number;
  headers: Record<string, unknown>;
  bytes: string;
}

/** Of the way, not of the answer. */
const OF_THE_WAY = ["date", "connection", "keep-alive", "server", "transfer-encoding"];

/** As it crosses the wire: nothing is unpacked, nothing is kept. */
const ask = (base: string, method: string, path: string, headers = {}, body?: string, agent?: Agent) =>
  new Promise<Reply>((resolve, reject) => {
    const asking = (agent ? requestTls : request)(`${base}${path}`, { method, headers, agent }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on("data", (chunk) => chunks.push(chunk));
      reply.on("end", () => {
        const kept = Object.entries(reply.headers).filter(([name]) => !OF_THE_WAY.includes(name));
        resolve({
          status: reply.statusCode ?? 0,
          headers: Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))),
          bytes: Buffer.concat(chunks).toString("base64"),
        });
      });
    });
    asking.on("error", reject);
    asking.end(body);
  });

const JSON_HEADERS = { "content-type": "application/json" };
const answerBody = (key: string = randomUUID()) =>
  JSON.stringify({
    box: "b1",
    answers: [
      { key, cue: "now:once", interaction: "poll", version: 1, options: ["a"], answeredAtMs: Date.now() },
    ],
  });

test("through nginx every answer is the edge's, byte for byte, the first time and from its cache", {
  skip,
}, async () => {
  const schedule = "/v1/channels/large/schedule";
  const etag = String((await ask(edge.url, "GET", schedule)).headers.etag);
  const etagGzip = String((await ask(edge.url, "GET", schedule, { "accept-encoding": "gzip" })).headers.etag);
  assert.notEqual(etag, etagGzip);
  const versionEtag = String((await ask(edge.url, "GET", "/v1/interactions/poll?version=1")).headers.etag);
  const lineUpEtag = String(
    (await ask(edge.url, "GET", "/v1/channels", { "accept-encoding": "gzip" })).headers.etag,
  );
  const known = answerBody();
  await ask(edge.url, "POST", "/v1/answers", JSON_HEADERS, known);
  const gzip = { "accept-encoding": "gzip" };
  const cases: [string, string, Record<string, string>?, string?][] = [
    ["GET", schedule],
    ["GET", schedule, gzip],
    ["GET", schedule, { "accept-encoding": "gzip, deflate, br" }],
    ["GET", schedule, { "accept-encoding": "br, deflate" }],
    ["GET", schedule, { "accept-encoding": "gzip;q=0" }],
    ["GET", schedule, { "accept-encoding": "identity;q=1, gzip;q=0.5" }],
    ["GET", schedule, { "accept-encoding": "*" }],
    ["GET", `${schedule}?x=1`],
    ["HEAD", schedule],
    ["HEAD", schedule, gzip],
    ["GET", schedule, { "if-none-match": etag }],
    ["GET", schedule, { "if-none-match": `W/${etag}` }],
    ["GET", schedule, { "if-none-match": `"other", ${etag}` }],
    ["GET", schedule, { "if-none-match": "*" }],
    ["GET", schedule, { "if-none-match": '"other"' }],
    ["GET", schedule, { "if-none-match": etagGzip, ...gzip }],
    ["GET", schedule, { "if-none-match": "/../../../../../../../../../../etc/passwd" }],
    ["HEAD", schedule, { "if-none-match": etag }],
    ["DELETE", schedule, { "if-none-match": etag }],
    ["GET", "/v1/interactions/poll?version=1", { "if-none-match": versionEtag }],
    ["GET", "/v1/channels", { "if-none-match": lineUpEtag, ...gzip }],
    ["GET", schedule, { range: "bytes=0-9" }],
    ["GET", schedule, { "if-modified-since": new Date().toUTCString() }],
    ["GET", schedule, { "if-modified-since": new Date().toUTCString(), ...gzip }],
    ["GET", "/.malformed"],
    ["GET", "/.not-allowed"],
    ["GET", `${schedule}/`],
    ["GET", `${schedule}.gz`, gzip],
    ["GET", `${schedule}+`],
    ["GET", "/v1/interactions/poll+version=1"],
    ["GET", "/v1/channels/large"],
    ["GET", "/v1/channels/large/"],
    ["GET", "/v1/channels/"],
    ["GET", "/v1/interactions/poll/"],
    ["GET", "/v1/interactions/"],
    ["GET", "/v1/channels"],
    ["GET", "/v1/channels", gzip],
    ["GET", "/v1/channels/none/schedule"],
    ["GET", "/v1/channels/sm%61ll/schedule"],
    ["GET", "/v1/interactions/poll?version=1"],
    ["GET", "/v1/interactions/poll?version=1", gzip],
    ["HEAD", "/v1/interactions/poll?version=1", gzip],
    ["GET", "/v1/interactions/poll?version=1", { "if-none-match": '"other"', ...gzip }],
    ["GET", "/v1/interactions/poll?version=1&version=2"],
    ["GET", "/v1/interactions/poll?x=1"],
    ["GET", "/v1/interactions/poll%3Fversion=1"],
    ["GET", "/v1/interactions/poll?version=1/../../../../../../../../../etc/passwd"],
    ["POST", "/v1/interactions/poll?version=1", JSON_HEADERS, "{}"],
    ["GET", "/v1/interactions/poll?version=2"],
    ["GET", "/v1/interactions/poll?version=x"],
    ["GET", "/v1/interactions/poll"],
    ["GET", `/v1/images/${"a".repeat(64)}`],
    ["GET", "/v1/nothing"],
    ["GET", "/tv"],
    ["GET", "/tv/", gzip],
    ["GET", "/healthz"],
    ["GET", "/readyz"],
    ["OPTIONS", "/v1/answers"],
    ["DELETE", schedule],
    ["POST", schedule, JSON_HEADERS, "{}"],
    ["POST", "/v1/answers", JSON_HEADERS, known],
    ["POST", "/v1/answers", JSON_HEADERS, "{"],
    ["POST", "/v1/answers", JSON_HEADERS, '{"box":"b","answers":[]}'],
    ["POST", "/v1/answers", { "content-type": "text/plain" }, known],
    ["POST", "/v1/answers", JSON_HEADERS, `{"box":"${"x".repeat(100_000)}"}`],
    ["POST", "/v1/airings", JSON_HEADERS, '{"box":"b","airings":[]}'],
  ];
  for (const [method, path, headers, body] of cases) {
    const straight = await ask(edge.url, method, path, headers, body);
    for (const time of ["first", "again", "once its file is there"]) {
      const through = await ask(nginx.url, method, path, headers, body);
      assert.deepEqual(through, straight, `${method} ${path} ${JSON.stringify(headers ?? {})}, ${time}`);
    }
  }
});

test("conditions that the edge does not know are refused in JSON, kept or not", { skip }, async () => {
  const schedule = "/v1/channels/large/schedule";
  const unmet: Record<string, string>[] = [
    { "if-match": '"x"' },
    { "if-match": '"x"', "accept-encoding": "gzip" },
    { "if-match": '"x"', "if-none-match": '"y"' },
    { "if-unmodified-since": new Date(0).toUTCString() },
  ];
  for (const path of [schedule, `${schedule}?x=1`, "/v1/interactions/poll?version=1"]) {
    await ask(nginx.url, "GET", path);
    for (const headers of unmet) {
      // nginx ends the connection behind such a reply.
      const reply = await ask(nginx.url, "GET", path, { ...headers, connection: "close" });
      // Without a date the second condition is none.
      if (reply.status === 200 && headers["if-unmodified-since"]) continue;
      assert.equal(reply.status, 412, `${path} ${JSON.stringify(headers)}`);
      assert.equal(reply.headers["content-type"], "application/problem+json");
      assert.equal(reply.headers["access-control-allow-origin"], "*");
      assert.equal(reply.headers["cache-control"], "no-store");
      assert.equal(JSON.parse(Buffer.from(reply.bytes, "base64").toString()).status, 412);
    }
  }
});

test("an embargo's 425 is the edge's own each time", { skip }, async () => {
  for (let time = 0; time < 2; time++) {
    const reply = await ask(nginx.url, "GET", "/v1/interactions/secret?version=1");
    assert.equal(reply.status, 425);
    assert.equal(reply.headers["cache-control"], "no-store");
    assert.ok(Number(reply.headers["retry-after"]) > 0);
  }
});

test("what changed at the edge comes through once its two seconds are over, and is asked for by its tag", {
  skip,
}, async () => {
  let version = 1;
  const asked: (string | undefined)[] = [];
  const changing = createServer((incoming, outgoing) => {
    const etag = `"${version}"`;
    asked.push(incoming.headers["if-none-match"]);
    const headers = { etag, "cache-control": "max-age=0, s-maxage=2, stale-if-error=86400" };
    if (incoming.headers["if-none-match"] === etag) outgoing.writeHead(304, headers).end();
    else outgoing.writeHead(200, headers).end(`version ${version}`);
  });
  await new Promise<void>((resolve) => changing.listen(0, "127.0.0.1", resolve));
  const shipped = await startShippedNginx(
    join(dir, "changing"),
    (changing.address() as { port: number }).port,
    "off",
  );
  const text = async () =>
    Buffer.from((await ask(shipped.url, "GET", "/v1/channels/c/schedule")).bytes, "base64").toString();
  try {
    for (version = 1; version <= 2; version++) {
      const from = performance.now();
      await until("the new version", async () => (await text()) === `version ${version}`, 10_000);
      const tookMs = performance.now() - from;
      assert.ok(tookMs < 4_000, `version ${version} took ${Math.round(tookMs)} ms`);
      if (version > 1) continue;
      await until("it to be asked for by its tag", async () => {
        await text();
        return asked.includes(`"${version}"`);
      });
    }
    assert.ok(asked.length < 20, `the cache was passed by: ${asked.length} requests`);
  } finally {
    await shipped.stop();
    changing.closeAllConnections();
    await new Promise((resolve) => changing.close(resolve));
  }
});

test("nginx answers by itself what went through it and is current, and nothing once the edge has ended", {
  skip,
}, async () => {
  const gzip = { "accept-encoding": "gzip" };
  const paths = ["/v1/channels/small/schedule", "/v1/interactions/poll?version=1"];
  // Nothing in its cache, and nobody behind it: what it answers is its own.
  const alone = await startShippedNginx(join(dir, "alone"), await freePort(), "off", { frontDir });
  const answers = async (path: string, headers = {}) =>
    (await ask(alone.url, "GET", path, headers)).status !== 503;
  const gone = async (path: string, headers = {}) => !(await answers(path, headers));
  try {
    for (const path of paths) {
      for (const headers of [{}, gzip]) {
        await until("its file", async () => {
          // Within two seconds of the last time it comes from nginx's cache, and the edge does not know.
          await ask(nginx.url, "GET", path, headers);
          return answers(path, headers);
        });
        const straight = await ask(edge.url, "GET", path, headers);
        assert.deepEqual(await ask(alone.url, "GET", path, headers), straight);
        const known = { ...headers, "if-none-match": straight.headers.etag };
        if (hasHeadersMore()) {
          const own = await ask(alone.url, "GET", path, known);
          assert.deepEqual(own, await ask(edge.url, "GET", path, known));
          assert.equal(own.status, 304);
          const other = { ...headers, "if-none-match": '"other"' };
          assert.deepEqual(await ask(alone.url, "GET", path, other), straight);
        } else assert.ok(await gone(path, known));
      }
      assert.ok(await gone(path, { "if-none-match": '"other", "another"' }));
      assert.ok(await gone(path, { "accept-encoding": "gzip;q=0.5" }));
    }
    assert.ok(await gone("/v1/channels/large/../none/schedule"));
    await edge.stop();
    for (const path of paths) {
      for (const headers of [{}, gzip]) await until("the file to be gone", () => gone(path, headers), 10_000);
    }
  } finally {
    await alone.stop();
    await edge.stop();
    await edge.start();
  }
});

test("a schedule that is gone is gone behind nginx too; while the edge only says that it cannot, the last one goes on", {
  skip,
}, async () => {
  let status = 200;
  let refused = 0;
  const failing = createServer((_, outgoing) => {
    if (status === 503) refused++;
    const cacheControl = status === 200 ? "max-age=0, s-maxage=2, stale-if-error=86400" : "no-store";
    outgoing.writeHead(status, { "cache-control": cacheControl }).end(`status ${status}`);
  });
  await new Promise<void>((resolve) => failing.listen(0, "127.0.0.1", resolve));
  const port = (failing.address() as { port: number }).port;
  const shipped = await startShippedNginx(join(dir, "failing"), port, "off");
  const schedule = () => ask(shipped.url, "GET", "/v1/channels/c/schedule");
  try {
    const kept = await schedule();
    assert.equal(kept.status, 200);
    status = 503;
    await until("the edge to have refused", async () => {
      assert.deepEqual(await schedule(), kept);
      return refused > 1;
    });
    status = 404;
    await until("the schedule to be gone", async () => (await schedule()).status === 404);
  } finally {
    await shipped.stop();
    failing.closeAllConnections();
    await new Promise((resolve) => failing.close(resolve));
  }
});

test("as shipped it speaks TLS, and turns slow and huge requests away without HTML", { skip }, async () => {
  const authority = createAuthority();
  const { cert, key } = authority.issue();
  const files = { cert: join(dir, "cert.pem"), key: join(dir, "key.pem") };
  await writeFile(files.cert, cert);
  await writeFile(files.key, key, { mode: 0o600 });
  const shipped = await startShippedNginx(join(dir, "tls"), Number(new URL(edge.url).port), files);
  const agent = new Agent({ ca: authority.cert });
  try {
    const path = "/v1/channels/small/schedule";
    assert.deepEqual(
      await ask(shipped.url, "GET", path, {}, undefined, agent),
      await ask(edge.url, "GET", path),
    );
    const huge = await ask(shipped.url, "POST", "/v1/answers", JSON_HEADERS, "x".repeat(2_000_000), agent);
    assert.equal(huge.status, 413);
    assert.equal(huge.headers["content-type"], "application/problem+json");
    const long = await ask(shipped.url, "GET", `/v1/channels?${"x".repeat(50_000)}`, {}, undefined, agent);
    const trace = await ask(shipped.url, "TRACE", path, {}, undefined, agent);
    const plain = await ask(shipped.url.replace("https:", "http:"), "GET", path);
    for (const [reply, status] of [
      [long, 400],
      [trace, 405],
      [plain, 400],
    ] as const) {
      assert.equal(reply.status, status);
      assert.equal(reply.headers["content-type"], "application/problem+json");
      assert.equal(JSON.parse(Buffer.from(reply.bytes, "base64").toString()).status, status);
      assert.equal(reply.headers["x-content-type-options"], "nosniff");
      assert.equal(reply.headers["access-control-expose-headers"], "ETag, Retry-After");
    }
    assert.match(String(trace.headers.allow), /GET/);
  } finally {
    agent.destroy();
    await shipped.stop();
  }
});

test("as shipped one address may ask 20 times a second, 200 at once; beyond that 429, and others are not touched", {
  skip,
}, async () => {
  const port = Number(new URL(edge.url).port);
  const changes = [["127.0.0.0/8     0;", "127.0.0.0/8     1;"]] as const;
  const shipped = await startShippedNginx(join(dir, "limited"), port, "off", { changes });
  const path = "/v1/channels/small/schedule";
  const from = performance.now();
  try {
    const replies: Reply[] = [];
    for (let turn = 0; turn < 20; turn++) {
      replies.push(...(await Promise.all(Array.from({ length: 30 }, () => ask(shipped.url, "GET", path)))));
    }
    const seconds = (performance.now() - from) / 1000;
    const taken = replies.filter(({ status }) => status === 200).length;
    const refused = replies.filter(({ status }) => status === 429);
    assert.equal(taken + refused.length, 600);
    assert.ok(taken >= 200 && taken <= 201 + 20 * seconds + 1, `${taken} in ${seconds} s`);
    for (const { headers, bytes } of refused) {
      const waits = Number(headers["retry-after"]);
      assert.ok(waits >= 2 && waits <= 9, `Retry-After is ${waits}`);
      assert.equal(headers["content-type"], "application/problem+json");
      assert.equal(JSON.parse(Buffer.from(bytes, "base64").toString()).status, 429);
    }
    assert.ok(new Set(refused.map(({ headers }) => headers["retry-after"])).size > 3);
    const other = await fetchFrom("127.0.0.2", `${shipped.url}${path}`);
    assert.equal(other, 200);
  } finally {
    await shipped.stop();
  }
});

/** The status that a box at that address gets for an answer. */
const postFrom = (localAddress: string, url: string, headers = {}) =>
  new Promise<number>((resolve, reject) => {
    const all = { ...JSON_HEADERS, ...headers };
    const asking = request(`${url}/v1/answers`, { method: "POST", localAddress, headers: all }, (reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    asking.on("error", reject);
    asking.end(answerBody());
  });

test("behind nginx as shipped the edge limits each box by its own address, which no box can forge", {
  skip,
}, async () => {
  const flags = ["--posts-per-source", "1", "--trusted-proxies", "127.0.0.1"];
  const limited = await createLoneEdge(join(dir, "limited-edge"), { runtime: RUNTIME, flags });
  const port = Number(new URL(limited.url).port);
  const shipped = await startShippedNginx(join(dir, "limits"), port, "off");
  try {
    const forged = () => ({ "x-forwarded-for": `192.0.2.${Math.floor(performance.now()) % 250}, 127.0.0.1` });
    for (const url of [shipped.url, limited.url]) {
      const [box, other] = url === shipped.url ? ["127.0.0.2", "127.0.0.3"] : ["127.0.0.4", "127.0.0.5"];
      const replies: number[] = [];
      for (let turn = 0; turn < 30; turn++) replies.push(await postFrom(box, url, forged()));
      assert.ok(
        replies.slice(0, 10).every((status) => status === 200),
        replies.join(),
      );
      assert.ok(replies.includes(429), replies.join());
      assert.equal(await postFrom(other, url), 200);
    }
  } finally {
    await shipped.stop();
    await limited.stop();
  }
});

/** The status that an asker at another address gets. */
const fetchFrom = (localAddress: string, url: string) =>
  new Promise<number>((resolve, reject) => {
    const asking = request(url, { localAddress }, (reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    asking.on("error", reject);
    asking.end();
  });

test("what must be fresh is never kept; schedules go on when the edge is away, and errors are no HTML", {
  skip,
}, async () => {
  const fresh: [string, string, string?][] = [
    ["GET", "/v1/time?n=1"],
    ["GET", "/v1/cues/now:once/results"],
    ["GET", "/v1/interactions/poll"],
    ["GET", "/v1/interactions/secret?version=1"],
    ["GET", "/v1/channels/none/schedule"],
    ["GET", "/healthz"],
    ["GET", "/readyz"],
    ["POST", "/v1/answers", answerBody()],
  ];
  const stamp = async () =>
    JSON.parse(Buffer.from((await ask(nginx.url, "GET", "/v1/time?n=1")).bytes, "base64").toString()).timeMs;
  const before = Date.now();
  assert.ok((await stamp()) >= before);
  const between = Date.now();
  assert.ok((await stamp()) >= between);
  for (const [method, path, body] of fresh) await ask(nginx.url, method, path, JSON_HEADERS, body);
  // Of a channel that only this nginx was asked for: what another brought in is not in its cache.
  const schedule = await ask(nginx.url, "GET", "/v1/channels/large/schedule");
  await edge.stop();
  try {
    for (const [method, path, body] of fresh) {
      const reply = await ask(nginx.url, method, path, JSON_HEADERS, body);
      assert.equal(reply.status, 503, `${method} ${path}`);
      assert.equal(reply.headers["content-type"], "application/problem+json");
      assert.equal(reply.headers["cache-control"], "no-store");
      assert.ok(Number(reply.headers["retry-after"]) >= 2 && Number(reply.headers["retry-after"]) <= 9);
      assert.equal(JSON.parse(Buffer.from(reply.bytes, "base64").toString()).status, 503);
    }
    assert.deepEqual(await ask(nginx.url, "GET", "/v1/channels/large/schedule"), schedule);
  } finally {
    await edge.start();
  }
});
