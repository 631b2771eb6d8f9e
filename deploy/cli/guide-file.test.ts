/** What `cuecast import` reads, from real sockets. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { openGuide } from "./guide-file.ts";
import { textUpload, upload } from "./upload.ts";

async function serving(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function piecesOf(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const pieces = [];
  for await (const piece of bytes) pieces.push(piece);
  return pieces;
}

test("openGuide() gives up a feed that trickles at its time limit", async (t) => {
  const url = await serving(t, (_, response) => {
    const trickle = setInterval(() => response.write(" "), 10);
    response.on("close", () => clearInterval(trickle));
  });
  const limit = new AbortController();
  const { bytes } = await openGuide(url, limit.signal);
  const reading = (async () => {
    for await (const piece of bytes) if (piece.length > 0) limit.abort();
  })();
  const message = /^Cannot fetch the guide: it was not whole within its time limit, after \d+ bytes/;
  await assert.rejects(reading, { code: "guide-not-fetched", message });
});

test("openGuide() gives up a feed that does not answer at its time limit", async (t) => {
  const limit = new AbortController();
  const url = await serving(t, () => limit.abort());
  const message = /it did not answer within its time limit/;
  await assert.rejects(openGuide(url, limit.signal), { code: "guide-not-fetched", message });
});

test("openGuide() has all members of what is sent with Content-Encoding: gzip, and knows its length", async (t) => {
  const members = Buffer.concat([gzipSync("<tv></tv>"), gzipSync("<tv></tv>")]);
  const url = await serving(t, (_, response) =>
    response.writeHead(200, { "content-encoding": "gzip", "content-length": members.length }).end(members),
  );
  const { bytes, length } = await openGuide(url);
  assert.equal(length, members.length);
  assert.deepEqual(Buffer.concat(await piecesOf(bytes)), members);
});

test("upload() refuses to send a file that is not as long as it was", async (t) => {
  const url = new URL(
    await serving(t, async (request, response) => response.end(await buffer(request).catch(() => ""))),
  );
  const init = { headers: {}, signal: AbortSignal.timeout(10_000) };
  const whole = textUpload("<tv/>");
  assert.equal(await (await upload(url, whole, init)).text(), "<tv/>");
  for (const length of [4, 6]) {
    await assert.rejects(upload(url, { ...textUpload("<tv/>"), length }, init), { code: "file-changed" });
  }
});
