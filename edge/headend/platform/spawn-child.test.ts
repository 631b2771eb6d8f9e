import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { test } from "node:test";
import { spawnReplicaProcess } from "./spawn-child.ts";

/** Fields of `/proc/…/stat` behind the name, which may hold anything: the state is 0, the parent 1, the niceness 16. */
const statOf = (path: string) => {
  const text = readFileSync(path, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
};

function childrenOf(pid: number): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return Number(statOf(`/proc/${name}/stat`)[1]) === pid;
    } catch {
      return false;
    }
  });
}

test("the replica process stands back with every thread, the engine's helpers too", async () => {
  const before = childrenOf(process.pid);
  const child = spawnReplicaProcess({ folders: ["/tmp"], airUrl: "http://127.0.0.1:9" });
  try {
    const said = new Promise<string>((resolve) => {
      child.onLine(resolve);
      child.onEnd(resolve);
    });
    child.send("{}");
    assert.match(await said, /bad-command/);
    const [pid] = childrenOf(process.pid).filter((one) => !before.includes(one));
    const threads = readdirSync(`/proc/${pid}/task`).map((id) => statOf(`/proc/${pid}/task/${id}/stat`));
    assert.ok(threads.length > 2, `${threads.length} threads`);
    const wanted = Math.min(19, getPriority() + 10);
    assert.deepEqual([...new Set(threads.map((fields) => Number(fields[16])))], [wanted]);
  } finally {
    child.kill();
  }
});
