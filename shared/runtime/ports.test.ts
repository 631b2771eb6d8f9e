import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { freePort, openAt } from "./ports.ts";

for (const [host, scheme, url] of [
  ["127.0.0.1", "http", "http://127.0.0.1:8081"],
  ["0.0.0.0", "http", "http://127.0.0.1:8081"],
  ["::", "https", "https://[::1]:8081"],
  ["fd00::1", "http", "http://[fd00::1]:8081"],
  ["edge.example", "https", "https://edge.example:8081"],
] as const) {
  test(`openAt() gives ${url} for ${host}`, () => assert.equal(openAt(host, 8081, scheme), url));
}

test("freePort() gives one that can be listened on, and that no outgoing connection may take meanwhile", async () => {
  const port = await freePort();
  assert.ok(port >= 20_000 && port < 32_000, `${port}`);
  const server = createServer();
  await new Promise<void>((resolve, reject) =>
    server.once("error", reject).listen(port, "127.0.0.1", resolve),
  );
  await new Promise((resolve) => server.close(resolve));
});
