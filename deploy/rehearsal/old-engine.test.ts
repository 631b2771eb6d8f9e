/** The bundle in an engine that knows ES5: Duktape, which some set-top boxes embed. A page and a network of stubs. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { interactionSample } from "../../shared/protocol/interaction.ts";
import type { Schedule } from "../../shared/protocol/schedule.ts";
import { buildBox } from "../local/build-box.ts";

const isThere = spawnSync("duk", ["-e", "0"]).error === undefined;
const skip = isThere ? false : "left out: duk is not installed (Debian package duktape)";

const START_MS = 1_795_420_800_000;
const CUE_MS = START_MS + 60_000;

const schedule: Schedule = {
  channel: "cctv1",
  epoch: 1,
  revision: 1,
  fromMs: START_MS,
  untilMs: START_MS + 3_600_000,
  refreshMs: 300_000,
  programmes: [],
  cues: [
    {
      id: "pl1:once",
      atMs: CUE_MS,
      untilMs: CUE_MS + 60_000,
      lateJoin: true,
      interaction: interactionSample.id,
      version: interactionSample.version,
      priority: 0,
      fetch: { fromMs: START_MS, untilMs: CUE_MS - 10_000 },
    },
  ],
};

/** ES5: time that is moved by hand, a page without a picture, an edge that answers after 5 ms. */
const PAGE = `
var now = ${START_MS}, timers = [], posted = [], shownMs = 0;
var window = this, performance = undefined, crypto = undefined;
Date.now = function () { return now; };
function setTimeout(run, delay) { timers.push({ at: now + (delay || 0), run: run }); return timers.length; }
function clearTimeout(id) { if (timers[id - 1]) timers[id - 1].run = null; }
function advance(until) {
  for (;;) {
    var next = -1;
    for (var i = 0; i < timers.length; i++)
      if (timers[i].run && timers[i].at <= until && (next < 0 || timers[i].at < timers[next].at)) next = i;
    if (next < 0) break;
    var run = timers[next].run;
    if (timers[next].at > now) now = timers[next].at;
    timers[next].run = null;
    run();
  }
  now = until;
}
function Element(tag) { this.tag = tag; this.className = ""; this.text = ""; this.style = {}; this.children = []; this.parentNode = null; this.clientHeight = 720; }
Element.prototype.appendChild = function (child) { child.parentNode = this; this.children.push(child); return child; };
Element.prototype.removeChild = function (child) { this.children = this.children.filter(function (one) { return one !== child; }); child.parentNode = null; };
Element.prototype.setAttribute = function () {};
Object.defineProperty(Element.prototype, "firstChild", { get: function () { return this.children[0] || null; } });
Object.defineProperty(Element.prototype, "textContent", {
  get: function () { return this.text + this.children.map(function (child) { return child.textContent; }).join(" "); },
  set: function (text) { this.text = text; this.children = []; }
});
var screen = new Element("div"), navigator = { language: "en" };
var document = { head: new Element("head"), createElement: function (tag) { return new Element(tag); },
  createTextNode: function (text) { var node = new Element("#text"); node.text = text; return node; },
  getElementById: function () { return null; }, addEventListener: function () {}, removeEventListener: function () {} };
function addEventListener() {}
function removeEventListener() {}
var schedule = ${JSON.stringify(JSON.stringify(schedule))}, interaction = ${JSON.stringify(JSON.stringify(interactionSample))};
function replyTo(url, body) {
  if (url.indexOf("/v1/time") > 0) return '{"timeMs":' + now + '}';
  if (/schedule$/.test(url)) return schedule;
  if (url.indexOf("/v1/interactions/") > 0) return interaction;
  if (/answers$/.test(url)) {
    var sent = JSON.parse(body); posted = posted.concat(sent.answers);
    return JSON.stringify({ receipts: sent.answers.map(function (one) { return { key: one.key, status: "accepted" }; }) });
  }
  return /airings$/.test(url) ? '{"accepted":1}' : '{"region":"north","edges":[],"channels":[]}';
}
function XMLHttpRequest() {}
XMLHttpRequest.prototype = { open: function (method, url) { this.url = url; }, setRequestHeader: function () {}, abort: function () {},
  getResponseHeader: function () { return null; },
  send: function (body) { var xhr = this; setTimeout(function () {
    xhr.status = 200; xhr.responseText = replyTo(xhr.url, body); xhr.readyState = 4; xhr.onreadystatechange();
  }, 5); } };
`;

const PLAY = `
var box = Cuecast.start({ edges: ["http://edge"], box: "b", channel: "cctv1", screen: screen,
  onHappening: function (happening) { if (happening.event === "airing") shownMs = happening.fields.firedMs; } });
advance(${CUE_MS} + 100);
var asked = screen.textContent;
advance(now + 1000);
var used = box.key(39) && box.key("ok");
advance(now + 5000);
var thanked = screen.textContent;
advance(now + 120000);
print(JSON.stringify({ asked: asked, used: used, thanked: thanked, after: screen.textContent, posted: posted, shownMs: shownMs }));
`;

test("the bundle fires, takes an answer and leaves, in an engine of ES5", { skip }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-duk-"));
  try {
    await buildBox(folder);
    const bundle = await readFile(join(folder, "box/cuecast-box.js"), "utf8");
    const file = join(folder, "page.js");
    await writeFile(file, `${PAGE}\n${bundle}\n${PLAY}`);
    const { stdout, stderr, status } = spawnSync("duk", [file], { encoding: "utf8" });
    assert.equal(status, 0, stderr + stdout);
    const seen = JSON.parse(stdout);
    assert.match(seen.asked, /Who wins tonight\?/);
    assert.equal(seen.used, true);
    assert.match(seen.thanked, /Thank you/);
    assert.equal(seen.after, "");
    assert.deepEqual(
      seen.posted.map(({ cue, options }: { cue: string; options: string[] }) => [cue, options]),
      [["pl1:once", ["b"]]],
    );
    assert.ok(Math.abs(seen.shownMs - CUE_MS) <= 20, String(seen.shownMs - CUE_MS));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
