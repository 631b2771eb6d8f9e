import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import type { HotHandler, HotReply } from "./hot.ts";
import { type Handler, serve } from "./serve.ts";

const ok = (body: string) => ({ status: 200, headers: { "content-length": String(body.length) }, body });

async function withServer(hot: HotHandler, handler: Handler, run: (port: number) => Promise<void>) {
  const server = await serve(handler, { hostname: "127.0.0.1", port: 0, hot });
  try {
    await run(server.port);
  } finally {
    await server.close(0);
  }
}

/** Sends text as it is and gives all that comes back until the other side ends, or until it has `until`. */
const raw = (port: number, text: string, until?: string) =>
  new Promise<string>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let got = "";
    socket.on("data", (chunk) => {
      got += chunk;
      if (until !== undefined && got.includes(until)) socket.destroy();
    });
    socket.on("close", () => resolve(got));
    socket.on("error", reject);
  });

test("serve() with hot routes answers them itself and leaves the rest to the handler, with the asker's address", () =>
  withServer(
    (request) =>
      request.method === "GET" && request.url === "/hot?x=1"
        ? ok(`${request.address} ${request.header("x-some")} ${request.header("x-none")}`)
        : undefined,
    (request, peer) => new Response(`${new URL(request.url).pathname} ${peer.address}`),
    async (port) => {
      const get = async (path: string) =>
        (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { "x-some": "a" } })).text();
      assert.equal(await get("/hot?x=1"), "127.0.0.1 a undefined");
      assert.equal(await get("/cold"), "/cold 127.0.0.1");
    },
  ));

test("serve() gives a kept reply any number of times, whole, with its headers", () => {
  const body = new TextEncoder().encode("a".repeat(20_000));
  const headers = { "content-length": "20000", "x-some": "a" };
  const kept: HotReply = { status: 200, headers, body, kept: true };
  const unchanged: HotReply = { status: 304, headers: { etag: '"a"' }, body: null, kept: true };
  return withServer(
    (request) => (request.url === "/304" ? unchanged : kept),
    () => new Response(),
    async (port) => {
      for (let time = 0; time < 3; time++) {
        const reply = await fetch(`http://127.0.0.1:${port}/`);
        assert.equal((await reply.text()).length, 20_000);
        assert.equal(reply.headers.get("content-length"), "20000");
        assert.equal(reply.headers.get("x-some"), "a");
        const again = await fetch(`http://127.0.0.1:${port}/304`);
        assert.equal(again.status, 304);
        assert.equal(again.headers.get("etag"), '"a"');
      }
    },
  );
});

test("serve() with hot routes reads a body whole, up to its limit, and says when it is too large", () =>
  withServer(
    (request) =>
      request.body(100_000).then((body) => ok(typeof body === "string" ? body : String(body.length))),
    () => new Response(),
    async (port) => {
      const post = async (size: number) =>
        (await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "x".repeat(size) })).text();
      assert.equal(await post(0), "0");
      assert.equal(await post(1), "1");
      assert.equal(await post(100_000), "100000");
      assert.equal(await post(100_001), "too-large");
    },
  ));

test("serve() with hot routes reads a chunked body, and gives up one that grows too large without waiting for its end", () =>
  withServer(
    (request) => request.body(10).then((body) => ok(typeof body === "string" ? body : String(body.length))),
    () => new Response(),
    async (port) => {
      const head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
      assert.match(
        await raw(port, `${head}3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`, "\r\n\r\n5"),
        /200 OK[\s\S]*\r\n\r\n5$/,
      );
      assert.match(
        await raw(port, `${head}20\r\n${"x".repeat(32)}\r\n`, "too-large"),
        /200 OK[\s\S]*too-large/,
      );
    },
  ));

test("serve() with hot routes tells a handler of a body that broke off, and goes on", async () => {
  let told: (body: unknown) => void = () => {};
  const broken = new Promise((resolve) => {
    told = resolve;
  });
  await withServer(
    (request) =>
      request.body(100).then((body) => {
        told(body);
        return ok("gone");
      }),
    () => new Response(),
    async (port) => {
      const socket = connect(port, "127.0.0.1", () => {
        socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
        socket.end();
      });
      socket.on("error", () => {});
      assert.equal(await broken, "broken");
      const reply = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "abc" });
      assert.equal(await reply.text(), "gone");
    },
  );
});
