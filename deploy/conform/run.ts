/** One conformance run: waits for a box, plays the script, waits for what the box has still to tell, judges. */
import { type Finding, hasToldAll, judge } from "./clauses.ts";
import { startPlayingEdge } from "./playing-edge.ts";
import { AT, CHANNEL } from "./script.ts";

export interface ConformanceSettings {
  host: string;
  port: number;
  /** How long the first pull is waited for. */
  waitMs: number;
  /** How long airings are waited for after the script's end. */
  tailMs?: number;
  say(line: string): void;
  /** The port that was taken. */
  onListening?(port: number): void;
}

const TAIL_MS = 45_000;
const LOOK_EVERY_MS = 100;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** @returns undefined when no box came */
export async function runConformance(settings: ConformanceSettings): Promise<Finding[] | undefined> {
  const { say } = settings;
  const edge = await startPlayingEdge(settings.host, settings.port);
  try {
    settings.onListening?.(edge.port);
    say(`Start your box now: edge http://${settings.host}:${edge.port}, channel ${CHANNEL}.`);
    say("It should answer what it shows, by itself or by your hand. The run takes a minute or two.");
    const giveUpMs = edge.nowMs() + settings.waitMs;
    while (edge.startedMs() === null && edge.nowMs() < giveUpMs) await pause(LOOK_EVERY_MS);
    const fromMs = edge.startedMs();
    if (fromMs === null) return undefined;
    say("A box is here.");
    await pause(fromMs + AT.stepsFrom * 1000 - edge.nowMs());
    say("If you can: set the box's wall clock an hour ahead now, within three seconds.");
    await pause(fromMs + AT.end * 1000 - edge.nowMs());
    const endMs = edge.nowMs() + (settings.tailMs ?? TAIL_MS);
    while (edge.nowMs() < endMs && !hasToldAll(edge.asked, fromMs)) await pause(LOOK_EVERY_MS);
    // What was receipted must not come again.
    await pause(2_500);
    return judge(edge.asked, fromMs);
  } finally {
    await edge.close();
  }
}
