/** What a newcomer sees: `npm start`, the printed television, a poll, the remote, the count, Ctrl-C, and again. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { GRACE_MS } from "../../edge/box/overlay/overlay.ts";
import { sampleInteractions } from "../local/sample-interactions.ts";
import { startBrowser, type TestBrowser } from "./browser.ts";
import { createNewcomer, type Newcomer, type NpmStart } from "./npm-start.ts";
import { until } from "./rig.ts";
import { assertWithin } from "./within.ts";

const POLL_WITHIN_MS = 60_000;
const START_AGAIN_WITHIN_MS = 5_000;
const title = sampleInteractions().find(({ interaction }) => interaction.type === "poll")?.interaction.texts
  .en?.title;

let newcomer: Newcomer;
let testBrowser: TestBrowser;
let page: Page;
let started: NpmStart;

before(async () => {
  assert.ok(title);
  testBrowser = await startBrowser();
  page = await testBrowser.browser.newPage({
    viewport: { width: 1280, height: 720 },
    locale: "en",
    reducedMotion: "reduce",
  });
  newcomer = await createNewcomer();
});
after(async () => {
  await testBrowser?.close();
  await newcomer?.stop();
});

async function pollAppears(fromMs: number) {
  const shown = async () => (await page.locator("#overlay").textContent())?.includes(title ?? "");
  await until("the poll on the printed television", shown, POLL_WITHIN_MS - (performance.now() - fromMs));
}
const counted = async (cue: string) => {
  const api = await newcomer.api();
  return ((await api.get(`/api/v1/results/${cue}`)) as { counted: { total: number } }).counted.total;
};

test("npm start prints a television on which a poll appears within a minute, and its answer is counted", async () => {
  const fromMs = performance.now();
  started = newcomer.start();
  await page.goto(await started.said(/Television +(\S+)/));
  await pollAppears(fromMs);
  // A key that comes as the panel appears is the television's.
  await page.waitForTimeout(GRACE_MS);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  // Two boxes answer it too.
  await until(
    "three answers at central",
    async () => (await counted("opening:once").catch(() => 0)) >= 3,
    40_000,
  );
  assert.equal(await counted("opening:once"), 3);
});

for (const { name, command } of [
  { name: "boxes north", command: / box --edge .*--id box-north/ },
  { name: "edge south", command: /main\.ts edge .*edge-south/ },
  { name: "central", command: /main\.ts central / },
]) {
  // An edge enrols once.
  const running = () =>
    started
      .leftovers()
      .map((line) => line.replace(/ --enrol \S+/, ""))
      .sort()
      .join("\n");
  test(`${name}, killed, starts again, and nothing else has to`, async () => {
    const restarts = () => started.lines.filter((line) => /ended by itself/.test(line));
    const [all, before] = [running(), restarts()];
    assert.equal(started.crash(command), 1);
    const told = `${name} ended by itself (SIGKILL): starting it again`;
    await until(`"${told}"`, () => restarts().includes(told));
    await until("everything to run again", () => running() === all);
    assert.deepEqual(restarts(), [...before, told]);
  });
}

test("Ctrl-C ends npm start, and leaves neither processes nor files outside its data", async () => {
  assert.ok(started.leftovers().length > 5);
  await started.interrupt();
  assert.match(started.lines.join("\n"), /Stopped\. Everything is kept in/);
  assert.deepEqual(started.leftovers(), []);
  assert.deepEqual(await newcomer.strayFiles(), []);
});

test("npm start starts again from the same data in under 5 s, and another poll appears", async (t) => {
  const fromMs = performance.now();
  started = newcomer.start();
  const tookMs = await started.runs();
  assertWithin(t, "started again", tookMs, START_AGAIN_WITHIN_MS);
  await page.goto(await started.said(/Television +(\S+)/));
  await pollAppears(fromMs);
  await started.interrupt();
  assert.deepEqual(started.leftovers(), []);
  assert.equal(started.lines.filter((line) => /error|warn/i.test(line)).join("\n"), "");
});
