/**
 * Every screen of the overlay in a real browser, at both sizes: it stands in the title-safe area, nothing runs over,
 * letters are large enough for three metres, the focus is seen, the time left is shown.
 *
 * With `CUECAST_REHEARSE_SCREENSHOTS=DIR` it keeps a picture of each, to be looked at.
 */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import * as v from "valibot";
import type { View } from "../../edge/box/core/messages.ts";
import { interactionSchema } from "../../shared/protocol/interaction.ts";
import { PROJECT_DIR } from "../local/binaries.mjs";
import { buildBox } from "../local/build-box.ts";
import { startBrowser, type TestBrowser } from "./browser.ts";
import { contrasts } from "./contrast.ts";
import { LANGUAGES, type Screen, screens } from "./screen-views.ts";

const SIZES = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
];
/** Title-safe: this part of each side stays free (EBU R 95 asks for 5 %). */
const SAFE = 0.05;
/** Smallest letters, at 1080 lines: what is read at three metres on a 32-inch set. */
const LETTERS_PX = 28;
/** WCAG 2.2: 7 to 1 for text at level AAA, 3 to 1 for graphics. */
const CONTRAST = { text: 7, sign: 3 };
const SHOTS = process.env.CUECAST_REHEARSE_SCREENSHOTS;

const PROGRAM = `
import { createOverlay, GRACE_MS } from "./edge/box/overlay/overlay.ts";
import { browserTimers } from "./edge/box/platform/browser.ts";
let overlay;
let endGrace;
const timers = {
  after(ms, run) {
    if (ms !== GRACE_MS) return browserTimers.after(ms, run);
    endGrace = run;
    return () => {};
  },
};
window.draw = (screen) => {
  if (overlay) overlay.remove();
  window.told = [];
  overlay = createOverlay(document.getElementById("screen"), timers);
  overlay.attach({ shown() {}, answer: (cue, choice) => told.push(choice), dismissed: () => told.push("dismissed") });
  for (const view of screen.views) overlay.show(view);
  if (screen.keys) endGrace();
  for (const key of screen.keys || []) overlay.key(key);
};
window.show = (view) => overlay.show(view);
window.press = (key) => overlay.key(key);
window.marked = () => [...document.querySelectorAll(".cuecast-panel:not(.cuecast-leaving) .cuecast-mine .cuecast-label")].map((one) => one.textContent).join();
window.endGrace = () => endGrace();
`;

/** Something like a programme, light enough to show what the panel does to it. */
const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9" preserveAspectRatio="none"><rect width="16" height="9" fill="#cfe3f0"/><circle cx="11" cy="3" r="1" fill="#fff7d6"/><path d="M0 6 Q4 3 8 6 T16 5 V9 H0z" fill="#6fa58b"/><path d="M0 7 Q5 5 10 7 T16 7 V9 H0z" fill="#3f7a66"/></svg>`;
const PAGE = `<!doctype html><html><head><meta charset="utf-8"><link rel="stylesheet" href="/tv/fonts/fonts.css">
<link rel="stylesheet" href="/box/cuecast-box.css" id="cuecast-style">
<style>.cuecast-overlay,.cuecast-overlay *{transition:none!important}</style></head>
<body style="margin:0;height:100vh;background:url(/picture.svg) 0 0/100% 100%"><div id="screen" style="position:absolute;top:0;right:0;bottom:0;left:0"></div>
<script src="/gallery.js"></script></body></html>`;

interface Facts {
  panel: { left: number; top: number; right: number; bottom: number };
  /** Elements that are wider or higher than the place they have. */
  over: string[];
  /** Elements outside of the panel. */
  outside: string[];
  letters: { least: number; text: string };
  focus: number;
  focusVisible: boolean;
  seconds: string;
  kind: string;
  direction: string;
}

/** Runs in the page. */
function look(): Facts {
  const panel = document.querySelector(".cuecast-panel") as HTMLElement;
  const bounds = panel.getBoundingClientRect();
  const over: string[] = [];
  const outside: string[] = [];
  const letters = { least: Number.POSITIVE_INFINITY, text: "" };
  const nameOf = (one: Element) => `${one.className}: ${(one.textContent ?? "").slice(0, 30)}`;
  for (const one of [panel, ...panel.querySelectorAll<HTMLElement>("*")]) {
    const style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    if (one.offsetParent === null || style.visibility === "hidden" || one.tagName === "CANVAS") continue;
    const own = [...one.childNodes].some(
      (node) => node.nodeType === 3 && (node.textContent ?? "").trim() !== "",
    );
    if (own && box.width < 1) over.push(`no room at all for ${nameOf(one)}`);
    if (box.width === 0) continue;
    // What is cut with an ellipsis, at a whole line, is no accident.
    const cut =
      style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none" || style.maxHeight !== "none";
    const wide = one.scrollWidth > one.clientWidth + 1;
    const high = one.scrollHeight > one.clientHeight + 2;
    if ((own || one === panel) && (cut ? wide && style.whiteSpace !== "nowrap" : wide || high))
      over.push(nameOf(one));
    const lines = one.clientHeight / Number.parseFloat(style.lineHeight);
    if (own && cut && high && Math.abs(lines - Math.round(lines)) > 0.1)
      over.push(`${lines} lines of ${nameOf(one)}`);
    const clipped = one.closest(".cuecast-options");
    const scrolls = clipped && clipped.scrollHeight > clipped.clientHeight + 2;
    if (
      !scrolls &&
      (box.left < bounds.left - 1 ||
        box.right > bounds.right + 1 ||
        box.top < bounds.top - 1 ||
        box.bottom > bounds.bottom + 1)
    )
      outside.push(nameOf(one));
    const size = Number.parseFloat(style.fontSize);
    if (own && size < letters.least) Object.assign(letters, { least: size, text: nameOf(one) });
  }
  for (const option of panel.querySelectorAll(".cuecast-option")) {
    const [box, list] = [option, option.parentElement as Element].map((one) => one.getBoundingClientRect());
    const isCut = box && list && (box.top < list.top - 1 || box.bottom > list.bottom + 1);
    if (isCut && getComputedStyle(option).visibility !== "hidden") over.push(`cut: ${nameOf(option)}`);
  }
  const focused = [...panel.querySelectorAll<HTMLElement>(".cuecast-focus")];
  const visible = focused.every((one) => {
    const box = one.getBoundingClientRect();
    const list = one.closest(".cuecast-options")?.getBoundingClientRect() ?? bounds;
    return (
      box.top >= Math.max(list.top, bounds.top) - 1 && box.bottom <= Math.min(list.bottom, bounds.bottom) + 1
    );
  });
  const { left, top, right, bottom } = bounds;
  return {
    panel: { left, top, right, bottom },
    over,
    outside,
    letters,
    focus: focused.length,
    focusVisible: visible,
    seconds: panel.querySelector(".cuecast-seconds")?.textContent ?? "",
    kind: panel.querySelector(".cuecast-kind")?.textContent ?? "",
    direction: getComputedStyle(panel).direction,
  };
}

let folder: string;
let server: Server;
let testBrowser: TestBrowser;
let page: Page;
const troubles: string[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cuecast-screens-"));
  await buildBox(folder);
  const gallery = await build({
    stdin: { contents: PROGRAM, resolveDir: PROJECT_DIR, loader: "ts" },
    bundle: true,
    write: false,
    format: "iife",
  });
  const files: Record<string, [string, string | Uint8Array]> = {
    "/": ["text/html", PAGE],
    "/gallery.js": ["text/javascript", gallery.outputFiles[0]?.contents ?? ""],
    "/picture.svg": ["image/svg+xml", PICTURE],
    [`/v1/images/${"a".repeat(64)}`]: [
      "image/svg+xml",
      PICTURE.replace('viewBox="0 0 16 9"', 'width="640" height="360" viewBox="0 0 16 9"'),
    ],
  };
  server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://page").pathname;
    const [type, body] = files[path] ?? [
      path.endsWith(".css") ? "text/css" : "font/woff2",
      await readFile(join(folder, path)).catch(() => ""),
    ];
    response.writeHead(body === "" ? 404 : 200, { "content-type": type }).end(body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  testBrowser = await startBrowser();
  page = await testBrowser.browser.newPage();
  page.on("pageerror", (error) => troubles.push(String(error)));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
after(async () => {
  await testBrowser?.close();
  server?.close();
  await rm(folder, { recursive: true, force: true });
});

async function draw(screen: Screen): Promise<Facts> {
  await page.evaluate((one) => (window as unknown as { draw(screen: Screen): void }).draw(one), screen);
  await page.evaluate(() => document.fonts.ready);
  // A picture that comes later moves what stands beside it.
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode().catch(() => {}))));
  return await page.evaluate(look);
}

async function keep(name: string): Promise<void> {
  if (!SHOTS) return;
  await mkdir(SHOTS, { recursive: true });
  await page.waitForTimeout(120);
  await page.screenshot({ path: join(SHOTS, `${name}.jpg`), type: "jpeg", quality: 85 });
}

test("the screens are of interactions that the wire knows", () => {
  for (const language of LANGUAGES) {
    for (const { name, views } of screens(language)) {
      const { issues } = v.safeParse(interactionSchema, views[0]?.interaction);
      assert.equal(issues, undefined, `${name}: ${issues?.[0]?.message}`);
    }
  }
});

for (const { width, height } of SIZES) {
  test(`every screen holds at ${width} × ${height}`, async () => {
    await page.setViewportSize({ width, height });
    const wrong: string[] = [];
    for (const language of LANGUAGES) {
      for (const screen of screens(language)) {
        const name = `${screen.name} (${language})`;
        const facts = await draw(screen);
        await keep(`${height}-${language}-${screen.name}`);
        const say = (what: string) => wrong.push(`${name}: ${what}`);
        const { left, top, right, bottom } = facts.panel;
        if (left < width * SAFE - 1 || right > width * (1 - SAFE) + 1) say(`from ${left} to ${right} across`);
        if (top < height * SAFE - 1 || bottom > height * (1 - SAFE) + 1) say(`from ${top} to ${bottom} down`);
        for (const one of facts.over) say(`runs over: ${one}`);
        for (const one of facts.outside) say(`outside of the panel: ${one}`);
        const least = (LETTERS_PX * height) / 1080;
        if (facts.letters.least < least - 0.01) say(`${facts.letters.least} px: ${facts.letters.text}`);
        const last = screen.views.at(-1);
        if (facts.focus !== (last?.answerable ? 1 : 0)) say(`${facts.focus} have the focus`);
        if (!facts.focusVisible) say("the focus is out of sight");
        if (!/^\d/.test(facts.seconds)) say("no time left is shown");
        // The same at every size.
        for (const { ratio, isSign, text } of height === 720 ? await page.evaluate(contrasts) : []) {
          if (ratio < (isSign ? CONTRAST.sign : CONTRAST.text)) say(`contrast ${ratio.toFixed(2)}: ${text}`);
        }
        if (facts.kind === "") say("no type is shown");
        if (facts.direction !== (language === "ar" ? "rtl" : "ltr")) say(facts.direction);
      }
    }
    assert.deepEqual(wrong, []);
  });
}

test("the remote is never trapped: back closes, other keys stay with the television once nothing is asked", async () => {
  const press = (key: string) =>
    page.evaluate((one) => (window as unknown as { press(key: string): boolean }).press(one), key);
  for (const screen of screens("en")) {
    await draw(screen);
    assert.equal(await press("back"), true, screen.name);
    for (const key of ["channel-up", "channel-down"])
      assert.equal(await press(key), false, `${screen.name}: ${key}`);
    if (screen.views.at(-1)?.answerable) continue;
    for (const key of ["red", "7"]) assert.equal(await press(key), false, `${screen.name}: ${key}`);
  }
});

test("a key meant for the television as the panel appears is no answer, and a held one is one", async () => {
  const named = (name: string) => screens("en").find((one) => one.name === name) as Screen;
  const run = (screen: Partial<Screen>, script: string) =>
    page.evaluate(`draw(${JSON.stringify(screen)}); ${script}; JSON.stringify(told)`);
  const fresh = { ...named("poll"), keys: undefined };
  assert.equal(await run(fresh, "used = ['2', 'ok', 'red'].map(press)"), "[]");
  assert.equal(await page.evaluate("used + ''"), "false,false,false");
  assert.equal(await run({ ...named("notice"), keys: undefined }, "press('ok')"), "[]");
  // Held since before the grace ended.
  assert.equal(await run(fresh, "press('2'); endGrace(); press('2'); press('2')"), "[]");
  assert.equal(await run(fresh, "endGrace(); press('2')"), '[{"options":["cook"]}]');
  assert.equal(
    await run(named("poll"), "for (let at = 0; at < 60; at++) press('ok')"),
    '[{"options":["park"]}]',
  );
});

test("an answer that stands is not sent again", async () => {
  const change = screens("en").find(({ name }) => name === "poll-change") as Screen;
  const told = await page.evaluate(
    `draw(${JSON.stringify(change)}); press('3'); press('1'); JSON.stringify(told)`,
  );
  assert.equal(told, '[{"options":["park"]}]');
});

test("several marks under an answer that may be changed are those of the next one, also when it is shown again", async () => {
  const several = screens("en").find(({ name }) => name === "several") as Screen;
  const [open] = several.views as [View];
  const last = { mode: "last", closeAfterMs: 60_000, acceptAfterCloseMs: 0 };
  const interaction = { ...open.interaction, answer: last } as View["interaction"];
  const answered = { ...open, interaction, phase: "answered", choice: { options: ["o1", "o2"] } };
  const marked = (script: string) => page.evaluate(`${script}; marked()`);
  const views = [{ ...open, interaction }];
  assert.equal(
    await marked(`draw(${JSON.stringify({ ...several, views })}); show(${JSON.stringify(answered)})`),
    "Li Ming,Wang Fang",
  );
  assert.equal(await marked("press('1'); press('3')"), "Wang Fang,Zhang Wei");
  assert.equal(await marked(`show(${JSON.stringify(answered)})`), "Wang Fang,Zhang Wei");
  assert.equal(
    await page.evaluate("for (const key of ['down', 'down', 'down', 'ok']) press(key); JSON.stringify(told)"),
    '[{"options":["o2","o3"]}]',
  );
  assert.equal(
    await marked(`show(${JSON.stringify({ ...answered, answerable: false })})`),
    "Li Ming,Wang Fang",
  );
});

test("the options that are out of sight are counted beside the arrows, and the button stays in sight", async () => {
  const hint = `document.querySelector(".cuecast-panel:not(.cuecast-leaving) .cuecast-key").textContent`;
  const signs: unknown[] = [];
  for (const name of ["marked", "marked-send", "several", "row-marked"]) {
    const screen = screens("zh-CN").find((one) => one.name === name) as Screen;
    await draw(screen);
    signs.push(await page.evaluate(hint));
    const isSeen = `(() => { const box = [...document.querySelectorAll(".cuecast-send")].pop().getBoundingClientRect();
      return document.elementsFromPoint(box.left + 9, box.top + 9).length > 0 && box.bottom < innerHeight * 0.95; })()`;
    assert.equal(await page.evaluate(isSeen), true, name);
  }
  assert.deepEqual(signs, ["▲  ▼ 2", "▲ 2 ▼ ", "▲  ▼ ", "◀ ▶"]);
});

test("the page ran without an error", () => {
  assert.deepEqual(troubles, []);
});
