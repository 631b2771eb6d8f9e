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
  /** By channel and cue: every `atMs` and `untilMs` that it had there, in pairs. */
  const places = new Map<string, Map<string, number[]>>();
  const moments = new Map<string, number[]>();

  function note(cue: string, atMs: number): void {
    const list = moments.get(cue);
    if (!list) moments.set(cue, [atMs]);
    else if (list[list.length - 1] !== atMs) list.push(atMs);
  }

  function includes(pairs: readonly number[], atMs: number, untilMs: number): boolean {
    for (let at = pairs.length - 2; at >= 0; at -= 2) {
      if (pairs[at] === atMs && pairs[at + 1] === untilMs) return true;
    }
    return false;
  }

  return {
    note,
    learn({ channel, cues }) {
      let place = places.get(channel);
      if (!place) {
        place = new Map();
        places.set(channel, place);
      }
      for (const { id, atMs, untilMs } of cues) {
        note(id, atMs);
        const pairs = place.get(id);
        if (!pairs) place.set(id, [atMs, untilMs]);
        else if (!includes(pairs, atMs, untilMs)) pairs.push(atMs, untilMs);
      }
    },
    has(channel, cue, atMs, untilMs) {
      const pairs = places.get(channel)?.get(cue);
      return pairs !== undefined && includes(pairs, atMs, untilMs);
    },
    onChannel: (channel, cue) => places.get(channel)?.has(cue) ?? false,
    moments: (cue) => moments.get(cue) ?? [],
  };
}
