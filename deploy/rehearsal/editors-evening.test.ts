/**
 * An editor's evening in a real browser: sign in, import, make a quiz in two languages, place it on a series,
 * publish, see it land on two edges, a box fires it, results come in, something else is withdrawn, all is rolled
 * back, and the audit knows it. Every view in both themes, looked over by axe-core.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { textUpload } from "../cli/upload.ts";
import { dialogFaults } from "./accessible-dialogs.ts";
import { narrowFaults, referenceFaults, shootViews, viewFaults } from "./accessible-views.ts";
import { startBrowser, type TestBrowser } from "./browser.ts";
import { POLL, place } from "./content.ts";
import { frameTimes } from "./frame-times.ts";
import { type BoxRig, createRig, type EdgeRig, type Rig, until } from "./rig.ts";

const SCREENSHOTS = process.env.CUECAST_REHEARSE_SCREENSHOTS;
const LARGE_CHANNELS = 500;
const LARGE_DAYS = Number(process.env.CUECAST_REHEARSE_DAYS ?? 1);
/** Of each way to move it; more with more days, to have a figure. */
const FRAMES = LARGE_DAYS > 1 ? 120 : 10;
/** From placing to firing: publishing, landing and prefetching lie between. */
const AHEAD_MS = 8_000;

let rig: Rig;
let edges: EdgeRig[];
let boxes: BoxRig;
let testBrowser: TestBrowser;
let page: Page;
let startMs: number;
let password: string;
const troubles: string[] = [];

before(async () => {
  // One after the other: to unpack a browser sets this process's environment, which what a rig starts would get.
  testBrowser = await startBrowser();
  rig = await createRig();
  for (const region of ["north", "south"])
    await rig.api.send("PUT", `/api/v1/regions/${region}`, { name: region });
  edges = await Promise.all(["north", "south"].map((region) => rig.addEdge(`edge-${region}`, region)));
  password = (await readFile(join(rig.dir, "central", "password"), "utf8")).trim();
  startMs = Math.floor(Date.now() / 1000) * 1000;
  const viewport = { width: 1440, height: 900 };
  page = await testBrowser.browser.newPage({ viewport, locale: "en-GB", colorScheme: "light" });
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => troubles.push(String(error.stack ?? error)));
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
});
after(async () => {
  await testBrowser?.close();
  await rig?.stop();
});

const named = (name: string) => page.locator(`[data-name="${name}"]`);
const go = (place: string) => page.evaluate(`location.hash = "#/${place}"`);
const xmltvTime = (ms: number) => `${new Date(ms).toISOString().replace(/[-:T]/g, "").slice(0, 14)} +0000`;

/** Two channels; on each the same series for three hours on end, one an hour. */
function guide(laterMs = 0): string {
  const channels = ["one", "two"];
  const programmes = channels.flatMap((channel) =>
    [0, 1, 2].map((hour) => {
      const fromMs = startMs + laterMs + hour * 3_600_000;
      return `<programme start="${xmltvTime(fromMs)}" stop="${xmltvTime(fromMs + 3_600_000)}" channel="${channel}"><title lang="en">Quiz night</title><episode-num system="xmltv_ns">0.${hour}.</episode-num></programme>`;
    }),
  );
  const heads = channels.map(
    (id, index) =>
      `<channel id="${id}"><display-name>${index + 1}</display-name><display-name>${id}</display-name></channel>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><tv>${heads.join("")}${programmes.join("")}</tv>`;
}

test("the page stands in a browser whose language is none", async () => {
  const other = await testBrowser.browser.newPage();
  const broken: string[] = [];
  other.on("pageerror", (error) => broken.push(String(error)));
  await other.addInitScript(
    "Object.defineProperty(Navigator.prototype, 'language', { get: () => 'en-US@posix' })",
  );
  await other.goto(`${rig.centralUrl}/`);
  await other.locator('input[name="password"]').waitFor({ timeout: 20_000 });
  await other.close();
  assert.deepEqual(broken, []);
});

test("an editor signs in, and imports a guide after a look at what it changes", async () => {
  await page.goto(`${rig.centralUrl}/#/guide`);
  await page.fill('input[name="password"]', "wrong");
  await page.click('button[type="submit"]');
  await page.getByText("The name or the password is wrong").waitFor();
  await page.fill('input[name="password"]', password);
  await page.click('button[type="submit"]');
  await named("guide-file").setInputFiles({
    name: "guide.xml",
    mimeType: "application/xml",
    buffer: Buffer.from(guide()),
  });
  await page.getByText("Nothing is taken yet").waitFor();
  assert.equal(((await rig.api.get("/api/v1/channels")) as { channels: [] }).channels.length, 0);
  await named("take-guide").click();
  await page.getByText("Imported: 6 programmes added").waitFor();
  // Something else that is on air later, to be withdrawn.
  await rig.api.send("POST", "/api/v1/interactions", POLL);
  const when = { kind: "instant", atMs: startMs + 7_200_000 } as const;
  await place(rig, "later", { when });
  await rig.publish();
});

test("makes a quiz in two languages, and sees it in the box's own overlay", async () => {
  await go("interactions/new");
  await named("type").selectOption("quiz");
  await named("id").fill("tonight-quiz");
  await named("title").fill("Which river is this?");
  await named("option-a").fill("The Yangtze");
  await named("option-b").fill("The Yellow River");
  await named("right-b").check();
  // So that winners can be picked in this evening.
  await page.getByLabel("Closes after, s").fill("30");
  await page.getByLabel("Accepted late for, h").fill("0");
  const overlay = page.frameLocator("iframe.tv");
  await overlay.getByText("Which river is this?").waitFor();
  await overlay.getByText("The Yellow River").waitFor();
  await page.locator('[data-language="zh-CN"]').click();
  await named("title").fill("这是哪条河？");
  await named("option-a").fill("长江");
  await named("option-b").fill("黄河");
  await overlay.getByText("这是哪条河？").waitFor();
  await named("save").click();
  await page.getByText("Saved as version 1").waitFor();
  await named("tag").fill("Quiz night");
  await named("tag").press("Enter");
  await page.locator(".tag", { hasText: "quiz night" }).waitFor();
  await go("interactions");
  await named("tag-filter").selectOption("quiz night");
  await until("the tagged one alone", async () => (await page.locator("tbody tr").count()) === 1);
  await page.locator("a.strong", { hasText: "Which river is this?" }).click();
});

test("places it on a series, publishes, and sees it land on both edges", async () => {
  await named("place").click();
  await named("id").fill("tonight");
  await page.locator('[data-kind="programme"]').click();
  await named("match").selectOption("series");
  const { channels } = (await rig.api.get(
    `/api/v1/timeline?channels=one&fromMs=${startMs}&untilMs=${startMs + 60_000}`,
  )) as { channels: { programmes: { series?: string }[] }[] };
  await named("match-text").fill(channels[0]?.programmes[0]?.series ?? "");
  await page.locator('[data-channel="one"]').check();
  const offset = Math.ceil((Date.now() + AHEAD_MS - startMs) / 1000);
  await named("offset").fill(`${Math.floor(offset / 60)}:${String(offset % 60).padStart(2, "0")}`);
  await until("three firings", async () => (await named("firings").locator("li").count()) === 3);
  await named("save").click();
  await page.getByText("It goes on air with the next publication").waitFor();
  await go("publish");
  await page.locator('[data-change="added tonight"]').waitFor();
  await named("comment").fill("the evening");
  await named("publish").click();
  await until("both edges to have it", async () =>
    ((await named("landed").textContent()) ?? "").startsWith("1/2 on 2 of 2"),
  );
  // A box that has pulled already asks again in five minutes only.
  boxes = rig.addBoxes("boxes", [
    ...["--edge", edges[0]?.url ?? "", "--channel", "one", "--count", "2"],
    ...["--answer", "random", "--seed", "7"],
  ]);
});

test("a box fires it, and the answers are seen as they come in", async () => {
  await until("the boxes to show it", () => boxes.airings.length >= 2, 40_000);
  // A draft is nobody's: what aired keeps its title, and votes stay with the options that they were given to.
  const { interaction, correct } = (await rig.api.get("/api/v1/interactions/tonight-quiz")) as {
    interaction: { texts: Record<string, { title: string; options: Record<string, string> }> };
    correct: string[];
  };
  const { a, b } = interaction.texts.en?.options ?? {};
  const texts = { ...interaction.texts, en: { title: "A draft alone", options: { a: b, b: a } } };
  await rig.api.send("POST", "/api/v1/interactions", { interaction: { ...interaction, texts }, correct });
  await go("results");
  await until("both answers", async () => (await named("total").first().textContent()) === "2", 30_000);
  await page.getByRole("heading", { name: "Which river is this?" }).waitFor();
  assert.deepEqual(await page.locator(".bars").first().locator(".cut").allTextContents(), [
    "The Yangtze",
    "The Yellow River ✓",
  ]);
  assert.equal(await page.getByText("A draft alone").count(), 0);
  await go("on-air");
  await page.locator(".result", { hasText: "Which river is this?" }).waitFor();
  assert.equal(await page.getByText("A draft alone").count(), 0);
  // Placed, it is to be published: old and new stand beside each other.
  const { placement } = (await rig.api.get("/api/v1/placements/tonight")) as { placement: object };
  await rig.api.send("PUT", "/api/v1/placements/tonight", { ...placement, version: 2 });
  await go("publish");
  const title = page.locator('[data-path="interaction.texts.en.title"]');
  await title.waitFor();
  assert.equal(await title.locator("del").textContent(), " Which river is this?");
  assert.equal(await title.locator("ins").textContent(), " A draft alone");
  await rig.api.send("PUT", "/api/v1/placements/tonight", placement);
  await rig.api.send("POST", "/api/v1/interactions", { interaction, correct });
});

test("a rule shows what it would keep away before it is saved, and an explanation says why", async () => {
  await go("channels/group:new");
  await named("name").fill("Both");
  await named("id").fill("both");
  await page.locator('[data-channel="one"]').check();
  await page.locator('[data-channel="two"]').check();
  await named("save").click();
  await page.getByText("It takes effect with the next publication").waitFor();
  await go("channels/rule:new");
  await named("id").fill("fair");
  await named("some-channels").click();
  await page.locator('[data-group="both"]').check();
  await named("gap").fill("1:30:00");
  const kept = page.locator('[data-effect="suppressed"]');
  await kept.waitFor();
  // Of an hour's cues on end those of every other hour, and one beside the poll that is placed later.
  assert.equal(await kept.textContent(), "2");
  await named("save").click();
  await page.getByRole("heading", { name: "fair" }).waitFor();
  await named("effect").locator("a").first().click();
  const chain = named("chain");
  await page.locator('[data-outcome="suppressed"] [data-code="gap"]').waitFor();
  await go("explain?placement=later&channel=two&of=air");
  await page.locator('[data-outcome="never"] [data-code="not-on-channel"]').waitFor();
  assert.equal(await chain.count(), 1);
  await rig.api.send("DELETE", "/api/v1/channel-rules/fair");
});

test("a guide that moves cues too far waits for a person, who sees what it would do and refuses it", async () => {
  await go("guide");
  await named("limit-moveMaxMs").fill("5");
  await named("save-limits").click();
  await page.getByText("Limits saved").waitFor();
  await named("guide-file").setInputFiles({
    name: "late.xml",
    mimeType: "application/xml",
    buffer: Buffer.from(guide(600_000)),
  });
  await page.getByText("over the limit of 5 min").first().waitFor();
  await named("take-guide").click();
  await page.getByText("Held back for a person").waitFor();
  await named("look").click();
  await page.locator('[data-effect="moved"], [data-effect="vanished"]').first().waitFor();
  await named("refuse-import").click();
  await named("refuse-import").click();
  await page.getByText("Refused; nothing changed").waitFor();
  await page.getByText("refused", { exact: true }).waitFor();
});

test("withdraws something else in two clicks from anywhere, takes it back, withdraws, rolls back, and finds it all in the audit", async () => {
  await go("people");
  await named("open-withdraw").click();
  await named("withdraw-later:once").click();
  const told = page.locator(".toast", { hasText: "Off the air: later:once" });
  await told.getByRole("button", { name: "Undo" }).click();
  await page.getByText("On air again: later:once").waitFor();
  await go("on-air");
  const row = page.locator("li.row", { hasText: "Who wins?" });
  await row.locator('[data-name="withdraw"]').click();
  await row.locator('[data-name="withdraw"]').click();
  await page.getByText("Off the air: later:once").waitFor();
  await row.waitFor({ state: "detached" });
  await go("publish");
  await named("rollback-1-1").click();
  await named("rollback-now").click();
  await page.getByText(/On air again: 1\/\d/).waitFor();
  await go("audit");
  for (const words of ["POST /withdraw", "POST /rollback", "POST /publish", "PUT /placements/{id}"]) {
    await page.getByText(words).first().waitFor();
  }
  await page.getByRole("button", { name: "tonight-quiz" }).first().waitFor();
});

test("archives what is no longer needed, not what may still be shown, and sets a freeze time", async () => {
  await rig.api.send("POST", "/api/v1/interactions", {
    interaction: {
      ...POLL.interaction,
      id: "spare",
      texts: { en: { title: "Spare", options: { a: "A", b: "B" } } },
    },
  });
  await go("interactions/tonight-quiz");
  await named("archive").click();
  const refused = page.locator(".toast.bad", {
    hasText: "Cannot archive tonight-quiz: it is placed by tonight",
  });
  await refused.getByText("Placement › tonight: is drafted and may still show it").waitFor();
  await refused.getByRole("button", { name: "Close" }).click();
  await go("interactions");
  const row = page.locator("tr", { hasText: "Spare" });
  await named("archive-spare").click();
  await row.waitFor({ state: "detached" });
  await page.locator(".toast", { hasText: "Archived: Spare" }).getByRole("button", { name: "Undo" }).click();
  await row.waitFor();
  await page.keyboard.press("Control+k");
  await page.locator(".palette-question").fill("archive spare");
  await page.getByRole("option", { name: "Archive: Spare" }).waitFor();
  await page.keyboard.press("Enter");
  await row.waitFor({ state: "detached" });
  await named("archived-filter").selectOption("only");
  await named("bring-back-spare").click();
  await page.getByText("Nothing is archived").waitFor();
  await go("publish");
  await named("freeze-seconds").fill("45");
  await named("save-freeze").click();
  const told = page.locator(".toast", { hasText: "Frozen for 45 s before a cue is due" });
  await told.getByRole("button", { name: "Undo" }).click();
  await page.getByText("No freeze time: changes are taken to the last second").waitFor();
  assert.deepEqual(await rig.api.get("/api/v1/publish/limits"), { freezeMs: 0 });
});

test("what is typed survives the line being cut and the page being closed", async () => {
  await go("interactions/tonight-quiz");
  await named("title").fill("Which river is it?");
  await page.context().setOffline(true);
  await named("air-unknown").waitFor();
  await named("save").click();
  await page.getByText("Central does not answer").first().waitFor();
  await page.context().setOffline(false);
  await page.reload();
  await until("the draft", async () => (await named("title").inputValue()) === "Which river is it?");
  // Somebody else saves meanwhile: the question is whose it shall be.
  const { interaction, correct } = (await rig.api.get("/api/v1/interactions/tonight-quiz")) as {
    interaction: object;
    correct: string[];
  };
  await rig.api.send("POST", "/api/v1/interactions", {
    interaction: { ...interaction, durationMs: 15_000 },
    correct,
  });
  await named("newer").waitFor();
  await named("catch-up").click();
  await page.getByRole("button", { name: "Save merged" }).click();
  await page.getByText("Saved as version 5").waitFor();
  const merged = (await rig.api.get("/api/v1/interactions/tonight-quiz")) as {
    interaction: { durationMs: number; texts: Record<string, { title: string }> };
  };
  assert.equal(merged.interaction.durationMs, 15_000);
  assert.equal(merged.interaction.texts.en?.title, "Which river is it?");
  const saved = page.locator(".toast", { hasText: "Saved as version 5" });
  await saved.getByRole("button", { name: "Undo" }).click();
  await page.getByText("As before again, saved as version 6").waitFor();
  await until(
    "the title of before",
    async () => (await named("title").inputValue()) === "Which river is this?",
  );
  // A cut line and a refused save are told in the browser's own log too.
  troubles.splice(0);
});

test("what is typed while a save is on its way, or before it is tried again, is kept; what was removed is saved anew", async () => {
  await go("interactions/spare");
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(
    "**/api/v1/interactions",
    async (route) => {
      await held;
      await route.continue();
    },
    { times: 1 },
  );
  await named("title").fill("Spare one");
  await named("save").click();
  await named("title").fill("Spare one and two");
  letGo();
  await page.getByText("Saved as version 2").waitFor();
  assert.equal(await named("title").inputValue(), "Spare one and two");
  await page.getByText("not saved", { exact: true }).waitFor();
  await page.context().setOffline(true);
  await named("save").click();
  const refused = page.locator(".toast.bad", { hasText: "Central does not answer" });
  await refused.waitFor();
  await named("title").fill("Spare one, two and three");
  await page.context().setOffline(false);
  await refused.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Saved as version 3").waitFor();
  const { interaction } = (await rig.api.get("/api/v1/interactions/spare")) as {
    interaction: { texts: Record<string, { title: string }> };
  };
  assert.equal(interaction.texts.en?.title, "Spare one, two and three");
  const later = { kind: "instant", atMs: startMs + 10_800_000 } as const;
  await place(rig, "scratch", { interaction: "spare", when: later });
  await go("placements/scratch");
  await page.locator("main details").first().waitFor();
  await page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true");
  await page.getByLabel("Priority", { exact: true }).fill("7");
  await rig.api.send("DELETE", "/api/v1/placements/scratch");
  await named("gone").waitFor();
  await named("save-again").click();
  await page.getByText("It goes on air with the next publication").waitFor();
  const { placement } = (await rig.api.get("/api/v1/placements/scratch")) as {
    placement: { priority: number };
  };
  assert.equal(placement.priority, 7);
  await rig.api.send("DELETE", "/api/v1/placements/scratch");
  await go("on-air");
  troubles.splice(0);
});

test("two people's limits are put together, not written over", async () => {
  await go("guide");
  await named("limit-movedMax").fill("50");
  const limits = (await rig.api.get("/api/v1/guide/limits")) as object;
  await rig.api.send("PUT", "/api/v1/guide/limits", { ...limits, vanishedMax: 1 });
  await named("newer").waitFor();
  await named("save-limits").click();
  await page.getByRole("button", { name: "Save merged" }).click();
  await page.getByText("Limits saved").waitFor();
  const now = (await rig.api.get("/api/v1/guide/limits")) as Record<string, number>;
  assert.deepEqual([now.movedMax, now.vanishedMax], [50, 1]);
  troubles.splice(0);
});

test("every view and every dialog holds for who cannot see it, in both themes", async () => {
  // What an empty page does not show: a cue without a title, a draw with its winners.
  const untitled = {
    ...POLL.interaction,
    id: "untitled",
    texts: { en: { body: "Red or blue?", options: { a: "Red", b: "Blue" } } },
  };
  await rig.api.send("POST", "/api/v1/interactions", { interaction: untitled });
  const later = { kind: "instant", atMs: startMs + 10_800_000 } as const;
  await place(rig, "untitled", { interaction: "untitled", when: later });
  await rig.publish();
  const { results } = (await rig.api.get("/api/v1/results")) as { results: { cue: string }[] };
  const cue = results[0]?.cue ?? "";
  const draw = (await rig.api.send("POST", `/api/v1/results/${cue}/draws`, {
    winners: 1,
    among: "all",
  })) as { id: string };
  await until("the cue to be closed", async () => {
    const { closed } = (await rig.api.get(`/api/v1/results/${cue}`)) as { closed: boolean };
    return closed;
  });
  await rig.api.send("POST", `/api/v1/results/${cue}/draws/${draw.id}/pick`);
  await rig.api.send("PUT", "/api/v1/people/anna", { role: "editor", password: "of nobody else" });
  await rig.api.send("POST", "/api/v1/tokens", { name: "monitor", role: "viewer" });
  const faults = [
    ...(await viewFaults(page, troubles)),
    ...(await dialogFaults(page, rig)),
    ...(await narrowFaults(page)),
    ...(await referenceFaults(page, rig.centralUrl)),
  ];
  if (SCREENSHOTS) await shootViews(page, rig.centralUrl, SCREENSHOTS);
  await page.goto(`${rig.centralUrl}/#/on-air`);
  assert.deepEqual(faults, []);
  assert.deepEqual(troubles, []);
});

/** 500 channels, half-hour programmes, end to end. */
function largeGuide(days: number): string {
  const channels = Array.from({ length: LARGE_CHANNELS }, (_, index) => `large-${index}`);
  const heads = channels.map(
    (id, index) =>
      `<channel id="${id}"><display-name>${100 + index}</display-name><display-name>Channel ${id}</display-name></channel>`,
  );
  const fromMs = Math.floor(startMs / 1_800_000) * 1_800_000;
  const programmes = channels.flatMap((channel, index) =>
    Array.from({ length: days * 48 }, (_, half) => {
      const atMs = fromMs + half * 1_800_000;
      return `<programme start="${xmltvTime(atMs)}" stop="${xmltvTime(atMs + 1_800_000)}" channel="${channel}"><title lang="en">Show ${(index * 7 + half) % 40}</title></programme>`;
    }),
  );
  return `<?xml version="1.0" encoding="UTF-8"?><tv>${heads.join("")}${programmes.join("")}</tv>`;
}

test("the timeline of 500 channels draws what is seen and no more, however it is moved", async (t) => {
  await rig.api.send("PUT", "/api/v1/guide/limits", { publish: false });
  await rig.api.upload("/api/v1/guide", textUpload(largeGuide(LARGE_DAYS)));
  const channels = Array.from({ length: LARGE_CHANNELS }, (_, index) => `large-${index}`);
  const when = { kind: "cron", rule: "*/10 * * * *", zone: "UTC" } as const;
  await place(rig, "everywhere", { when, channels });
  await go("on-air");
  await page.reload();
  await go("timeline");
  await page.locator('.timeline-stage:not([data-cues="0"])').waitFor();
  const moves = {
    scroll: "(n) => { document.querySelector('.timeline-scroll').scrollTop += 90; }",
    pan: "(n) => document.querySelector('.timeline-stage').dispatchEvent(new WheelEvent('wheel', { deltaX: 40, bubbles: true, cancelable: true }))",
    zoom: "(n) => document.querySelector('.timeline-stage').dispatchEvent(new WheelEvent('wheel', { deltaY: n % 60 < 30 ? 60 : -60, ctrlKey: true, clientX: 700, bubbles: true, cancelable: true }))",
  };
  for (const span of ["hour", "day", "week"]) {
    await page.locator(`[data-span="${span}"]`).click();
    for (const [move, step] of Object.entries(moves)) {
      const { frames, medianMs, p95Ms, worstMs, computedMs } = await frameTimes(page, FRAMES, step);
      t.diagnostic(
        `${span}, ${move}: ${frames} frames, median ${medianMs.toFixed(1)}, p95 ${p95Ms.toFixed(1)}, worst ${worstMs.toFixed(1)} ms; computed ${computedMs.toFixed(1)} ms a frame`,
      );
    }
  }
  assert.ok((await page.locator(".cue").count()) <= 120, "too many cues are elements of the page");
  assert.ok((await page.locator(".name").count()) < 40, "rows beyond what is seen");
  await page.evaluate("document.querySelector('.timeline-scroll').scrollTop = 1e9");
  await page.getByText(`Channel large-${LARGE_CHANNELS - 1}`).waitFor();
  // Cues on the canvas are chosen by keyboard and by mouse as those are that are elements.
  await page.locator('[data-span="hours"]').click();
  await page.locator(".timeline").focus();
  await page.evaluate("document.querySelector('.timeline-scroll').scrollTop = 0");
  await page.keyboard.press("0");
  const chosen = page.locator(".cue.chosen");
  // Rows whose cues are not there yet have none to choose.
  await until("a cue to be chosen", async () => {
    await page.keyboard.press("ArrowDown");
    return (await chosen.count()) > 0;
  });
  const body = await chosen.locator(".cue-body").boundingBox();
  const first = await chosen.getAttribute("data-cue");
  await page.keyboard.press("ArrowRight");
  await until("another to be chosen", async () => (await chosen.getAttribute("data-cue")) !== first);
  await page.mouse.click((body?.x ?? 0) + 3, (body?.y ?? 0) + 6);
  await named("why").waitFor();
  assert.equal(await chosen.getAttribute("data-cue"), first);
  assert.deepEqual(troubles, []);
});
