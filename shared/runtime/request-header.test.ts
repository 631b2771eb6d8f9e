import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { hasShortWay, headerOf } from "./request-header.ts";
import { serve } from "./serve.ts";

const NAMES = ["if-none-match", "cookie", "x-empty", "x-latin", "x-none", "content-type"];

/** What a server's handler sees of a request. */
async function seen<T>(look: (request: Request) => T): Promise<T> {
  let got: T | undefined;
  const server = await serve(
    (request) => {
      got = look(request);
      return new Response("");
    },
    { hostname: "127.0.0.1", port: 0 },
  );
  const lines = [
    ...[
      "GET / HTTP/1.1",
      "Host: a",
      'If-None-Match: "a"',
      'if-NONE-match: "b"',
      "Cookie: a=1",
      "Cookie: b=2",
    ],
    ...["X-Empty:", "X-Latin: caf\xe9", "Connection: close", "", ""],
  ];
  await new Promise<void>((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1", () => {
      socket.write(Buffer.from(lines.join("\r\n"), "latin1"));
    });
    socket.on("data", () => {});
    socket.on("close", () => resolve());
    socket.on("error", reject);
  });
  await server.close(0);
  return got as T;
}

test("headerOf() says what Request.headers says, of repeated, empty and missing headers too", async () => {
  const [short, long] = await seen((request) => [
    NAMES.map((name) => headerOf(request, name)),
    NAMES.map((name) => request.headers.get(name)),
  ]);
  assert.deepEqual(short, long);
  assert.equal(short?.[0], '"a", "b"');
});

test("headerOf() reads a request that no server made", () => {
  const request = new Request("http://a/", { headers: { "x-some": "a" } });
  assert.equal(headerOf(request, "x-some"), "a");
  assert.equal(headerOf(request, "x-none"), null);
});

test("Requests of Deno's server give a header by its name", { skip: !("Deno" in globalThis) }, async () => {
  assert.equal(await seen(hasShortWay), true);
});
