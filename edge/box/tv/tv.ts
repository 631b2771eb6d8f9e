/**
 * The reference television: a picture, a channel line-up, a remote, and a box that really runs.
 *
 * Address: `/tv/?channel=cctv1&edge=http://…&box=…&language=en&alone=1`, all optional. It uses the box as any
 * box maker would, through the global `Cuecast` of `../box/cuecast-box.js`.
 */
import type { LineUpChannel } from "../../../shared/protocol/line-up.ts";
import { summarize } from "../core/summary.ts";
import type * as CuecastModule from "../main.browser.ts";
import { browserClock, browserRandom, browserStore, browserTimers } from "../platform/browser.ts";
import { createXhrHttp } from "../platform/http-xhr.ts";
import { remember, remembered } from "../platform/kept.ts";
import { CHANNEL_CODES, type KeyName, keyName } from "../platform/keys.ts";
import { createBanner } from "./banner.ts";
import { createBreakIt } from "./break-it.ts";
import { byId, clockText, make, replaceChildren } from "./dom.ts";
import { breakableClock, breakableHttp, breakableStore, noFaults } from "./faults.ts";
import { createHappenings } from "./happenings.ts";
import { createLineUpList } from "./line-up.ts";
import { createPanel } from "./panel.ts";
import { wrongParameter } from "./parameters.ts";
import { createPicture } from "./picture.ts";
import { createRemote } from "./remote.ts";
import { filled, tvTexts } from "./texts.ts";

declare const Cuecast: typeof CuecastModule | undefined;

const DRAW_MS = 500;
/** After the last digit, before the number dialled is tuned to. */
const DIAL_MS = 1_500;
const DIAL_DIGITS = 4;
const PANEL_KEY = 80;

function question(name: string): string | null {
  return new URLSearchParams(location.search).get(name);
}

function drawnBox(): string {
  return `tv-${Math.floor(browserRandom() * 1e12).toString(36)}`;
}

function run(): void {
  const language = question("language") || remembered("language", navigator.language || "zh-CN");
  const texts = tvTexts(language);
  document.documentElement.lang = language;
  const refuse = (why: string) => {
    const told = make("div", "trouble", why);
    told.setAttribute("role", "alert");
    replaceChildren(byId("set"), [told]);
  };
  if (typeof Cuecast === "undefined") {
    refuse(texts.noBox);
    return;
  }
  const box = question("box") || remembered("box", drawnBox());
  const channel = question("channel") || remembered("channel", "cctv1");
  const edges = (question("edge") || location.origin).split(",");
  const wrong = wrongParameter({ box, channel, edges });
  if (wrong) {
    refuse(filled(texts.wrongAddress, wrong));
    return;
  }

  const screen = byId("screen");
  const set = byId("set");
  const fit = () => {
    const width = Math.min(set.clientWidth, ((set.clientHeight || innerHeight) * 16) / 9);
    screen.style.width = `${Math.floor(width)}px`;
    screen.style.height = `${Math.floor((width * 9) / 16)}px`;
    screen.style.fontSize = `${(width * 9) / 16 / 36}px`;
  };
  if (question("alone")) document.body.className = "alone";
  addEventListener("resize", fit);
  fit();

  const others = (navigator.languages || []).filter((one) => one !== language);
  const faults = noFaults();
  const clock = breakableClock(browserClock, faults);
  const http = breakableHttp(createXhrHttp(clock, browserTimers), faults, clock, browserTimers);
  const store = breakableStore(browserStore(box), faults);
  const happenings = createHappenings(clock);
  const { start } = Cuecast;
  const startOn = (tuned: string) =>
    start({
      ...{ edges, box, channel: tuned, clock, http, store },
      screen: byId("overlay"),
      languages: [language].concat(others, ["zh-CN", "en"]),
      listen: false,
      onHappening: happenings.take,
    });
  let started = startOn(channel);
  const known = () => summarize(started.state(), clock);
  const breakIt = createBreakIt(byId("faults"), faults, texts, () => {
    const { channel: tuned } = known();
    started.stop();
    started = startOn(tuned);
  });
  const picture = createPicture(byId<HTMLCanvasElement>("picture"));
  const banner = createBanner(byId("banner"), texts, browserTimers);
  const panel = createPanel(byId("panel"), box, texts, switchLanguage, showAlone);
  const lineUp = createLineUpList(byId("line-up"), browserTimers, tune);
  let dialled = "";
  let stopDialling: (() => void) | null = null;

  const tunedChannel = (): LineUpChannel | null => {
    const summary = known();
    return summary.channels.filter((one) => one.id === summary.channel)[0] || null;
  };

  function tune(id: string): void {
    started.tune(id);
    remember("channel", id);
    picture.tune(id);
    banner.show();
    draw();
  }

  function hop(by: number): void {
    const { channels, channel: tuned } = known();
    if (channels.length === 0) return;
    const at = channels.map((one) => one.id).indexOf(tuned);
    const next = channels[(at + by + channels.length) % channels.length];
    if (next) tune(next.id);
  }

  function dial(digit: string): void {
    dialled = (dialled + digit).slice(-DIAL_DIGITS);
    byId("dial").textContent = dialled;
    if (stopDialling) stopDialling();
    stopDialling = browserTimers.after(DIAL_MS, () => {
      const found = known().channels.filter((one) => one.number === Number(dialled))[0];
      dialled = "";
      byId("dial").textContent = "";
      if (found) tune(found.id);
    });
  }

  function press(name: KeyName): void {
    if (started.key(name) || lineUp.key(name)) return;
    if (name === "channel-up" || name === "up") hop(1);
    else if (name === "channel-down" || name === "down") hop(-1);
    else if (/^[0-9]$/.test(name)) dial(name);
    else if (name === "left") {
      const { channels, channel: tuned } = known();
      banner.hide();
      lineUp.show(channels, tuned);
    } else if (name === "ok") {
      banner.show();
      draw();
    } else if (name === "back") banner.hide();
    // Colours that the overlay has no use for break and mend.
    else breakIt.key(name);
  }

  function showAlone(): void {
    document.body.className = document.body.className === "alone" ? "" : "alone";
    fit();
  }

  function switchLanguage(): void {
    remember("language", language.indexOf("zh") === 0 ? "en" : "zh-CN");
    const search = new URLSearchParams(location.search);
    search.delete("language");
    location.search = search.toString();
  }

  function draw(): void {
    const summary = known();
    const tuned = tunedChannel();
    byId("bug").textContent = tuned ? tuned.name : summary.channel;
    const nowMs = summary.edgeMs === null ? browserClock.wallMs() : summary.edgeMs;
    byId("clock").textContent = clockText(nowMs, true);
    if (summary.onScreen) {
      banner.hide();
      lineUp.hide();
    }
    banner.draw(summary, tuned);
    panel.draw(summary, happenings.list(), faults);
  }

  function drawAgain(): void {
    draw();
    browserTimers.after(DRAW_MS, drawAgain);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.keyCode === PANEL_KEY) {
      showAlone();
      return;
    }
    const name = keyName(event.keyCode) || CHANNEL_CODES[event.keyCode];
    if (!name) return;
    event.preventDefault();
    press(name);
  });
  document.addEventListener("keyup", () => started.release());
  const click = (name: KeyName) => {
    press(name);
    started.release();
  };
  replaceChildren(byId("remote"), createRemote(click));
  picture.tune(channel);
  banner.show();
  drawAgain();
}

run();
