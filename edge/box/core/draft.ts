/** One step under way: the state being made, the effects so far, and the few ways to change them. */

import { backoffMs } from "../../../shared/time/backoff.ts";
import { nextChance, nextKey } from "./chance.ts";
import { boundAt, edgeTimeAt } from "./edge-time.ts";
import type { Effect, Stamp } from "./messages.ts";
import { LIMITS } from "./pace.ts";
import type { FiredMark, Happening, HeldInteraction, HeldSchedule, State, Task, TaskKind } from "./state.ts";

/** `next` is a fresh copy of the outermost object: its fields are replaced, never what they hold. */
export interface Draft extends Stamp {
  next: State;
  effects: Effect[];
  /** Earliest monotonic instant at which something is due, and whether punctuality matters there. */
  wakeMs: number;
  fireMs: number;
}

/** Edge time now, ms since the Unix epoch; null while nothing is known about it. */
export function edgeNow(draft: Draft): number | null {
  return edgeTimeAt(draft.next.clock, draft.steadyMs);
}

/**
 * Edge time by which answers are stamped and closes judged. Usually it is `edgeNow`. While the bound of its error is
 * wide, as after a jump of the wall clock, it lies no further ahead of the earliest that the truth can be than an edge
 * takes: what is given in time is lost neither to a close that has not come nor to a stamp of the future.
 */
export function sureNow(draft: Draft): number | null {
  const nowMs = edgeNow(draft);
  return nowMs === null ? null : nowMs - Math.max(0, clockErrorMs(draft) - LIMITS.aheadMs);
}

/** Whether a start or a sleep has left the clock in doubt: a sample settles that, or a few seconds do. */
export function inDoubt(draft: Draft): boolean {
  return draft.steadyMs < draft.next.clock.doubtUntilMs;
}

/** Bound of the error of `edgeNow`, ms; Infinity while nothing is known. */
export function clockErrorMs(draft: Draft): number {
  return boundAt(draft.next.clock, draft.steadyMs);
}

/** From 0 up to, not including, 1. */
export function chance(draft: Draft): number {
  const drawn = nextChance(draft.next.seed);
  draft.next.seed = drawn[1];
  return drawn[0];
}

export function drawKey(draft: Draft): string {
  const [key, seed] = nextKey(draft.next.seed);
  draft.next.seed = seed;
  return key;
}

/** How long after so many failures in a row the next try waits, ms. */
export function backoff(draft: Draft, failures: number, retryAfterMs: number): number {
  const { backoffBaseMs, backoffMaxMs } = draft.next.settings.pace;
  const settings = { baseMs: backoffBaseMs, maxMs: backoffMaxMs };
  return backoffMs(failures, settings, () => chance(draft), retryAfterMs);
}

/** Between 0.8 and 1.2 of it, so that boxes which started together drift apart. */
export function around(draft: Draft, ms: number): number {
  return ms * (0.8 + 0.4 * chance(draft));
}

/**
 * Between 0.95 and 1, of the pace near a cue: boxes that are spread evenly stay so whatever they draw, and the smaller the
 * mean, the more they ask.
 */
export function justBelowOne(draft: Draft): number {
  return 1 - 0.05 * chance(draft);
}

/** When to ask again for what says how long it is good for; neither all the time nor never. */
export function againMs(draft: Draft, refreshMs: number): number {
  return draft.steadyMs + around(draft, Math.max(1_000, Math.min(refreshMs, LIMITS.waitMs)));
}

export function put(draft: Draft, key: string, data: unknown): void {
  draft.effects.push({ type: "put", key, data });
}

export function remove(draft: Draft, key: string): void {
  draft.effects.push({ type: "remove", key });
}

/** Says what happened: to the log, and to whoever embeds the box. */
export function report(
  draft: Draft,
  level: "debug" | "info" | "warn",
  event: string,
  fields: Happening["fields"],
): void {
  const now = edgeNow(draft);
  const happening: Happening = { event, edgeMs: now && Math.round(now), fields };
  draft.effects.push({ type: "report", level, happening });
}

/** Something is due at a monotonic instant. */
export function wakeAt(draft: Draft, steadyMs: number): void {
  if (steadyMs < draft.wakeMs) draft.wakeMs = steadyMs;
}

/** Something must happen on the millisecond at an edge instant. */
export function fireAt(draft: Draft, edgeMs: number, nowMs: number): void {
  const due = draft.steadyMs + (edgeMs - nowMs);
  if (due < draft.fireMs) draft.fireMs = due;
}

/** A record without one of its keys. */
export function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const rest: Record<string, T> = {};
  Object.keys(record).forEach((name) => {
    if (name !== key) rest[name] = record[name] as T;
  });
  return rest;
}

/** Forgets what is in a record and in the store, but for the `most` with the highest rank. */
export function forget<Field extends "schedules" | "interactions" | "fired">(
  draft: Draft,
  field: Field,
  most: number,
  rank: (key: string) => number,
): void {
  const keys = Object.keys(draft.next[field]).sort((a, b) => rank(b) - rank(a));
  keys.slice(most).forEach((key) => {
    draft.next[field] = without<unknown>(draft.next[field], key) as State[Field];
    remove(draft, key);
  });
}

/** A record with one key set. */
export function withEntry<T>(
  record: Readonly<Record<string, T>>,
  key: string,
  value: T,
): Readonly<Record<string, T>> {
  const whole = { ...record };
  whole[key] = value;
  return whole;
}

/** Object.hasOwn is of 2022. */
const hasOwn = Object.prototype.hasOwnProperty;

/** A field of data whose names came from outside: never something inherited. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && hasOwn.call(record, key) ? record[key] : undefined;
}

export function setMark(draft: Draft, cue: string, mark: FiredMark): void {
  const key = firedKey(cue);
  draft.next.fired = withEntry(draft.next.fired, key, mark);
  put(draft, key, mark);
}

/** Whether a cue was marked and is no longer under way: it was shown, or is accounted for. */
export function isDone(state: State, cue: string): boolean {
  const key = firedKey(cue);
  return !!state.fired[key] && !state.firing[key];
}

/** Since when the viewer sees this channel, edge time. */
export function tunedEdgeMs(draft: Draft, nowMs: number): number {
  return nowMs - (draft.steadyMs - draft.next.tunedMs);
}

export function scheduleKey(channel: string): string {
  return `schedule/${channel}`;
}

export function interactionKey(id: string, version: number): string {
  return `interaction/${id}@${version}`;
}

export function firedKey(cue: string): string {
  return `fired/${cue}`;
}

export function heldSchedule(state: State): HeldSchedule | undefined {
  return state.schedules[state.tuned];
}

export function heldInteraction(state: State, id: string, version: number): HeldInteraction | undefined {
  return state.interactions[interactionKey(id, version)];
}

/** Sets a task, due in so long; one that is there keeps its failures and its request under way, and never moves later. */
export function want(
  draft: Draft,
  key: string,
  kind: TaskKind,
  delayMs: number,
  id?: string,
  version?: number,
): void {
  const dueMs = draft.steadyMs + delayMs;
  const there = draft.next.tasks[key];
  if (!there) {
    const task = {
      kind,
      dueMs,
      notBeforeMs: 0,
      failures: 0,
      request: 0,
      edge: null,
      id: id || "",
      version: version || 0,
      batch: null,
    };
    setTask(draft, key, task);
  } else if (there.dueMs > dueMs && there.request === 0) setTask(draft, key, { ...there, dueMs });
}

export function setTask(draft: Draft, key: string, task: Task): void {
  draft.next.tasks = withEntry(draft.next.tasks, key, task);
}

/** Every task, as it stands when its turn comes. */
export function eachTask(draft: Draft, run: (key: string, task: Task) => void): void {
  Object.keys(draft.next.tasks).forEach((key) => {
    const task = draft.next.tasks[key];
    if (task) run(key, task);
  });
}

export function dropTask(draft: Draft, key: string): void {
  draft.next.tasks = without(draft.next.tasks, key);
}
