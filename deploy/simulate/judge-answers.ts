/** What becomes of an answer: shown as taken, it reaches central, once; a viewer has one vote a cue. */
import type { View } from "../../edge/box/core/messages.ts";
import type { Happening } from "../../edge/box/core/state.ts";
import type { Receipt } from "../../shared/protocol/answers.ts";
import type { Machine } from "./watcher.ts";
import type { Witness } from "./witness.ts";

/** How often each `<box> <key>` came. */
export type Arrived = ReadonlyMap<string, number>;
/** By `<box> <cue>`. */
export type Votes = ReadonlyMap<string, { count: number; most: number }>;

const REACHES = "every answer shown as taken reaches central once";
const ANSWER = "answer/";

export interface JudgeAnswers {
  showed(machine: Machine, view: View): void;
  gave(machine: Machine, answer: Happening["fields"]): void;
  stored(machine: Machine, key: string): void;
  received(box: string, receipt: Receipt): void;
  rotted(box: string, key: string): void;
  /** At the end, when everything had time to arrive. */
  finish(central: Arrived, votes: Votes): void;
}

export function createJudgeAnswers({ truth, figures, notesOf, broken }: Witness): JudgeAnswers {
  /** All by `<box> <key>`. */
  const given = new Map<string, string>();
  const taken = new Set<string>();
  const excused = new Set<string>();
  const receipts = new Map<string, Receipt["status"]>();

  function tellTaken(machine: Machine, cue: string, phase: View["phase"]): void {
    const record = notesOf(machine);
    if (machine.flash.volatile) return;
    let kept = 0;
    for (const key of record.keysOf.get(cue) ?? []) {
      const id = `${machine.name} ${key}`;
      // A slow store may be overtaken by the edge, which has it on disk then.
      if (!record.storedKeys.has(key) && receipts.get(id) !== "accepted") continue;
      kept++;
      taken.add(id);
    }
    if (kept > 0 || phase !== "answered") return;
    broken(REACHES, machine.name, `${cue} shown as taken before an answer was kept`);
  }

  function gave(machine: Machine, fields: Happening["fields"]): void {
    const key = String(fields.key);
    const cue = String(fields.cue);
    figures.answers++;
    given.set(`${machine.name} ${key}`, cue);
    // Stamped by a clock that was set while the power was off: an edge may take it for one of the future.
    if (machine.clockLies && !machine.box?.state().clock.sampled) excused.add(`${machine.name} ${key}`);
    const { keysOf } = notesOf(machine);
    const keys = keysOf.get(cue);
    if (keys) keys.push(key);
    else keysOf.set(cue, [key]);
  }

  function finish(central: Arrived, votes: Votes): void {
    for (const id of taken) {
      if (excused.has(id)) continue;
      figures.taken++;
      const times = central.get(id) ?? 0;
      if (times === 1) continue;
      const box = id.slice(0, id.indexOf(" "));
      const cue = given.get(id) as string;
      const status = receipts.get(id) ?? "none";
      if (times === 0 && status === "late" && truth.moments(cue).length > 1) figures.lateByMoving++;
      else broken(REACHES, box, `${cue}, key ${id}, arrived ${times} times, receipt ${status}`);
    }
    for (const [id, times] of central) {
      const box = id.slice(0, id.indexOf(" "));
      if (times > 1 || !given.has(id)) broken(REACHES, box, `key ${id} arrived ${times} times`);
    }
    for (const [group, { count, most }] of votes) {
      if (count > most)
        broken("one vote a cue", group.slice(0, group.indexOf(" ")), `${group}: ${count} of ${most}`);
    }
  }

  return {
    showed(machine, { cue, phase, choice }) {
      if (phase !== "open" && choice) tellTaken(machine, cue, phase);
    },
    gave,
    stored(machine, key) {
      if (key.indexOf(ANSWER) === 0) notesOf(machine).storedKeys.add(key.slice(ANSWER.length));
    },
    received: (box, { key, status }) => void receipts.set(`${box} ${key}`, status),
    rotted(box, key) {
      if (key.indexOf(ANSWER) === 0) excused.add(`${box} ${key.slice(ANSWER.length)}`);
    },
    finish,
  };
}
