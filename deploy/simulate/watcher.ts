/** A simulated set-top box as those see it who look on, and what they are told. */
import type { View } from "../../edge/box/core/messages.ts";
import type { AnswerChoice, Happening } from "../../edge/box/core/state.ts";
import type { Box } from "../../edge/box/driver.ts";
import type { Schedule } from "../../shared/protocol/schedule.ts";
import type { Flash } from "./flash.ts";

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
