/**
 * The bundle that edges serve, in a WebKit of 2016 (Debian's wkhtmltoimage), against a real edge: every type is
 * shown at its moment, a key answers, and what the engine drew is looked at.
 *
 * The pictures are judged by facts of their pixels and not beside a reference: fonts differ from machine to machine.
 * Where things stand is told by the page, and that they really are drawn there by the picture.
 */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { qrBytes, qrModules } from "../../edge/box/overlay/qr-code.ts";
import { textUpload } from "../cli/upload.ts";
import { sampleInteractions } from "../local/sample-interactions.ts";
import { guideFrom, place } from "./content.ts";
import { type Area, type Colour, isLike, type Picture, readPicture } from "./picture.ts";
import { createRig, type EdgeRig, landed, type Rig } from "./rig.ts";

const ENGINE = "wkhtmltoimage";
const isThere = spawnSync(ENGINE, ["--version"]).error === undefined;
const skip = isThere ? false : `left out: ${ENGINE} is not installed (Debian package wkhtmltopdf)`;

const SIZE = { width: 1280, height: 720 };
/** Title-safe: 5 % on every side. */
const SAFE: Area = { left: 64, top: 36, right: 1216, bottom: 684 };
const PICTURE: Colour = [51, 102, 85];
/** Until the first cue: starting an engine takes a while on a busy machine. */
const AHEAD_MS = 9_000;
const DRAWN_WITHIN_MS = 60_000;
/**
 * How long a panel stays as it is: a busy machine takes the picture many seconds after the page has told where things
 * stand. Tallies would make the panel higher in between, and the time left would run out.
 */
const STILL_MS = 120_000;

/** What the page tells when its picture stands. */
interface Told {
  agent: string;
  lacks: string[];
  outcome: string;
  errorMs: number;
  keys: boolean[];
  areas: Record<string, Area[]>;
  texts: Record<string, string>;
}

/** As a box maker would: one script, one call. Its picture is taken when `window.status` says so. */
function page(edgeUrl: string, channel: string, keys: string[]): string {
  return `<!doctype html><html><head><meta charset="utf-8">
<link rel="stylesheet" href="${edgeUrl}/tv/fonts/fonts.css"></head>
<body style="margin:0;background:rgb(${PICTURE.join()})">
<div id="screen" style="position:absolute;top:0;left:0;width:${SIZE.width}px;height:${SIZE.height}px"></div>
<script src="${edgeUrl}/box/cuecast-box.js"></script>
<script>
var airing = null, used = [];
function each(name, run) {
  var found = document.querySelectorAll(name === "canvas" ? name : ".cuecast-" + name);
  for (var at = 0; at < found.length; at++) run(found[at]);
}
function tell() {
  var areas = {}, texts = {};
  ["panel", "title", "body", "option", "send", "mark", "qr", "canvas", "code", "kind", "seconds", "focus", "hints", "status", "bar"].forEach(function (name) {
    areas[name] = [];
    each(name, function (one) {
      var box = one.getBoundingClientRect();
      areas[name].push({ left: box.left, top: box.top, right: box.right, bottom: box.bottom });
      texts[name] = one.textContent;
    });
  });
  var xhr = new XMLHttpRequest();
  xhr.open("POST", "/told/${channel}", false);
  xhr.send(JSON.stringify({
    agent: navigator.userAgent,
    lacks: ["fetch", "URLSearchParams"].filter(function (name) { return !(name in window); })
      .concat(Object.entries ? [] : ["Object.entries"], [].flat ? [] : ["flat"]),
    outcome: airing.outcome, errorMs: airing.errorMs, keys: used, areas: areas, texts: texts }));
  window.status = "drawn";
}
// An answer is thanked for once it is stored.
function waitAndTell(tries) {
  var status = document.querySelector(".cuecast-status");
  if (!${keys.length > 0} || (status && status.textContent) || tries === 0) setTimeout(tell, 700);
  else setTimeout(function () { waitAndTell(tries - 1); }, 200);
}
var box = Cuecast.start({ edges: ["${edgeUrl}"], box: "old-${channel}", channel: "${channel}", languages: ["zh-CN"],
  screen: document.getElementById("screen"), pace: { answerSpreadMs: ${STILL_MS} },
  onHappening: function (happening) {
    if (happening.event !== "airing") return;
    airing = happening.fields;
    setTimeout(function () {
      ${JSON.stringify(keys)}.forEach(function (key) { used.push(box.key(key)); });
      waitAndTell(50);
      // The panel takes no answer at once.
    }, 1000);
  } });
</script></body></html>`;
}

const SCREENS: { channel: string; type: string; keys: string[] }[] = [
  { channel: "c-poll", type: "poll", keys: [] },
  { channel: "c-answered", type: "poll", keys: ["right", "ok"] },
  { channel: "c-quiz", type: "quiz", keys: [] },
  { channel: "c-rating", type: "rating", keys: [] },
  { channel: "c-coupon", type: "coupon", keys: [] },
  { channel: "c-link", type: "link", keys: [] },
  { channel: "c-notice", type: "notice", keys: [] },
];

let rig: Rig;
let edge: EdgeRig;
let folder: string;
let server: Server;
const told = new Map<string, Told>();
const pictures = new Map<string, Picture>();

/** The pages, and where they tell what they see. */
function serve(): Promise<Server> {
  const made = createServer(async (request, response) => {
    const channel = (request.url ?? "").split("/").pop() ?? "";
    const screen = SCREENS.find((one) => one.channel === channel);
    if (request.method === "POST") {
      let text = "";
      for await (const part of request) text += part;
      told.set(channel, JSON.parse(text));
      response.end();
    } else if (screen) {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end(page(edge.url, channel, screen.keys));
    } else response.writeHead(404).end();
  });
  return new Promise((resolve) => {
    made.listen(0, "127.0.0.1", () => resolve(made));
  });
}

async function draw(channel: string): Promise<void> {
  const file = join(folder, `${channel}.ppm`);
  const { port } = server.address() as AddressInfo;
  await promisify(execFile)(
    ENGINE,
    // A picture of the wrong size would be scaled up; a script that never ends is cut by `timeout`.
    [
      ...["--quiet", "--format", "ppm", "--enable-javascript", "--no-stop-slow-scripts"],
      ...["--width", String(SIZE.width), "--height", String(SIZE.height), "--window-status", "drawn"],
      `http://127.0.0.1:${port}/page/${channel}`,
      file,
    ],
    {
      timeout: DRAWN_WITHIN_MS,
      env: { ...process.env, QT_QPA_PLATFORM: "offscreen", XDG_RUNTIME_DIR: folder, HOME: folder },
    },
  );
  const shots = process.env.CUECAST_REHEARSE_SCREENSHOTS;
  if (shots) {
    await mkdir(shots, { recursive: true });
    await copyFile(file, join(shots, `old-${channel}.ppm`));
  }
  pictures.set(channel, readPicture(await readFile(file)));
}

before(async () => {
  if (skip) return;
  folder = await mkdtemp(join(tmpdir(), "cuecast-webkit-"));
  rig = await createRig();
  await rig.api.send("PUT", "/api/v1/regions/north", { name: "North" });
  await rig.api.upload(
    "/api/v1/guide",
    textUpload(
      guideFrom(
        Date.now(),
        SCREENS.map(({ channel }) => channel),
      ),
    ),
  );
  const samples = sampleInteractions();
  for (const sample of samples) {
    sample.interaction.durationMs = STILL_MS;
    if (sample.interaction.type !== "notice") sample.interaction.answer.closeAfterMs = STILL_MS;
    await rig.api.send("POST", "/api/v1/interactions", sample);
  }
  edge = await rig.addEdge("edge-north", "north");
  server = await serve();
  const atMs = Date.now() + AHEAD_MS;
  for (const { channel, type } of SCREENS) {
    const interaction = samples.find((sample) => sample.interaction.type === type)?.interaction.id ?? "";
    const rule = {
      when: { kind: "instant", atMs },
      channels: [channel],
      interaction,
      prefetch: { leadMs: 12_000, guardMs: 2_000 },
      windowMs: 40_000,
    } as const;
    await place(rig, channel, { ...rule, channels: [channel] });
  }
  await landed(edge, await rig.publish());
  await Promise.all(SCREENS.map(({ channel }) => draw(channel)));
});
after(async () => {
  server?.close();
  await rig?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const saw = (channel: string): Told & { picture: Picture } => {
  const words = told.get(channel);
  const picture = pictures.get(channel);
  assert.ok(words && picture, `${channel} was drawn`);
  return { ...words, picture };
};
const only = (areas: Area[] | undefined, what: string): Area => {
  assert.equal(areas?.length, 1, what);
  return (areas as Area[])[0] as Area;
};
const isWithin = (inner: Area, outer: Area) =>
  inner.left >= outer.left - 1 &&
  inner.top >= outer.top - 1 &&
  inner.right <= outer.right + 1 &&
  inner.bottom <= outer.bottom + 1;
const isBright = ([red, green, blue]: Colour) => Math.min(red, green, blue) > 170;
/** The panel is a very dark blue. */
const isPanel = ([red, green, blue]: Colour) => red < 60 && green < 70 && blue < 110 && blue > red;
const isPicture = (colour: Colour) => isLike(colour, PICTURE, 2);
const FOCUS: Colour = [255, 210, 31];

test("an engine of 2016 fires every type, not before the edge's moment", { skip }, () => {
  for (const { channel } of SCREENS) {
    const { agent, lacks, outcome, errorMs } = saw(channel);
    assert.match(agent, /AppleWebKit\/60[0-9]\./);
    assert.ok(lacks.includes("fetch") && lacks.includes("Object.entries"), lacks.join());
    assert.ok(outcome === "shown" || outcome === "late", `${channel}: ${outcome}`);
    // Seven engines start at once on a busy machine: that it is punctual is shown elsewhere.
    assert.ok(errorMs >= 0, `${channel}: ${errorMs} ms`);
  }
});

test("an engine of 2016 draws the panel inside the title-safe area, and nothing elsewhere", { skip }, () => {
  for (const { channel } of SCREENS) {
    const { areas, picture } = saw(channel);
    assert.deepEqual([picture.width, picture.height], [SIZE.width, SIZE.height]);
    const panel = only(areas.panel, `${channel}: one panel`);
    assert.ok(isWithin(panel, SAFE), `${channel}: ${JSON.stringify(panel)}`);
    assert.ok(panel.right - panel.left > 1_000 && panel.bottom - panel.top > 100, JSON.stringify(panel));
    // Above it is the programme; the panel itself is dark where nothing is written.
    const above = { left: 0, top: 0, right: SIZE.width, bottom: panel.top - 60 };
    assert.ok(picture.part(above, isPicture) > 0.99, `${channel}: above the panel`);
    assert.ok(picture.part(panel, isPanel) > 0.3, `${channel}: ${picture.part(panel, isPanel)} is dark`);
    for (const [name, found] of Object.entries(areas)) {
      if (name === "focus") continue;
      for (const area of found) assert.ok(isWithin(area, panel), `${channel}: ${name} in the panel`);
    }
  }
});

test("an engine of 2016 draws the words, the time left and the focus", { skip }, () => {
  for (const { channel } of SCREENS) {
    const { areas, texts, picture } = saw(channel);
    assert.ok((texts.title ?? "").length > 3, channel);
    const lit = picture.part(only(areas.title, channel), isBright);
    assert.ok(lit > 0.01 && lit < 0.5, `${channel}: ${lit} of the title is lit`);
    assert.match(texts.seconds ?? "", /^[1-9]/);
    // The bar has its type's colour, which the type's name stands on.
    const kind = only(areas.kind, channel);
    const ofType = picture.at(Math.round(kind.left) + 8, Math.round((kind.top + kind.bottom) / 2));
    const run = picture.part(only(areas.bar, channel), (colour) => isLike(colour, ofType, 24));
    // It runs out by a transition, which begins from the whole.
    assert.ok(run > 0.3, `${channel}: ${run} of the bar is left`);
    assert.ok(picture.part(only(areas.seconds, channel), isBright) > 0.02, `${channel}: seconds`);
    assert.ok(picture.part(kind, (colour) => !isPanel(colour)) > 0.6, `${channel}: kind`);
  }
  const { areas, picture } = saw("c-poll");
  assert.equal(areas.option?.length, 4);
  const focus = only(areas.focus, "one option has the focus");
  const ring = { left: focus.left - 6, top: focus.top - 6, right: focus.right + 6, bottom: focus.bottom + 6 };
  const part = picture.part(ring, (colour) => isLike(colour, FOCUS, 24));
  assert.ok(part > 0.02, `${part} of the focus is its ring`);
  // In a row, as wide as one another: flexible boxes work.
  const widths = (areas.option ?? []).map(({ left, right }) => Math.round(right - left));
  assert.ok(Math.max(...widths) - Math.min(...widths) <= 2, widths.join());
});

test("an engine of 2016 draws QR codes, right in every module", { skip }, () => {
  for (const { interaction } of sampleInteractions()) {
    if (interaction.type !== "coupon" && interaction.type !== "link") continue;
    const { areas, picture } = saw(`c-${interaction.type}`);
    const canvas = only(areas.canvas, interaction.type);
    const content = interaction.url || (interaction.type === "coupon" && interaction.code) || "";
    const modules = qrModules(qrBytes(content) ?? "");
    // The quiet zone is four modules wide.
    const step = (canvas.right - canvas.left) / (modules.length + 8);
    assert.ok(step >= 4, `a module is ${step} pixels wide`);
    modules.forEach((row, y) => {
      row.forEach((dark, x) => {
        const [red] = picture.at(
          Math.round(canvas.left + (x + 4.5) * step),
          Math.round(canvas.top + (y + 4.5) * step),
        );
        assert.equal(red < 128, dark, `${interaction.type}: module ${x}, ${y}`);
      });
    });
  }
});

test("an engine of 2016 answers by the remote, and thanks", { skip }, () => {
  const { keys, texts, areas, picture } = saw("c-answered");
  assert.deepEqual(keys, [true, true]);
  assert.match(texts.status ?? "", /✓/);
  // Thanks are green.
  const lit = picture.part(only(areas.status, "status"), ([, green]) => green > 150);
  assert.ok(lit > 0.005, `${lit} of the line is lit`);
  assert.deepEqual(areas.focus, [], "nothing has the focus any more");
});
