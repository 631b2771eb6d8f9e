/** Bugs planted into what a box is told: replies that are not what the edge gave. */
import type { HttpReply, HttpRequest } from "../../edge/box/ports.ts";
import type { Schedule } from "../../shared/protocol/schedule.ts";
import type { PlantedBug } from "./planted.ts";

const SHIFT_MS = 600_000;

/** What a box keeps though a newer schedule has it no more. */
type Keeps = (cue: Schedule["cues"][number], schedule: Schedule) => boolean;

const KEEPS: Partial<Record<PlantedBug, Keeps>> = {
  "withdrawn-kept": () => true,
  "turn-forgotten": ({ atMs, untilMs }, { fromMs }) => atMs < fromMs && untilMs >= fromMs,
};

/** @returns what becomes of a reply, for one box */
export function createPlantedReplies(
  planted: PlantedBug | undefined,
): (request: HttpRequest, reply: HttpReply) => HttpReply {
  let stamp: string | null = null;
  const kept = new Map<string, Schedule["cues"]>();

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
    const isKept = (cue: Schedule["cues"][number]) => !names.has(cue.id) && keeps(cue, schedule);
    const gone = (kept.get(schedule.channel) ?? []).filter(isKept);
    schedule.cues = [...schedule.cues, ...gone].sort((a, b) => a.atMs - b.atMs);
    kept.set(schedule.channel, schedule.cues);
  }

  return (request, reply) => {
    if (!planted || reply.status !== 200) return reply;
    if (planted === "time-cached" && request.url.includes("/v1/time")) {
      stamp ??= reply.text;
      return { ...reply, text: stamp };
    }
    if (!request.url.endsWith("/schedule")) return reply;
    const schedule = JSON.parse(reply.text) as Schedule;
    change(schedule);
    return { ...reply, text: JSON.stringify(schedule), content: undefined };
  };
}
