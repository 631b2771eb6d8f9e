/** One conformance run: waits for a box, plays the script, waits for what the box has still to tell, judges. */
import { type Finding, hasToldAll, judge } from "./clauses.ts";
import { startPlayingEdge } from "./playing-edge.ts";
import { AT, CHANNEL, RETURN } from "./script.ts";

export interface ConformanceSettings {
  host: string;
  port: number;
  /** How long the first pull is waited for. */
  waitMs: number;
  /** How long airings are waited for after the script's end. */
  tailMs?: number;
  /** Whoever runs the box sets its wall clock when told to; else nothing is said of that. */
  clockSet: boolean;
  say(line: string): void;
  /** The port that was taken. */
  onListening?(port: number): void;
}

const TAIL_MS = 45_000;
const LOOK_EVERY_MS = 100;
/** A box that takes no receipt for final sends again within this. */
const AGAIN_MS = 2_500;
/** Timers are never sharper. */
const LATE_MS = 5;

/** About an instant: so long before and after it. */
const ABOUT_MS = 1_000;

/** @returns undefined when no box came */
export async function runConformance(settings: ConformanceSettings): Promise<Finding[] | undefined> {
  const { say } = settings;
  const edge = await startPlayingEdge(settings.host, settings.port);
  /** This machine's own timers, where they were late: what it says of a box is no sharper. */
  const late: { atMs: number; byMs: number }[] = [];

  /** @param untilMs edge time at which it is given up */
  async function waitFor(isSo: () => boolean, untilMs: number): Promise<void> {
    while (!isSo()) {
      const beforeMs = edge.nowMs();
      if (beforeMs >= untilMs) return;
      const waitMs = Math.min(LOOK_EVERY_MS, untilMs - beforeMs);
      await new Promise<void>((resolve) => setTimeout(resolve, waitMs));
      const byMs = edge.nowMs() - beforeMs - waitMs;
      if (byMs > LATE_MS) late.push({ atMs: edge.nowMs(), byMs });
    }
  }
  const waitUntil = (untilMs: number) => waitFor(() => false, untilMs);
  const latenessMs = (aboutMs: number) =>
    Math.max(0, ...late.filter(({ atMs }) => Math.abs(atMs - aboutMs) < ABOUT_MS).map(({ byMs }) => byMs));

  try {
    settings.onListening?.(edge.port);
    say(`Start your box now: edge http://${settings.host}:${edge.port}, channel ${CHANNEL}.`);
    say(
      `It is waited for ${settings.waitMs / 1000} s (--wait). It should answer what it shows, by itself or by your hand. The run takes a minute or two.`,
    );
    await waitFor(() => edge.course() !== null, edge.nowMs() + settings.waitMs);
    const course = edge.course();
    if (course === null) return undefined;
    say("A box is here.");
    await waitFor(() => course.returnedMs !== null, course.fromMs + AT.returnLatest * 1000);
    if (course.returnedMs !== null) {
      await waitUntil(course.returnedMs + RETURN.stepsFrom * 1000);
      if (settings.clockSet) say("Set the box's wall clock an hour ahead now, within three seconds.");
      await waitUntil(course.returnedMs + RETURN.end * 1000);
    }
    await waitFor(() => hasToldAll(edge.asked, course), edge.nowMs() + (settings.tailMs ?? TAIL_MS));
    // What was receipted must not come again.
    await waitUntil(edge.nowMs() + AGAIN_MS);
    return judge(edge.asked, course, latenessMs, settings.clockSet);
  } finally {
    await edge.close();
  }
}
