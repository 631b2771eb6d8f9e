/** What was really published, as the edges served it: by which a box is judged, whatever it believes itself. */
import type { Cue, Schedule } from "../../shared/protocol/schedule.ts";

export interface Truth {
  learn(schedule: Schedule): void;
  /** A moment that an edge went by. */
  note(cue: string, atMs: number): void;
  /** The cue as it was published on the channel at that moment; undefined when it never was. */
  find(channel: string, cue: string, atMs: number, untilMs: number): Cue | undefined;
  onChannel(channel: string, cue: string): boolean;
  /** Moments that the cue had, the newest last. */
  moments(cue: string): readonly number[];
}

export function createTruth(): Truth {
  /** By channel and id: the cue at every moment that it had there. */
  const places = new Map<string, Map<string, Cue[]>>();
  const moments = new Map<string, number[]>();

  function note(cue: string, atMs: number): void {
    const list = moments.get(cue);
    if (!list) moments.set(cue, [atMs]);
    else if (list[list.length - 1] !== atMs) list.push(atMs);
  }

  function among(cues: readonly Cue[], atMs: number, untilMs: number): Cue | undefined {
    for (let at = cues.length - 1; at >= 0; at--) {
      const cue = cues[at] as Cue;
      if (cue.atMs === atMs && cue.untilMs === untilMs) return cue;
    }
    return undefined;
  }

  return {
    note,
    learn({ channel, cues }) {
      let place = places.get(channel);
      if (!place) {
        place = new Map();
        places.set(channel, place);
      }
      for (const cue of cues) {
        note(cue.id, cue.atMs);
        const list = place.get(cue.id);
        if (!list) place.set(cue.id, [cue]);
        else if (!among(list, cue.atMs, cue.untilMs)) list.push(cue);
      }
    },
    find(channel, cue, atMs, untilMs) {
      const list = places.get(channel)?.get(cue);
      return list && among(list, atMs, untilMs);
    },
    onChannel: (channel, cue) => places.get(channel)?.has(cue) ?? false,
    moments: (cue) => moments.get(cue) ?? [],
  };
}
