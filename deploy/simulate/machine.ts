/**
 * A set-top box: an oscillator that drifts, a wall clock that steps, a storage chip, a network line, a viewer;
 * and in it the real runtime, driver and core, as televisions run it.
 */
import type { View } from "../../edge/box/core/messages.ts";
import type { AnswerChoice, Happening } from "../../edge/box/core/state.ts";
import { type Box, createBox } from "../../edge/box/driver.ts";
import type { HttpReply, HttpRequest, ScreenEvents, Store } from "../../edge/box/ports.ts";
import { encodeRecord } from "../../edge/box/record.ts";
import { errorMessage } from "../../shared/errors.ts";
import { silentLog } from "../../shared/log.ts";
import type { Schedule } from "../../shared/protocol/schedule.ts";
import type { Coverage } from "./coverage.ts";
import type { Dice } from "./dice.ts";
import type { Edge, EdgeReply } from "./edge.ts";
import { callOff, type EventQueue, type Planned } from "./event-queue.ts";
import { createFlash, type Flash } from "./flash.ts";
import type { PlantedBug } from "./planted.ts";
import type { Trace } from "./trace.ts";

export interface OnScreen {
  cue: string;
  /** Tuned to when it came. */
  channel: string;
}

/** Who looks on, at everything and after every step. */
export interface Watcher {
  stepped(machine: Machine): void;
  showed(machine: Machine, view: View, first: boolean): void;
  pulled(machine: Machine, schedule: Schedule): void;
  happened(machine: Machine, happening: Happening): void;
  stored(machine: Machine, key: string): void;
  booted(machine: Machine): void;
  threw(machine: Machine, what: string): void;
}

export interface MachineSettings {
  name: string;
  /** ms since the Unix epoch at the start of virtual time. */
  startMs: number;
  channels: readonly string[];
  edges: ReadonlyMap<string, Edge>;
  queue: EventQueue;
  dice: Dice;
  trace: Trace;
  watcher: Watcher;
  /** False: a line without loss, 20 ms each way. */
  faults: boolean;
  planted: PlantedBug | undefined;
  coverage: Coverage;
  /** Told what happens to this box, in words. */
  notes?: ((text: string) => void) | undefined;
  /** Parts per million by which its monotonic clock runs fast; drawn unless told. */
  ppm?: number;
  /** It was configured with every edge; drawn unless told. */
  knowsAllEdges?: boolean;
}

/** What a box did, for those who plan for many of them. */
export interface Usage {
  wakeUps: number;
  requests: number;
  sentBytes: number;
  receivedBytes: number;
  writes: number;
}

export interface Machine {
  readonly name: string;
  readonly flash: Flash;
  readonly box: Box | null;
  readonly onScreen: OnScreen | null;
  /** Empty in standby. */
  readonly channel: string;
  readonly asleep: boolean;
  readonly delayMs: number;
  readonly languages: readonly string[];
  readonly tags: readonly string[];
  readonly usage: Usage;
  /** Virtual times of the last start, switch and waking. */
  readonly bootMs: number;
  readonly tunedMs: number;
  readonly wokeMs: number;
  /** The wall clock was set in a way of which the stored clock cannot know. */
  readonly clockLies: boolean;
  line: "open" | "refused" | "black-hole";
  /** Happens while the next request is on its way. */
  ambush: (() => void) | null;
  /** Its token is of no use any more; the next start has a good one when this is false. */
  tokenStale: boolean;
  monotonicMs(): number;
  boot(): void;
  powerCut(): void;
  sleep(): void;
  wake(): void;
  tune(channel: string): void;
  /** Sets the wall clock. */
  stepWall(byMs: number): void;
  /** The oscillator's rate strays a little. */
  stray(): void;
  /** The machine says that the network is back. */
  online(): void;
  /** The picture turns out to be later than thought. */
  measure(delayMs: number): void;
  answer(cue: string, choice: AnswerChoice): void;
  dismiss(cue: string): void;
}

const MILLION = 1e6;
const IMAGE_MS = 8_000;
const BROKEN_PPM = 400;
const UNKEPT: Partial<Record<PlantedBug, string>> = { "mark-unkept": "fired/", "answer-unkept": "answer/" };
const SHIFT_MS = 600_000;
const HOURS_UNTIL_STOP_MS = 6 * 3_600_000;

export const tokenOf = (box: string) => `token of ${box}`;

export function createMachine(settings: MachineSettings): Machine {
  const { name, queue, trace, watcher, planted, startMs, notes } = settings;
  const { hit } = settings.coverage;
  const hardware = settings.dice.fork("hardware");
  const net = settings.dice.fork("net");
  const entropy = settings.dice.fork("entropy").random;

  // What differs from model to model and from home to home.
  const drawnPpm = hardware.between(-92, 92);
  const basePpm = planted === "quartz-broken" ? BROKEN_PPM : (settings.ppm ?? drawnPpm);
  const rtcPpm = hardware.between(-90, 90);
  const forgetsTime = hardware.chance(0.1);
  const wayMs = settings.faults ? hardware.pick([1, 5, 20, 60, 250]) : 20;
  const lossPart = settings.faults ? hardware.pick([0, 0.002, 0.02, 0.1]) : 0;
  const delayMs = settings.faults && hardware.chance(0.3) ? hardware.whole(-400, 5_000) : 0;
  const urls = [...settings.edges.keys()];
  const drawnEdges = hardware.chance(0.5) ? urls : [hardware.pick(urls)];
  const configured = settings.knowsAllEdges ? urls : drawnEdges;
  const tags = hardware.chance(0.5) ? ["hd"] : [];
  const languages = [settings.faults ? hardware.pick(["en", "en-GB", "zh-CN"]) : "en"];
  const flash = createFlash(queue, settings.dice.fork("flash"), (run) => enter(run), hit);
  flash.volatile = settings.faults && hardware.chance(0.05);
  if (flash.volatile) hit("storage that forgets");
  if (delayMs !== 0) hit("picture delayed");

  // The oscillator: where both clocks stood at the last change of its rate.
  let ppm = basePpm;
  let basedMs = 0;
  let monotonicBase = 0;
  let wallBase = startMs + (settings.faults ? hardware.whole(-30_000, 30_000) : 0);

  let starts = 0;
  let timer: { dueMs: number; run: () => void; planned: Planned | null } | null = null;
  let events: ScreenEvents | null = null;
  /** What came while it was asleep. */
  let held: (() => void)[] = [];
  let wallSetMs = Number.NEGATIVE_INFINITY;
  let clockStoredMs = Number.NEGATIVE_INFINITY;
  let stamp: string | null = null;
  const kept = new Map<string, Schedule["cues"]>();
  const usage: Usage = { wakeUps: 0, requests: 0, sentBytes: 0, receivedBytes: 0, writes: 0 };
  let sent = 0;
  let lastEnded = 0;

  const running = () => machine.box !== null && !machine.asleep;
  const passed = () => queue.nowMs() - basedMs;
  const monotonicMs = () => monotonicBase + (running() ? passed() * (1 + ppm / MILLION) : 0);
  const wallMs = () => wallBase + passed() * (1 + (running() ? ppm : rtcPpm) / MILLION);

  function rebase(): void {
    const wall = wallMs();
    monotonicBase = monotonicMs();
    wallBase = wall;
    basedMs = queue.nowMs();
  }

  /** Whatever the box does, it does in here. */
  function enter(run: () => void): void {
    if (!machine.box && starts > 0) return;
    try {
      run();
    } catch (thrown) {
      watcher.threw(
        machine,
        thrown instanceof Error ? (thrown.stack ?? errorMessage(thrown)) : String(thrown),
      );
    }
    if (machine.box) watcher.stepped(machine);
  }

  function latenessMs(): number {
    if (!settings.faults) return net.between(0, 2);
    const luck = net.random();
    return luck < 0.98 ? net.between(0, 4) : net.between(4, 300);
  }

  function planTimer(): void {
    const armed = timer;
    if (!armed || !running()) return;
    const leftMs = Math.max(0, armed.dueMs - monotonicMs()) / (1 + ppm / MILLION);
    armed.planned = queue.after(leftMs + latenessMs(), () => {
      timer = null;
      usage.wakeUps++;
      if (planted === "timers-stop" && queue.nowMs() - machine.bootMs > HOURS_UNTIL_STOP_MS) return;
      enter(armed.run);
    });
  }

  const timers = {
    after(delay: number, run: () => void) {
      const armed = { dueMs: monotonicMs() + delay, run, planned: null };
      timer = armed;
      planTimer();
      return () => {
        callOff(armed.planned);
        if (timer === armed) timer = null;
      };
    },
  };

  function changed(request: HttpRequest, reply: HttpReply): HttpReply {
    if (!planted || reply.status !== 200) return reply;
    if (planted === "time-cached" && request.url.includes("/v1/time")) {
      stamp ??= reply.text;
      return { ...reply, text: stamp };
    }
    if (!request.url.endsWith("/schedule")) return reply;
    const schedule = JSON.parse(reply.text) as Schedule;
    if (planted === "cues-shifted") {
      for (const cue of schedule.cues) {
        cue.atMs += SHIFT_MS;
        cue.untilMs += SHIFT_MS;
      }
    }
    for (const cue of schedule.cues) {
      if (planted === "late-join-ignored") cue.lateJoin = true;
      if (planted === "audience-ignored") delete cue.audience;
    }
    if (planted === "withdrawn-kept") {
      const names = new Set(schedule.cues.map(({ id }) => id));
      const gone = (kept.get(schedule.channel) ?? []).filter(({ id }) => !names.has(id));
      schedule.cues = [...schedule.cues, ...gone].sort((a, b) => a.atMs - b.atMs);
      kept.set(schedule.channel, schedule.cues);
    }
    return { ...reply, text: JSON.stringify(schedule) };
  }

  function send(request: HttpRequest, done: (reply: HttpReply) => void): void {
    const start = starts;
    const sentMs = monotonicMs();
    const url = urls.find((each) => request.url.indexOf(each) === 0) ?? "";
    const edge = settings.edges.get(url);
    const path = request.url.slice(url.length);
    let ended = false;
    const turn = ++sent;
    usage.requests++;
    usage.sentBytes += request.body?.length ?? 0;
    trace.add(request.url, queue.nowMs());
    notes?.(`asks ${request.url}${request.body ? ` ${request.body}` : ""}`);

    const end = (reply: EdgeReply) => {
      if (ended || start !== starts) return;
      if (machine.asleep) {
        held.push(() => end(reply));
        return;
      }
      ended = true;
      usage.receivedBytes += reply.text.length;
      if (turn < lastEnded) hit("reply overtaken by a later one");
      else lastEnded = turn;
      notes?.(`is told ${reply.status} to ${path}${reply.text.length < 300 ? ` ${reply.text}` : ""}`);
      callOff(timeout);
      trace.add(name, reply.status);
      const got = changed(request, { ...reply, sentMs, receivedMs: monotonicMs() });
      enter(() => done(got));
      if (reply.status === 200 && reply.schedule && machine.box) watcher.pulled(machine, reply.schedule);
    };
    const none = { status: 0, text: "", etag: null, retryAfter: null };
    const timeout = queue.after(request.timeoutMs, () => {
      hit("timed out");
      end(none);
    });
    const way = () => wayMs * (settings.faults ? net.between(0.5, net.chance(0.02) ? 20 : 2) : 1);
    if (!edge || machine.line === "refused" || edge.down) {
      hit("refused");
      queue.after(2, () => end(none));
      return;
    }
    if (machine.line === "black-hole") {
      hit("swallowed");
      return;
    }
    if (net.chance(lossPart)) {
      hit("request lost");
      return;
    }
    const body =
      planted === "keys-redrawn" && path === "/v1/answers"
        ? (request.body as string).replace(/("key":"[^"]*)[^"]"/g, `$1${turn % 10}"`)
        : request.body;
    const handle = () => edge.handle(path, request.etag, body, startMs + queue.nowMs(), request.token);
    if (machine.ambush) queue.after(net.between(0, 2 * wayMs), machine.ambush);
    machine.ambush = null;
    queue.after(way(), () => {
      if (edge.down) {
        queue.after(way(), () => end(none));
        return;
      }
      const reply = handle();
      if (net.chance(lossPart)) hit("reply lost");
      else queue.after(way(), () => end(reply));
      // A proxy that got no reply in time asks again.
      if (request.body === null || !settings.faults || !net.chance(0.02)) return;
      hit("request delivered twice");
      queue.after(way(), () => {
        if (!edge.down) handle();
      });
    });
  }

  function store(): Store {
    const chip = flash.store();
    return {
      ...chip,
      put(key, text, done) {
        const start = starts;
        usage.writes++;
        const unkept = planted && UNKEPT[planted];
        if (unkept && key.startsWith(unkept)) {
          queue.after(1, () => {
            if (start !== starts || !machine.box) return;
            watcher.stored(machine, key);
            enter(() => done(true));
          });
          return;
        }
        chip.put(key, text, (ok) => {
          if (start !== starts) return;
          // What is written before the first sample is as good as what was read at the start.
          const trusted = !machine.clockLies || machine.box?.state().clock.sampled;
          if (ok && key === "clock" && trusted) clockStoredMs = queue.nowMs();
          if (ok) watcher.stored(machine, key);
          if (machine.asleep) held.push(() => enter(() => done(ok)));
          else done(ok);
        });
      },
    };
  }

  const screen = {
    attach(given: ScreenEvents) {
      events = given;
    },
    show(view: View) {
      const first = machine.onScreen?.cue !== view.cue;
      if (first) machine.onScreen = { cue: view.cue, channel: machine.channel };
      trace.add(`show ${view.cue} ${view.phase}`, queue.nowMs());
      notes?.(`shows ${view.cue} ${view.phase}${view.choice ? " with its answer" : ""}`);
      watcher.showed(machine, view, first);
      events?.shown(view.cue);
    },
    hide(cue: string) {
      trace.add(`hide ${cue}`, queue.nowMs());
      notes?.(`hides ${cue}`);
      if (planted === "hide-lost") return;
      if (machine.onScreen?.cue === cue) machine.onScreen = null;
    },
    preload(url: string) {
      send({ method: "GET", url, body: null, etag: null, token: null, timeoutMs: IMAGE_MS }, () => {});
    },
  };

  const machine = {
    name,
    flash,
    box: null as Box | null,
    onScreen: null as OnScreen | null,
    channel: settings.dice.pick(settings.channels),
    asleep: false,
    delayMs,
    languages,
    tags,
    usage,
    bootMs: 0,
    tunedMs: 0,
    wokeMs: 0,
    clockLies: false,
    line: "open" as Machine["line"],
    ambush: null as (() => void) | null,
    tokenStale: false,
    monotonicMs,
    boot() {
      if (machine.box) return;
      rebase();
      monotonicBase = 0;
      if (forgetsTime && starts > 0) {
        wallBase = hardware.whole(18_000, 22_000);
        hit("start in 1970");
      }
      notes?.("starts");
      machine.clockLies = wallSetMs > clockStoredMs;
      starts++;
      machine.bootMs = machine.tunedMs = machine.wokeMs = queue.nowMs();
      if (machine.channel === "") machine.channel = hardware.pick(settings.channels);
      if (planted === "marks-forgotten") flash.forget("fired/");
      if (planted === "entry-misshapen") flash.plant("answer/planted", encodeRecord(null));
      watcher.booted(machine);
      const ports = {
        clock: { wallMs: () => Math.floor(wallMs()), monotonicMs },
        timers,
        random: entropy,
        http: { send },
        store: store(),
        screen,
        log: silentLog,
        onHappening(happening: Happening) {
          notes?.(`tells ${happening.event} ${JSON.stringify(happening.fields)}`);
          watcher.happened(machine, happening);
        },
      };
      const options = {
        box: name,
        edges: configured,
        channel: machine.channel,
        languages,
        tags,
        presentationDelayMs: machine.delayMs,
        token: machine.tokenStale ? "stale" : tokenOf(name),
      };
      try {
        machine.box = createBox(ports, options);
      } catch (thrown) {
        watcher.threw(machine, thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
        return;
      }
      rebase();
      planTimer();
      watcher.stepped(machine);
    },
    powerCut() {
      if (!machine.box) return;
      hit("power cut");
      notes?.("loses its power");
      rebase();
      machine.box.stop();
      machine.box = null;
      machine.asleep = false;
      machine.onScreen = null;
      timer = null;
      held = [];
      flash.cut();
    },
    sleep() {
      if (!machine.box || machine.asleep) return;
      hit("sleep");
      notes?.("falls asleep");
      rebase();
      machine.asleep = true;
      callOff(timer?.planned ?? null);
    },
    wake() {
      if (!machine.box || !machine.asleep) return;
      rebase();
      machine.asleep = false;
      machine.wokeMs = queue.nowMs();
      const waited = held;
      held = [];
      // Half of what was on the way is still delivered: the kernel had it, or the peer sends it again.
      notes?.("wakes");
      for (const run of waited) {
        if (!net.chance(0.5)) continue;
        hit("reply delivered after a sleep");
        queue.after(net.between(0, 20), run);
      }
      planTimer();
    },
    tune(channel: string) {
      const { box } = machine;
      if (!box || machine.asleep || channel === machine.channel) return;
      notes?.(`is tuned to ${channel || "nothing"}`);
      machine.channel = channel;
      machine.tunedMs = queue.nowMs();
      if (planted !== "deaf-to-tune") enter(() => box.tune(channel));
    },
    stepWall(byMs: number) {
      hit("wall clock set");
      notes?.(`has its wall clock set by ${byMs} ms`);
      rebase();
      wallBase += byMs;
      wallSetMs = queue.nowMs();
    },
    stray() {
      hit("oscillator strayed");
      rebase();
      ppm = basePpm + hardware.between(-4, 4);
      callOff(timer?.planned ?? null);
      planTimer();
    },
    online() {
      const { box } = machine;
      if (!box || machine.asleep) return;
      hit("network said to be back");
      enter(() => box.online());
    },
    measure(measuredMs: number) {
      const { box } = machine;
      if (!box || machine.asleep) return;
      hit("picture delay measured");
      machine.delayMs = measuredMs;
      enter(() => box.delay(measuredMs));
    },
    answer(cue: string, choice: AnswerChoice) {
      if (running()) enter(() => events?.answer(cue, choice));
    },
    dismiss(cue: string) {
      if (running()) enter(() => events?.dismissed(cue));
    },
  };
  return machine;
}
