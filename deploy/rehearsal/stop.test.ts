/** An orderly stop says nothing wrong: central with two edges connected, whose questions it holds open, and others. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { freePort } from "../../shared/runtime/ports.ts";
import { createApi } from "../cli/api.ts";
import { type Part, type Runtime, startPart } from "../local/part.ts";
import { until } from "./rig.ts";

for (const [runtime, signal] of [
  ["deno", "SIGTERM"],
  ["node", "SIGINT"],
] as const satisfies readonly (readonly [Runtime, string])[]) {
  test(`central on ${runtime} ends on ${signal} without a word of trouble, two edges connected`, async () => {
    const dir = await mkdtemp(join(tmpdir(), "cuecast-stop-"));
    const lines: Record<string, string[]> = {};
    const parts: Part[] = [];
    const launch = (name: string, words: string[]) => {
      const told: string[] = [];
      lines[name] = told;
      const part = startPart({ name, words, runtime, onLine: (line) => told.push(line) });
      parts.push(part);
      return part;
    };
    const troubles = (name: string) =>
      lines[name]?.filter((line) => !/"level":"info"|"event":"ready"/.test(line));
    try {
      const data = join(dir, "central");
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const ports = ["--port", String(port), "--air-port", "0", "--air-admin-port", "0"];
      const central = launch("central", ["central", "--data", data, ...ports]);
      await central.ready;
      const token = (await readFile(join(data, "token"), "utf8")).trim();
      const api = createApi({ central: url, token, data, json: false });
      for (const region of ["north", "south"]) {
        await api.send("PUT", `/api/v1/regions/${region}`, { name: region });
        const { code } = (await api.send("POST", "/api/v1/edges/codes", { region })) as { code: string };
        const edge = ["edge", "--data", join(dir, region), "--port", "0", "--admin-port", "0"];
        await launch(region, [...edge, "--central", url, "--enrol", code]).ready;
      }
      // Both have asked and wait: their second question is the long one.
      await until("both edges to be heard", async () => {
        const { edges } = (await api.get("/api/v1/edges")) as { edges: { lastSeenMs?: number }[] };
        return edges.length === 2 && edges.every(({ lastSeenMs }) => lastSeenMs !== undefined);
      });
      // And somebody asks all the time, on connections that stay open, until nobody answers any more.
      const asking = Array.from({ length: 10 }, async () => {
        while (central.running()) await api.get("/api/v1/status").catch(() => {});
      });
      central.signal(signal);
      assert.deepEqual(await central.exited, { code: 0, signal: null, killed: false });
      await Promise.all(asking);
      assert.deepEqual(troubles("central"), []);
      for (const region of ["north", "south"]) {
        const edge = parts.find(({ name }) => name === region) as Part;
        edge.signal(signal);
        assert.equal((await edge.exited).code, 0);
      }
    } finally {
      await Promise.all(parts.map((part) => part.stop()));
      await rm(dir, { recursive: true, force: true });
    }
  });
}
