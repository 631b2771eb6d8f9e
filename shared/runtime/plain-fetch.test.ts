/** On real sockets: what arrives, what is sent, and how it ends. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { createAuthority } from "../testing/certificates.ts";
import { plainFetch } from "./plain-fetch.ts";

async function serving(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<URL> {
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

test("plainFetch() hands on a packed body as it was sent, behind its first member too", async (t) => {
  const members = Buffer.concat([gzipSync("one"), gzipSync("two")]);
  const url = await serving(t, (_, response) =>
    response.writeHead(200, { "content-encoding": "gzip", etag: '"1"' }).end(members),
  );
  const response = await plainFetch(url);
  assert.equal(response.headers.get("etag"), '"1"');
  assert.deepEqual(await bytesOf(response), new Uint8Array(members));
});

test("plainFetch() sends a length ahead where it is told one, and chunks where not", async (t) => {
  const url = await serving(t, async (request, response) => {
    const sent = await buffer(request);
    const { "content-length": length, "transfer-encoding": chunks } = request.headers;
    response.end(`${request.method} ${sent} ${length} ${chunks}`);
  });
  const body = () => Readable.from([Buffer.from("ab"), Buffer.from("c")]);
  const told = await plainFetch(url, { method: "POST", body: body(), length: 3 });
  assert.equal(await told.text(), "POST abc 3 undefined");
  const untold = await plainFetch(url, { method: "POST", body: body() });
  assert.equal(await untold.text(), "POST abc undefined chunked");
  assert.equal(await (await plainFetch(url)).text(), "GET  undefined undefined");
});

test("plainFetch() has a refusal before all is sent, and ends the body", async (t) => {
  const url = await serving(t, (_, response) => response.writeHead(422).end("no guide"));
  let ended = false;
  async function* endless() {
    try {
      for (;;) yield new Uint8Array(65_536);
    } finally {
      ended = true;
    }
  }
  const response = await plainFetch(url, { method: "POST", body: endless() });
  assert.deepEqual([response.status, await response.text(), ended], [422, "no guide", true]);
});

test("plainFetch() has no body where a status has none", async (t) => {
  const url = await serving(t, (_, response) => response.writeHead(304).end());
  const { status, body } = await plainFetch(url);
  assert.deepEqual([status, body], [304, null]);
});

test("plainFetch() throws what its body throws, and ends the request", async (t) => {
  let broken: Promise<unknown> | undefined;
  const url = await serving(t, (request) => {
    broken = new Promise((resolve) => request.once("close", resolve));
    request.on("error", () => {}).resume();
  });
  const failure = new Error("the file went away");
  async function* failing() {
    yield new Uint8Array(9);
    while (!broken) await new Promise((resolve) => setImmediate(resolve));
    throw failure;
  }
  await assert.rejects(plainFetch(url, { method: "POST", body: failing() }), failure);
  await broken;
});

test("plainFetch() ends at its signal, before a reply and within it", async (t) => {
  const ending = new AbortController();
  const silent = await serving(t, () => ending.abort());
  await assert.rejects(plainFetch(silent, { signal: ending.signal }));
  await assert.rejects(plainFetch(silent, { signal: ending.signal }));
  const later = new AbortController();
  const endless = await serving(t, (_, response) => response.write("some"));
  const reader = (await plainFetch(endless, { signal: later.signal })).body?.getReader();
  assert.equal((await reader?.read())?.value?.length, 4);
  later.abort();
  await assert.rejects(async () => reader?.read());
});

test("plainFetch() tells a body that breaks off, and a host that nobody answers on", async (t) => {
  const url = await serving(t, (_, response) => {
    response.writeHead(200, { "content-length": 9 });
    response.write("some", () => response.destroy());
  });
  await assert.rejects(async () => (await plainFetch(url)).text());
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  await assert.rejects(plainFetch(new URL(`http://127.0.0.1:${port}/`)), /ECONNREFUSED|refused/);
});

test("plainFetch() does not ask a host whose certificate nobody signed that is trusted", async (t) => {
  const { cert, key } = createAuthority().issue();
  let asked = false;
  const server = createSecureServer({ cert, key }, () => {
    asked = true;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await assert.rejects(plainFetch(url), /UnknownIssuer|unable to verify/);
  assert.equal(asked, false);
});

test("plainFetch() ends at its signal while a host keeps silent instead of TLS", async (t) => {
  const ending = new AbortController();
  const server = createTcpServer(() => ending.abort()).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await assert.rejects(plainFetch(url, { signal: ending.signal }), { name: "AbortError" });
});
