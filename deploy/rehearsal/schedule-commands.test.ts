/** `cuecast schedule preview` and `explain` beside a running central, as an editor types them. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { BINARIES, PROJECT_DIR } from "../local/binaries.mjs";
import { fill, placement } from "./content.ts";
import { createRig, type Rig } from "./rig.ts";

const run = promisify(execFile);
let rig: Rig;
let startMs: number;

before(async () => {
  rig = await createRig();
  startMs = Math.ceil(Date.now() / 1000) * 1000 + 3_600_000;
  await fill(rig, startMs);
  const put = (path: string, body: object) => rig.api.send("PUT", `/api/v1/${path}`, body);
  const match = { titlePattern: "quiz night*" };
  const at = { everyMs: 120_000, offsetMs: 0, most: 3 };
  await put(
    "placements/several",
    placement("several", { when: { kind: "programme", match, at }, channels: ["one", "two"] }),
  );
});
after(() => rig?.stop());

/** What it prints and how it ends. */
async function typed(...words: string[]): Promise<{ text: string; code: number }> {
  const main = join(PROJECT_DIR, "deploy/cli/main.ts");
  const env = { ...process.env, CUECAST_CENTRAL: rig.centralUrl, CUECAST_DATA: join(rig.dir, "central") };
  const args = ["--disable-warning=ExperimentalWarning", main, "schedule", ...words];
  return run(BINARIES.node24, args, { env }).then(
    ({ stdout, stderr }) => ({ text: stdout + stderr, code: 0 }),
    ({ stdout, stderr, code }) => ({ text: stdout + stderr, code }),
  );
}

test("a preview tells the next firings before they are published, and those that a rule keeps away", async () => {
  const { text, code } = await typed("preview", "several", "--json");
  assert.equal(code, 0, text);
  const of = (reply: string) =>
    JSON.parse(reply) as { cues: { id: string; atMs: number }[]; suppressed: { reason: string }[] };
  const moments = (reply: string) => of(reply).cues.map(({ atMs }) => (atMs - startMs) / 60_000);
  assert.deepEqual(moments(text), [0, 0, 2, 2, 4, 4], "three in each of two programmes");
  await rig.api.send("PUT", "/api/v1/channel-rules/fair", { channels: ["one"], gapMs: 180_000 });
  const ruled = await typed("preview", "several", "--json");
  assert.deepEqual(moments(ruled.text), [0, 0, 2, 4, 4]);
  assert.deepEqual(
    of(ruled.text).suppressed.map(({ reason }) => reason),
    ["gap"],
  );
  assert.match((await typed("preview", "several")).text, /Suppressed:[\s\S]*gap/);
});

test("a preview of first runs, in a guide that knows of none, says so", async () => {
  const at = { fraction: 0 };
  const body = placement("first", {
    when: { kind: "programme", match: { titlePattern: "*" }, airing: "first-run", at },
    channels: ["one"],
  });
  await rig.api.send("PUT", "/api/v1/placements/first", body);
  const { text, code } = await typed("preview", "first");
  assert.equal(code, 0, text);
  assert.match(text, /does not appear[\s\S]*repeat +It takes first runs only: .*the guide does not say/);
});

test("an explanation tells why one that was expected does not appear, drafted and on air", async () => {
  const missing = ["explain", "several", "--channel", "one", "--at"];
  const at = (minutes: number) => new Date(startMs + minutes * 60_000).toISOString();
  const drafted = await typed(...missing, at(2), "--drafts");
  assert.equal(drafted.code, 0, drafted.text);
  assert.match(drafted.text, /\.1 on one: is suppressed[\s\S]*NO +contest +gap/);
  assert.match((await typed(...missing, at(3))).text, /There is no placement several/);
  await rig.publish();
  assert.match((await typed(...missing, at(2))).text, /\.1 on one: is suppressed/);
  assert.match(
    (await typed(...missing, at(3))).text,
    /^several on one: nothing stands at [\s\S]*NO +rule +other-moment [\s\S]*the nearest is several:/,
  );
  assert.match((await typed(...missing, at(600))).text, /The guide has nothing on one/);
});

test("what cannot be answered is refused in words", async () => {
  for (const words of [["preview", "nobody"], ["explain", "several"], ["explain"], ["foresee", "several"]]) {
    const { text, code } = await typed(...words);
    assert.ok(code > 0 && /^Cannot |Usage/.test(text), `${words.join(" ")}: ${code} ${text}`);
    assert.doesNotMatch(text, /\n\s+at /);
  }
});

test("a local time without a zone is asked for in the command line's own words", async () => {
  const { text, code } = await typed("explain", "several", "--drafts", "--at", "20261123T1905");
  assert.equal(code, 2, text);
  assert.match(
    text,
    /^Cannot read --at 20261123T1905: .* has no zone; add --zone .*, or write an instant like .*Z$/m,
  );
  assert.doesNotMatch(text, /atMs/);
});
