/** What was really published, as the edges served it: by which a box is judged, whatever it believes itself. */
import type { Schedule } from "../../shared/protocol/schedule.ts";

export interface Truth {
  learn(schedule: Schedule): void;
  /** A moment that an edge went by. */
  note(cue: string, atMs: number): void;
  /** Whether the cue was ever on the channel, at that moment. */
  has(channel: string, cue: string, atMs: number, untilMs: number): boolean;
  onChannel(channel: string, cue: string): boolean;
  /** Moments that the cue had, the newest last. */
  moments(cue: string): readonly number[];
}

export function createTruth(): Truth {
  const instances = new Set<string>();
  const places = new Set<string>();
  const moments = new Map<string, number[]>();
  function note(cue: string, atMs: number): void {
    const list = moments.get(cue);
    if (!list) moments.set(cue, [atMs]);
    else if (list.at(-1) !== atMs) list.push(atMs);
  }

  return {
    note,
    learn({ channel, cues }) {
      for (const { id, atMs, untilMs } of cues) {
        instances.add(`${channel} ${id} ${atMs} ${untilMs}`);
        places.add(`${channel} ${id}`);
        note(id, atMs);
      }
    },
    has: (channel, cue, atMs, untilMs) => instances.has(`${channel} ${cue} ${atMs} ${untilMs}`),
    onChannel: (channel, cue) => places.has(`${channel} ${cue}`),
    moments: (cue) => moments.get(cue) ?? [],
  };
}
