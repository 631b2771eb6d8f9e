/**
 * Central, two edges, the network and some boxes in virtual time. One seed decides everything; the same seed
 * gives the same trace on every runtime.
 */
import { createCentral } from "./central.ts";
import { createCompile } from "./compile-once.ts";
import { createCoverage, KINDS } from "./coverage.ts";
import { createDice } from "./dice.ts";
import { createEdge, type Edge } from "./edge.ts";
import { createEditors } from "./editors.ts";
import { createEventQueue } from "./event-queue.ts";
import { type Figures, mergeUsage } from "./figures.ts";
import { createInvariants } from "./invariants.ts";
import { createMachine, tokenOf } from "./machine.ts";
import type { PlantedBug } from "./planted.ts";
import { createReadBodies } from "./read-bodies.ts";
import { createTrace, type Trace } from "./trace.ts";
import { breakdowns, sleepLong, sleepsLong, troubleEdge, troubleMachine } from "./trouble.ts";
import { createTruth } from "./truth.ts";
import { createViewer, type Viewer } from "./viewer.ts";
import type { Machine } from "./watcher.ts";
import { EDGE_SPREAD_MS, type Violation } from "./witness.ts";

export interface WorldSettings {
  seed: number;
  boxes: number;
  days: number;
  planted?: PlantedBug | undefined;
  /** Of all boxes, this one alone. */
  only?: string | undefined;
  /** Told what happens to the boxes, in words. */
  notes?: ((box: string, atMs: number, text: string) => void) | undefined;
}

export interface Outcome {
  seed: number;
  boxDays: number;
  events: number;
  publications: number;
  /** Equal for equal seeds. */
  hash: string;
  violations: readonly Violation[];
  figures: Figures;
}

/** 2026-11-23T08:00:00Z. */
const START_MS = 1_795_420_800_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const CHANNELS = 4;
/** At the end everything is mended, and has this long to arrive. */
const DRAIN_MS = 2 * HOUR_MS;
/** Nobody answers what comes at the very end: an edge sends up once a minute. */
const SETTLE_MS = 5 * MINUTE_MS;

export async function runWorld(settings: WorldSettings): Promise<Outcome> {
  const { seed, planted } = settings;
  const dice = createDice(seed);
  const queue = createEventQueue();
  const trace: Trace = createTrace();
  const truth = createTruth();
  const endMs = settings.days * DAY_MS;
  const faulty = () => queue.nowMs() < endMs;

  /** How much breaks in this world. */
  const wildness = dice.fork("wildness").pick([0.3, 1, 1, 4]);
  const kinds = dice.fork("kinds");
  const crowded = kinds.chance(1 / 12);
  const demandsTokens = kinds.chance(0.3);
  const fickle = kinds.chance(1 / 8);
  const worn = kinds.chance(1 / 20);
  const coverage = createCoverage();
  const { hit } = coverage;
  const viewers = new Map<Machine, Viewer>();
  const invariants = createInvariants(
    queue,
    truth,
    START_MS,
    (machine, view) => {
      if (queue.nowMs() < endMs + DRAIN_MS - SETTLE_MS) viewers.get(machine)?.sees(view);
    },
    coverage,
  );

  const urls = ["http://edge-a", "http://edge-b"];
  const editors = createEditors(dice.fork("editors"), START_MS, settings.days, CHANNELS, crowded, fickle);
  const region = { id: "north", name: "North", edges: urls.map((url) => ({ url, weight: 1 })) };
  const central = createCentral(editors, region, {
    forgetsKeys: planted === "keys-forgotten",
    judgesNothing: planted === "votes-unjudged",
  });
  const edges = new Map<string, Edge>();
  const compile = createCompile(region.id, CHANNELS);
  const bodies = createReadBodies(truth.learn);
  for (const url of urls) {
    const clockOffMs = dice.fork(url).whole(-Math.floor(EDGE_SPREAD_MS / 2), Math.floor(EDGE_SPREAD_MS / 2));
    edges.set(
      url,
      createEdge({
        url,
        clockOffMs,
        compile,
        bodies,
        coverage,
        tokenOf: demandsTokens ? tokenOf : undefined,
        onJudged: truth.note,
        onReceipt: invariants.received,
        forgetsSome: planted === "receipt-too-early",
      }),
    );
  }

  // Publishing: central tells the edges, each when its line allows.
  let publications = 0;
  let current = central.publish(START_MS);
  const cutUntilMs = new Map<Edge, number>();
  const newsDice = dice.fork("news");
  const promote = (edge: Edge, publication: typeof current) => async () => {
    if (publication !== current) return;
    if ((cutUntilMs.get(edge) ?? 0) > queue.nowMs()) {
      hit("behind the other edge");
      return;
    }
    await edge.promote(publication);
    trace.add(`promote ${edge.url}`, publication.manifest.revision);
  };
  const publish = () => {
    announce(editors.change(START_MS + Math.floor(queue.nowMs())));
    const regretted = editors.regret();
    // Taken back just when it comes: some boxes learn of it in time, some while it is on the screen.
    const inMs = newsDice.between(-30_000, 30_000) + (fickle ? 30_000 : 0);
    if (regretted && fickle) hit("recall at the turn");
    if (regretted) queue.at(regretted.atMs - START_MS + inMs, () => announce(editors.recall(regretted.id)));
  };
  const announce = (deed: string) => {
    const wallMs = START_MS + Math.floor(queue.nowMs());
    for (const kind of KINDS.editors) if (deed.startsWith(kind)) hit(kind);
    if (newsDice.chance(0.02)) {
      hit("new epoch");
      central.beginEpoch();
    }
    current = central.publish(wallMs);
    publications++;
    trace.add(deed, queue.nowMs());
    for (const edge of edges.values()) queue.after(newsDice.between(50, 4_000), promote(edge, current));
  };
  for (const edge of edges.values()) await edge.promote(current);
  breakdowns({ queue, faulty }, newsDice, 10, publish);

  const trouble = { queue, wildness, faulty, hit };
  for (const edge of edges.values()) {
    const fate = dice.fork(`fate ${edge.url}`);
    troubleEdge(trouble, edge, fate, (lengthMs) => {
      cutUntilMs.set(edge, queue.nowMs() + lengthMs);
      queue.after(lengthMs, () => promote(edge, current)());
    });
    // The uplink: a batch at a time, acknowledged when the reply comes; else the same batch comes again.
    const uplink = () => {
      const connected = (cutUntilMs.get(edge) ?? 0) <= queue.nowMs() || !faulty();
      if (connected && !edge.down) {
        const batch = edge.batch();
        if (batch.length > 0) central.take(batch);
        if (!fate.chance(faulty() ? 0.1 : 0)) edge.acknowledge(batch.length);
        else if (batch.length > 0) hit("batch sent again");
      }
      queue.after(fate.between(5_000, 60_000), uplink);
    };
    queue.after(fate.between(0, 10_000), uplink);
  }

  const machines: Machine[] = [];
  const channels = editors.channels.map(({ id }) => id);
  for (let number = 1; number <= settings.boxes; number++) {
    const name = `box-${number}`;
    if (settings.only !== undefined && settings.only !== name) continue;
    const own = dice.fork(name);
    const machine = createMachine({
      name,
      startMs: START_MS,
      channels,
      edges,
      queue,
      dice: own,
      trace,
      watcher: invariants,
      faults: true,
      planted,
      worn,
      coverage,
      notes: settings.notes && ((text) => settings.notes?.(name, queue.nowMs(), text)),
    });
    machines.push(machine);
    const lively = own.pick([1, 6, 25]);
    queue.after(own.between(0, 10 * MINUTE_MS), () => machine.boot());
    if (number === 1 && sleepsLong(settings.days)) {
      sleepLong(trouble, machine, own.fork("long sleep"));
      continue;
    }
    viewers.set(machine, createViewer(machine, channels, queue, own.fork("viewer"), lively, coverage));
    troubleMachine(trouble, machine, own.fork("fate"), (key) => invariants.rotted(name, key));
  }

  const enough = () => invariants.violations.length > 0;
  await queue.runUntil(endMs, enough);
  if (!enough()) {
    for (const edge of edges.values()) {
      edge.down = edge.busy = false;
      cutUntilMs.set(edge, 0);
      await edge.promote(current);
    }
    for (const machine of machines) {
      machine.line = "open";
      machine.flash.full = false;
      machine.flash.ambush = machine.ambush = null;
      machine.wake();
      if (machine.tokenStale) {
        machine.tokenStale = false;
        machine.powerCut();
      }
      machine.boot();
    }
    await queue.runUntil(endMs + DRAIN_MS, enough);
  }
  if (!enough()) {
    const newest = (cue: string) => truth.moments(cue).at(-1);
    invariants.finish(central.taken, central.votes(newest));
  }
  for (const { usage } of machines) invariants.figures.usage = mergeUsage(invariants.figures.usage, usage);
  invariants.figures.coverage = coverage.counts();
  return {
    seed,
    boxDays: (machines.length * Math.min(queue.nowMs(), endMs)) / DAY_MS,
    events: queue.events(),
    publications,
    hash: trace.hash(),
    violations: invariants.violations,
    figures: invariants.figures,
  };
}
