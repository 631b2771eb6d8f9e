import assert from "node:assert/strict";
import { test } from "node:test";
import { replicaFlags, workerFlags } from "./child-permissions.ts";

const CODE = "/p/edge,/p/shared,/p/node_modules,/p/package.json";
const folders = ["/d/replica", "/d/candidate"];
const netOf = (flags: string[]) => flags.find((flag) => flag.startsWith("--allow-net"));

test("replicaFlags() lets the replica process touch its two folders and ask air, and no more", () => {
  const flags = replicaFlags("/p", { folders, airUrl: "http://127.0.0.1:8083" });
  assert.ok(flags.includes(`--allow-read=${CODE},/d/replica,/d/candidate`), flags.join(" "));
  assert.ok(flags.includes("--allow-write=/d/replica,/d/candidate"));
  assert.ok(flags.includes("--allow-ffi=/p/node_modules/@libsql"));
  assert.equal(netOf(flags), "--allow-net=127.0.0.1:8083");
});

const places: [airUrl: string, net: string][] = [
  ["https://air.example", "--allow-net=air.example:443"],
  ["http://air.example/below", "--allow-net=air.example:80"],
  ["https://air.example:8443", "--allow-net=air.example:8443"],
  ["http://[2001:db8::1]:8083", "--allow-net=[2001:db8::1]:8083"],
  // Deno takes no such name: it would not start.
  ["http://air_server:8083", "--allow-net"],
];
for (const [airUrl, net] of places) {
  test(`replicaFlags() of ${airUrl} is ${net}`, () => {
    assert.equal(netOf(replicaFlags("/p", { folders, airUrl })), net);
  });
}

test("workerFlags() lets a worker read what it serves, listen there, and write nothing", () => {
  const flags = workerFlags("/p", { folders: ["/d/publications", "/p/dist"], host: "::", port: 8081 });
  assert.ok(flags.includes(`--allow-read=${CODE},/d/publications,/p/dist`), flags.join(" "));
  assert.ok(!flags.some((flag) => flag.startsWith("--allow-write") || flag.startsWith("--allow-run")));
  assert.equal(netOf(flags), "--allow-net=[::]:8081");
  assert.equal(netOf(workerFlags("/p", { folders, host: "127.0.0.1", port: 0 })), "--allow-net=127.0.0.1");
});
