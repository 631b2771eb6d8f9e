/** Guide sources: asked when due, conditionally, within limits; what fails is told and loses nothing. */
import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { authorSample, TEST_NOW_MS, type TestCentral, withCentral } from "../testing/central-for-tests.ts";
import { fetchGuide, isPrivateHost } from "./fetch-guide.ts";
import { nextRegularMs, nextRunMs } from "./next-run.ts";
import { maskUrl } from "./source.ts";

type Answer = (request: IncomingMessage, reply: ServerResponse) => void;

/** A feed that answers as told, over a central without `air` unless told. */
const withFeed = (
  run: (t: TestCentral, feed: { url: string; answer: Answer; asked: IncomingMessage[] }) => Promise<void>,
  air = false,
) =>
  withCentral({ air }, async (t) => {
    const feed = { url: "", answer: (() => {}) as Answer, asked: [] as IncomingMessage[] };
    const server = createServer((request, reply) => {
      feed.asked.push(request);
      feed.answer(request, reply);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    feed.url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
    try {
      await run(t, feed);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

const GUIDE =
  '<tv><channel id="c1"><display-name>One</display-name></channel><programme start="21000101000000 +0000" stop="21000101010000 +0000" channel="c1"><title>News</title></programme></tv>';
const whole =
  (text: string, headers: Record<string, string> = {}): Answer =>
  (_, reply) => {
    reply.writeHead(200, headers).end(text);
  };
const add = (t: TestCentral, url: string, more: object = {}) =>
  t.api("PUT", "/api/v1/guide/sources/feed", { url, every: { ms: 3_600_000 }, paused: true, ...more });
const ask = (t: TestCentral) => t.api("POST", "/api/v1/guide/sources/feed/run");
const programmes = async (t: TestCentral) => (await t.central.drafts.programmesOf("c1")).length;

test("a source is imported, then asked with what its reply said, and 304 changes nothing", () =>
  withFeed(async (t, feed) => {
    feed.answer = (request, reply) => {
      if (request.headers["if-none-match"] === '"a"') reply.writeHead(304).end();
      else
        reply
          .writeHead(200, { etag: '"a"', "last-modified": "Mon, 23 Nov 2026 15:00:00 GMT" })
          .end(gzipSync(GUIDE));
    };
    await add(t, `${feed.url}/guide.xml.gz?key=secret`);
    const first = (await ask(t)).body;
    assert.equal(first.url, `${feed.url}/guide.xml.gz?key=…`);
    assert.deepEqual(
      [first.state.last.state, first.state.last.programmes, first.state.failures, first.state.nextMs],
      ["accepted", 1, 0, TEST_NOW_MS + 3_600_000],
    );
    assert.equal(await programmes(t), 1);
    const second = (await ask(t)).body;
    assert.equal(feed.asked[1]?.headers["if-modified-since"], "Mon, 23 Nov 2026 15:00:00 GMT");
    assert.equal(second.state.doneMs, TEST_NOW_MS);
    assert.equal(second.state.last.programmes, 1);
    const audit = await t.api("GET", "/api/v1/audit");
    assert.doesNotMatch(JSON.stringify(audit.body), /secret/);
  }));

const failures: [what: string, answer: Answer, more: object, why: RegExp][] = [
  ["answers 500", (_, reply) => void reply.writeHead(500).end(), {}, /answered 500/],
  ["sends a guide cut off", whole(GUIDE.slice(0, 120)), {}, /it ends in the middle, at line 1/],
  ["sends a web page", whole("<html></html>"), {}, /a web page/],
  ["is larger than its limit", whole(GUIDE), { bytesMax: 50 }, /over .*limit/],
  [
    "breaks off",
    (_, reply) => {
      reply.writeHead(200, { "content-length": "1000" }).write(GUIDE.slice(0, 100));
      setImmediate(() => reply.destroy());
    },
    {},
    /broke off|cannot be reached/,
  ],
  [
    "redirects for ever",
    (_, reply) => void reply.writeHead(302, { location: "/" }).end(),
    {},
    /more than 5 times/,
  ],
  [
    "redirects to a file",
    (_, reply) => void reply.writeHead(302, { location: "file:///etc/passwd" }).end(),
    {},
    /only http and https/,
  ],
];
for (const [what, answer, more, why] of failures) {
  test(`a source that ${what} is told so, and what it brought stays`, () =>
    withFeed(async (t, feed) => {
      feed.answer = whole(GUIDE, { etag: '"a"' });
      await add(t, feed.url, more);
      if (!("bytesMax" in more)) await ask(t);
      feed.answer = answer;
      for (let n = 0; n < 3; n++) await ask(t);
      const [source] = (await t.api("GET", "/api/v1/guide/sources")).body.sources;
      assert.match(source.state.why, why);
      assert.equal(source.state.failures, 3);
      // Half of the third bound of four minutes.
      assert.equal(source.state.nextMs, TEST_NOW_MS + 120_000);
      assert.equal(source.trouble, undefined);
      if ("bytesMax" in more) return;
      assert.deepEqual([source.state.etag, source.state.last.programmes], ['"a"', 1]);
      assert.equal(await programmes(t), 1);
    }));
}

test("a source's guide that waited is told to wait until somebody decides, and then what was decided", () =>
  withFeed(async (t, feed) => {
    await authorSample(t);
    await t.api("POST", "/api/v1/publish", {});
    // Three hours later than what is there: beyond the limit of two.
    const late = GUIDE.replace("0101000000", "0101030000").replace("0101010000", "0101040000");
    const before =
      '<programme start="21000101000000 +0000" stop="21000101030000 +0000" channel="c1"><title>Match</title></programme>';
    feed.answer = whole(late.replace("</tv>", `${before}</tv>`));
    await add(t, feed.url);
    const { last } = (await ask(t)).body.state;
    assert.equal(last.state, "pending");
    await t.api("POST", `/api/v1/guide/imports/${last.import}/refuse`);
    const [source] = (await t.api("GET", "/api/v1/guide/sources")).body.sources;
    assert.deepEqual(source.state.last, { ...last, state: "refused" });
  }, true));

test("a source that hangs is given up at its time limit", () =>
  withFeed(async (t, feed) => {
    feed.answer = (_, reply) => {
      reply.writeHead(200).write("<tv>");
    };
    await add(t, feed.url, { timeoutMs: 1_000 });
    assert.match((await ask(t)).body.state.why, /within its time limit/);
  }));

test("a source that is not paused is asked at once, and its trouble is told when it lasts", () =>
  withFeed(async (t, feed) => {
    let told: () => void = () => {};
    const answered = new Promise<void>((resolve) => {
      told = resolve;
    });
    feed.answer = (request, reply) => {
      whole(GUIDE)(request, reply);
      reply.on("finish", told);
    };
    await add(t, feed.url, { paused: false });
    await answered;
    const view = async () => (await t.api("GET", "/api/v1/guide/sources")).body.sources[0];
    while ((await view()).state.doneMs === undefined) await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await view()).trouble, undefined);
    t.setWall(TEST_NOW_MS + 25 * 3_600_000);
    assert.match((await view()).trouble, /^stale: no guide for 25 h/);
    assert.equal((await t.api("DELETE", "/api/v1/guide/sources/feed")).status, 204);
    assert.equal((await t.api("DELETE", "/api/v1/guide/sources/feed")).status, 404);
    assert.equal(await programmes(t), 1);
  }));

const badSources: [what: string, body: object][] = [
  ["a file", { url: "file:///etc/passwd" }],
  ["a password in the address", { url: "https://u:p@x.example/" }],
  ["once a second", { every: { ms: 1_000 } }],
  ["a rule that is none", { every: { rule: "every day", zone: "UTC" } }],
  ["a zone that is none", { every: { rule: "0 4 * * *", zone: "Mars" } }],
];
for (const [what, change] of badSources) {
  test(`a source with ${what} is refused`, () =>
    withCentral({ air: false }, async (t) => {
      assert.equal((await add(t, "https://x.example/guide.xml", change)).status, 400);
    }));
}

const redirects: [from: string, to: string, why: RegExp | undefined][] = [
  ["https://feeds.example/a", "https://other.example/b", undefined],
  ["https://feeds.example/a", "http://feeds.example/a", /from https to http/],
  ["http://feeds.example/a", "http://127.0.0.1/", /private network/],
  ["http://feeds.example/a", "http://169.254.169.254/latest/meta-data", /private network/],
  ["http://feeds.example/a", "http://[::ffff:10.0.0.1]/", /private network/],
  ["http://10.1.1.1/a", "http://10.1.1.2/b", undefined],
];
for (const [from, to, why] of redirects) {
  test(`a redirect from ${from} to ${to} is ${why ? "refused" : "followed"}`, async () => {
    const fetch = (async (url: URL) =>
      url.href === from
        ? new Response(null, { status: 302, headers: { location: to } })
        : new Response("<tv/>")) as typeof globalThis.fetch;
    const limits = { bytesMax: 100, signal: new AbortController().signal };
    const fetched = fetchGuide(fetch, from, {}, limits);
    if (why) await assert.rejects(fetched, { code: "guide-not-fetched", message: why });
    else assert.equal((await fetched).kind, "guide");
  });
}

test("isPrivateHost() tells networks that nobody outside reaches", () => {
  const inside = [
    "localhost",
    "nas",
    "epg.local",
    "127.1.2.3",
    "10.0.0.1",
    "172.31.0.1",
    "192.168.1.1",
    "[::1]",
    "[fd00::1]",
    "[fe80::1]",
    "100.64.0.1",
    "0.0.0.0",
  ];
  for (const host of inside) assert.equal(isPrivateHost(host), true, host);
  for (const host of ["x.example", "8.8.8.8", "172.32.0.1", "[2001:db8::1]", "100.128.0.1"])
    assert.equal(isPrivateHost(host), false, host);
});

test("nextRegularMs() follows a rule in its zone, however rare, and a span", () => {
  const nowMs = Date.UTC(2026, 10, 23, 12, 0, 30);
  assert.equal(nextRegularMs({ ms: 60_000 }, nowMs), nowMs + 60_000);
  const rules: [rule: string, at: number][] = [
    ["* * * * *", Date.UTC(2026, 10, 23, 12, 1)],
    ["0 4 * * *", Date.UTC(2026, 10, 23, 20)],
    ["0 4 1 1 *", Date.UTC(2026, 11, 31, 20)],
  ];
  for (const [rule, at] of rules)
    assert.equal(nextRegularMs({ rule, zone: "Asia/Shanghai" }, nowMs), at, rule);
});

test("nextRunMs() comes back sooner after a failure, never before it was asked to", () => {
  const half = () => 0.5;
  assert.equal(nextRunMs({ ms: 3_600_000 }, 0, 1, half), 30_000);
  assert.equal(nextRunMs({ ms: 60_000 }, 0, 9, half), 60_000);
  assert.equal(
    nextRunMs({ ms: 60_000 }, 0, 1, () => 0, 600_000),
    600_000,
  );
  assert.equal(
    nextRunMs({ ms: 3_600_000 }, 0, 1, () => 0),
    5_000,
  );
});

test("maskUrl() leaves out what a query holds", () => {
  assert.equal(maskUrl("https://x.example/a?user=me&key=1"), "https://x.example/a?user=…&key=…");
});

test("fetchGuide() ends a body at its time limit by itself, where the runtime does not abort it", async () => {
  const ending = new AbortController();
  const endless = new ReadableStream<Uint8Array>({ start: (sent) => sent.enqueue(new Uint8Array(9)) });
  const fetch = (async () => new Response(endless)) as typeof globalThis.fetch;
  const limits = { bytesMax: 100, signal: ending.signal };
  const fetched = await fetchGuide(fetch, "http://epg.example/", {}, limits);
  assert.ok(fetched.kind === "guide");
  const reading = (async () => {
    for await (const piece of fetched.bytes) if (piece.length === 9) ending.abort();
  })();
  const message = /not whole within its time limit, after 9 bytes/;
  await assert.rejects(reading, { code: "guide-not-fetched", message });
});

const UNREACHED: [string, string, RegExp][] = [
  [
    "what its query holds",
    "error sending request for url (https://epg.example/x?key=secret): client error (Connect): tcp connect error: refused",
    /^Cannot fetch the guide: epg\.example cannot be reached: tcp connect error: refused$/,
  ],
  [
    "what its query holds, whatever a runtime says",
    "no way to https://epg.example/x?key=secret",
    /: no way to epg\.example$/,
  ],
  [
    "not whom to trust, but how",
    "error sending request for url (https://epg.example/x?key=secret): client error (Connect): invalid peer certificate: UnknownIssuer",
    /reached: invalid peer certificate: UnknownIssuer; start central with --ca FILE/,
  ],
  ["the same on Node", "unable to verify the first certificate", /certificate; start central with --ca FILE/],
];
for (const [what, said, message] of UNREACHED) {
  test(`fetchGuide() tells why a host cannot be reached: ${what}`, async () => {
    const fetch = (async () => {
      throw new TypeError("fetch failed", { cause: new Error(said) });
    }) as typeof globalThis.fetch;
    const limits = { bytesMax: 100, signal: new AbortController().signal };
    await assert.rejects(fetchGuide(fetch, "https://epg.example/x?key=secret", {}, limits), { message });
  });
}
