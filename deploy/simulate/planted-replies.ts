/** Bugs planted into what a box is told: replies that are not what the edge gave. */
import type { HttpReply, HttpRequest } from "../../edge/box/ports.ts";
import type { Schedule } from "../../shared/protocol/schedule.ts";
import type { PlantedBug } from "./planted.ts";

const SHIFT_MS = 600_000;

/** What a box keeps though a newer schedule has it no more. @param isOver it was answered, and left the screen */
type Keeps = (cue: Schedule["cues"][number], schedule: Schedule, isOver: boolean) => boolean;

const KEEPS: Partial<Record<PlantedBug, Keeps>> = {
  "withdrawn-kept": () => true,
  "turn-forgotten": ({ atMs, untilMs }, { fromMs }) => atMs < fromMs && untilMs >= fromMs,
  "results-kept": (_cue, _schedule, isOver) => isOver,
};

/**
 * @param onScreen the cue on the screen
 * @returns what becomes of a reply, for one box
 */
export function createPlantedReplies(
  planted: PlantedBug | undefined,
  onScreen: () => string | undefined,
): (request: HttpRequest, reply: HttpReply) => HttpReply {
  let stamp: string | null = null;
  const kept = new Map<string, Schedule["cues"]>();
  const answered = new Set<string>();

  function change(schedule: Schedule): void {
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
    const keeps = KEEPS[planted as PlantedBug];
    if (!keeps) return;
    const names = new Set(schedule.cues.map(({ id }) => id));
    const isKept = (cue: Schedule["cues"][number]) =>
      !names.has(cue.id) && keeps(cue, schedule, answered.has(cue.id) && onScreen() !== cue.id);
    const gone = (kept.get(schedule.channel) ?? []).filter(isKept);
    schedule.cues = [...schedule.cues, ...gone].sort((a, b) => a.atMs - b.atMs);
    kept.set(schedule.channel, schedule.cues);
  }

  return (request, reply) => {
    if (planted === "results-kept" && request.url.endsWith("/answers"))
      for (const { cue } of JSON.parse(request.body ?? "").answers) answered.add(cue);
    if (!planted || reply.status !== 200) return reply;
    if (planted === "time-cached" && request.url.includes("/v1/time")) {
      stamp ??= reply.text;
      return { ...reply, text: stamp };
    }
    if (!request.url.endsWith("/schedule")) return reply;
    const schedule = JSON.parse(reply.text) as Schedule;
    change(schedule);
    return { ...reply, text: JSON.stringify(schedule) };
  };
}
