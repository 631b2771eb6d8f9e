/**
 * A set-top box: an oscillator that drifts, a wall clock that steps, a storage chip, a network line, a viewer;
 * and in it the real runtime, driver and core, as televisions run it.
 */
import type { View } from "../../edge/box/core/messages.ts";
import { LIMITS } from "../../edge/box/core/pace.ts";
import type { AnswerChoice, FiredMark, Happening } from "../../edge/box/core/state.ts";
import { type Box, createBox } from "../../edge/box/driver.ts";
import type { ScreenEvents, Store } from "../../edge/box/ports.ts";
import { decodeRecord, encodeRecord } from "../../edge/box/record.ts";
import { errorMessage } from "../../shared/errors.ts";
import { silentLog } from "../../shared/log.ts";
import { createFlash } from "./flash.ts";
import { drawHardware } from "./hardware.ts";
import { createLine } from "./line.ts";
import type { MachineSettings } from "./machine-settings.ts";
import { createMachineTimer } from "./machine-timer.ts";
import { createOscillator } from "./oscillator.ts";
import type { PlantedBug } from "./planted.ts";
import type { Machine, OnScreen, Usage } from "./watcher.ts";

const IMAGE_MS = 8_000;
const BROKEN_PPM = 400;
const UNKEPT: Partial<Record<PlantedBug, string>> = { "mark-unkept": "fired/", "answer-unkept": "answer/" };
const DAY_MS = 86_400_000;
/** Marks are kept for two weeks. */
const WORN_DAYS = 10;
const HOURS_UNTIL_STOP_MS = 6 * 3_600_000;

export const tokenOf = (box: string) => `token of ${box}`;

/** A mark as it would be without what it is of. */
function bareMark(text: string): string {
  const { atMs, markedMs } = decodeRecord(text) as FiredMark;
  return encodeRecord({ atMs, markedMs });
}

const told = (thrown: unknown) =>
  thrown instanceof Error ? (thrown.stack ?? errorMessage(thrown)) : String(thrown);

export function createMachine(settings: MachineSettings): Machine {
  const { name, queue, trace, watcher, planted, startMs, notes } = settings;
  const { hit } = settings.coverage;
  const dice = settings.dice.fork("hardware");
  const net = settings.dice.fork("net");
  const entropy = settings.dice.fork("entropy").random;

  const urls = [...settings.edges.keys()];
  const hardware = drawHardware(dice, urls, settings.faults);
  const ppm = planted === "quartz-broken" ? BROKEN_PPM : (settings.ppm ?? hardware.ppm);
  const configured = settings.knowsAllEdges ? urls : hardware.edges;
  const { tags, languages, delayMs } = hardware;
  const flash = createFlash(queue, settings.dice.fork("flash"), (run) => enter(run), hit);
  flash.volatile = hardware.volatile;
  if (flash.volatile) hit("storage that forgets");
  if (settings.worn) {
    hit("storage full of marks");
    for (let number = 0; number < LIMITS.fired; number++) {
      const markedMs = startMs - Math.floor(((number + 1) * WORN_DAYS * DAY_MS) / LIMITS.fired);
      flash.plant(`fired/old${number}:x`, encodeRecord({ atMs: markedMs, markedMs }));
    }
  }
  if (delayMs !== 0) hit("picture delayed");

  let starts = 0;
  let events: ScreenEvents | null = null;
  /** What came while it was asleep. */
  let held: (() => void)[] = [];
  let sleepMs = 0;
  let wallSetMs = Number.NEGATIVE_INFINITY;
  let clockStoredMs = Number.NEGATIVE_INFINITY;
  const usage: Usage = { wakeUps: 0, requests: 0, sentBytes: 0, receivedBytes: 0, writes: 0 };

  const running = () => machine.box !== null && !machine.asleep;
  const first = { ppm, rtcPpm: hardware.rtcPpm, wallMs: startMs + hardware.wallOffMs };
  const oscillator = createOscillator(queue, first, running);
  const { monotonicMs, rebase } = oscillator;
  const http = createLine(settings, hardware, net, {
    machine: () => machine,
    starts: () => starts,
    enter,
    hold: (run) => held.push(run),
    notes,
  });

  /** Whatever the box does, it does in here. */
  function enter(run: () => void): void {
    if (!machine.box && starts > 0) return;
    try {
      run();
    } catch (thrown) {
      watcher.threw(machine, told(thrown));
    }
    // A write that ends in its sleep is no step: the box hears of it when it wakes.
    if (machine.box && !machine.asleep) watcher.stepped(machine);
  }

  const timer = createMachineTimer(queue, oscillator, net, settings.faults, running, (run) => {
    usage.wakeUps++;
    if (planted === "timers-stop" && queue.nowMs() - machine.bootMs > HOURS_UNTIL_STOP_MS) return;
    enter(run);
  });

  /** The power goes for half a minute. */
  function restart(start: number): void {
    if (start !== starts) return;
    machine.powerCut();
    queue.after(30_000, () => machine.boot());
  }

  const marks = () => [...flash.texts.keys()].filter((key) => key.startsWith("fired/")).length;

  function store(): Store {
    const chip = flash.store();
    return {
      ...chip,
      load: (done) => planted !== "store-mute" && chip.load(done),
      put(key, text, done) {
        const start = starts;
        usage.writes++;
        const isBeyond = planted === "newest-mark-unkept" && marks() >= LIMITS.fired;
        const unkept = isBeyond ? "fired/" : planted && UNKEPT[planted];
        const isBare = planted === "marks-bare" && key.startsWith("fired/");
        const written = isBare ? bareMark(text) : text;
        if (isBare && dice.chance(0.2)) queue.after(100, () => restart(start));
        if (unkept && key.startsWith(unkept)) {
          queue.after(1, () => {
            if (start !== starts || !machine.box) return;
            watcher.stored(machine, key);
            enter(() => done(true));
          });
          return;
        }
        chip.put(key, written, (ok) => {
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
      http.send({ method: "GET", url, body: null, etag: null, token: null, timeoutMs: IMAGE_MS }, () => {});
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
      const forgets = hardware.forgetsTime && starts > 0;
      oscillator.restart(forgets ? dice.whole(18_000, 22_000) : undefined);
      if (forgets) hit("start in 1970");
      notes?.("starts");
      machine.clockLies = wallSetMs > clockStoredMs;
      starts++;
      machine.bootMs = machine.tunedMs = machine.wokeMs = queue.nowMs();
      if (machine.channel === "") machine.channel = dice.pick(settings.channels);
      if (planted === "marks-forgotten") flash.forget("fired/");
      watcher.booted(machine);
      const ports = {
        clock: { wallMs: () => Math.floor(oscillator.wallMs()), monotonicMs },
        timers: timer.port,
        random: entropy,
        http,
        store: store(),
        screen,
        // The driver survives what the core throws; a world does not.
        log: {
          ...silentLog,
          error: (_: string, fields: unknown) => watcher.threw(machine, JSON.stringify(fields)),
        },
        onHappening(happening: Happening) {
          notes?.(`tells ${happening.event} ${JSON.stringify(happening.fields)}`);
          if (planted === "blurred-untold" && happening.fields.reason === "clock") return;
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
        watcher.threw(machine, told(thrown));
        return;
      }
      if (!machine.box.state().running) watcher.threw(machine, "it did not start");
      rebase();
      timer.plan();
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
      timer.drop();
      held = [];
      flash.cut();
    },
    sleep() {
      if (!machine.box || machine.asleep) return;
      hit("sleep");
      notes?.("falls asleep");
      rebase();
      machine.asleep = true;
      sleepMs = queue.nowMs();
      timer.pause();
    },
    wake() {
      if (!machine.box || !machine.asleep) return;
      rebase();
      machine.asleep = false;
      const sleptMs = queue.nowMs() - sleepMs;
      if (planted === "sleep-unseen" && sleptMs > LIMITS.suspendMaxMs / 20) oscillator.step(-sleptMs);
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
      timer.plan();
      if (planted !== "sleep-forgotten") return;
      enter(() => {
        machine.box?.tune("");
        machine.box?.tune(machine.channel);
      });
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
      oscillator.step(byMs);
      wallSetMs = queue.nowMs();
    },
    stray() {
      hit("oscillator strayed");
      oscillator.stray(ppm + dice.between(-4, 4));
      timer.plan();
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
