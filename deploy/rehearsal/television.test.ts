/** The reference television in a real browser: a poll appears, the remote answers it, a channel switch disarms. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { GRACE_MS } from "../../edge/box/overlay/overlay.ts";
import { textUpload } from "../cli/upload.ts";
import { makeSampleGuide } from "../local/sample-guide.ts";
import { sampleInteractions } from "../local/sample-interactions.ts";
import { startBrowser, type TestBrowser } from "./browser.ts";
import { placement } from "./content.ts";
import { countedAt, createRig, type EdgeRig, landed, type Rig, until } from "./rig.ts";

let rig: Rig;
let edge: EdgeRig;
let testBrowser: TestBrowser;
let page: Page;
let firstMs: number;
const asked: string[] = [];
const troubles: string[] = [];
const poll = sampleInteractions().find(({ interaction }) => interaction.type === "poll")?.interaction;
const title = poll?.texts["zh-CN"]?.title ?? "";

async function placePoll(id: string, channel: string, atMs: number): Promise<void> {
  const rule = { when: { kind: "instant", atMs }, prefetch: { leadMs: 10_000, guardMs: 2_000 } } as const;
  const body = placement(id, { ...rule, interaction: poll?.id ?? "", channels: [channel] });
  await rig.api.send("PUT", `/api/v1/placements/${id}`, body);
}

before(async () => {
  assert.ok(poll && title);
  rig = await createRig();
  await rig.api.send("PUT", "/api/v1/regions/north", { name: "North" });
  await rig.api.upload("/api/v1/guide", textUpload(makeSampleGuide(Date.now())));
  await rig.api.send("POST", "/api/v1/interactions", { interaction: poll });
  edge = await rig.addEdge("edge-north", "north");
  testBrowser = await startBrowser();
  page = await testBrowser.browser.newPage({
    ...{ viewport: { width: 1600, height: 720 }, locale: "zh-CN" },
    // The picture behind is drawn by the processor here, two minutes long, and takes half of it.
    reducedMotion: "reduce",
  });
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  firstMs = Date.now() + 12_000;
  await placePoll("first", "cctv1", firstMs);
  await placePoll("second", "cctv1", firstMs + 40_000);
  await landed(edge, await rig.publish());
  await page.goto(`${edge.url}/tv/?channel=cctv1&language=zh-CN`);
});
after(async () => {
  await testBrowser?.close();
  await rig?.stop();
});

/** A key that comes as the panel appears is the television's. */
const graceOver = (set: Page) => set.waitForTimeout(GRACE_MS);
const overlayText = async () => (await page.locator("#overlay").textContent()) ?? "";

test("a poll appears on the television at its moment, in the viewer's language", async () => {
  await until("the line-up and the programme", async () =>
    (await page.locator("#screen").textContent())?.includes("CCTV-1"),
  );
  await until("the poll", async () => (await overlayText()).includes(title), 30_000);
  assert.ok(Math.abs(Date.now() - firstMs) < 3000, `appeared ${Date.now() - firstMs} ms after its moment`);
  await until("the panel to tell of it", async () =>
    /播出 first:once 已显示/.test((await page.locator("#panel").textContent()) ?? ""),
  );
  if (process.env.CUECAST_REHEARSE_SCREENSHOTS) {
    await mkdir(process.env.CUECAST_REHEARSE_SCREENSHOTS, { recursive: true });
    // Let the overlay finish sliding in.
    await page.waitForTimeout(1000);
    await writeFile(join(process.env.CUECAST_REHEARSE_SCREENSHOTS, "tv.png"), await page.screenshot());
  }
});

test("the remote's keys answer it, the viewer is thanked, and central counts the answer once", async () => {
  await graceOver(page);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  const counted = await until(
    "the answer at central",
    async () => {
      const found = await countedAt(rig, "first:once").catch(() => undefined);
      return found && found.total > 0 && found;
    },
    40_000,
  );
  assert.equal(counted.total, 1);
});

test("a channel switch pulls the new channel's schedule and disarms the old one's cues", async () => {
  await until("the poll to leave", async () => !(await overlayText()).includes(title), 40_000);
  await page.keyboard.press("PageUp");
  await until("the other channel's schedule", () => asked.includes("/v1/channels/cctv2/schedule"));
  // The line-up's list, from the channel that is tuned.
  const list = page.locator("#line-up");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await list.locator(".focus .number").textContent(), "2");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await until("the channel chosen from the list", () => asked.includes("/v1/channels/cctv3/schedule"));
  assert.equal(await list.getAttribute("class"), "away");
  await page.keyboard.press("ArrowLeft");
  await list.locator(".row", { hasText: "CCTV-2" }).click();
  await until("the second poll's moment to be past", () => Date.now() > firstMs + 43_000, 60_000);
  assert.ok(!(await overlayText()).includes(title));
  await page.keyboard.press("PageDown");
  // Its window is still open, and it joins late: so it was disarmed by the switch, not lost.
  await until("the poll, back on its channel", async () => (await overlayText()).includes(title), 15_000);
});

test("with the network cut and the clock set back an hour, on the page, a poll still appears on time", async () => {
  // Tall: nothing of the side has to be scrolled to while a poll comes near.
  const set = await testBrowser.browser.newPage({
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
  });
  set.on("pageerror", (error) => troubles.push(String(error)));
  const atMs = Date.now() + 25_000;
  await placePoll("broken", "cctv2", atMs);
  await landed(edge, await rig.publish());
  await set.goto(`${edge.url}/tv/?channel=cctv2&language=en&box=tv-broken`);
  const panel = async () => (await set.locator("#panel").textContent()) ?? "";
  const fault = (name: string) => set.locator(`[data-fault="${name}"]`);
  await until(
    "the interaction to be held",
    async () => (await panel()).includes("broken:once") && !(await panel()).includes("not held yet"),
  );
  // The remote's red key, on the page; the overlay has no use for it now.
  await set.locator('#remote [aria-label="red"]').click();
  await fault("skew-3600000").click();
  assert.equal(await fault("network").getAttribute("aria-pressed"), "true");
  await until("the panel to tell the clock's error", async () => /[-−]1:00:0|−59:5/.test(await panel()));
  const shown = async () => ((await set.locator("#overlay").textContent()) ?? "").includes("weekend");
  await until("the poll, from the store", shown, 40_000);
  const offMs = Date.now() - atMs;
  assert.ok(Math.abs(offMs) < 3000, `appeared ${offMs} ms after its moment`);

  // While something is asked, colours choose; what is chosen waits, since nothing can be sent.
  await graceOver(set);
  await set.keyboard.press("1");
  await until("the answer to wait", async () => (await panel()).includes("1 answer,"));
  await set.locator('[data-fault="reboot"]').click();
  await until("the box to find the answer again", async () => (await panel()).includes("1 answer,"));
  await fault("storage").click();
  await until("the panel to tell of the storage", async () => (await panel()).includes("Storekilled"));
  await fault("mend").click();
  await until("the panel to tell that it is well", async () => /Store\d+ schedule/.test(await panel()));
  assert.equal(await fault("network").getAttribute("aria-pressed"), "false");
  await until("the answer to be sent", async () => (await panel()).includes("0 answers"), 40_000);
  assert.ok(!(await shown()), "a reboot does not show it again");
  await set.close();
});

test("an address that no box can be started with is refused on the page", async () => {
  const set = await testBrowser.browser.newPage();
  set.on("pageerror", (error) => troubles.push(String(error)));
  await set.goto(`${edge.url}/tv/?box=%3Cimg%3E&edge=javascript:alert(1)&language=en`);
  assert.match((await set.locator("[role=alert]").textContent()) ?? "", /^Cannot start the box: box in/);
  await set.close();
});

test("the page ran without an error", () => {
  assert.deepEqual(troubles, []);
});
