/**
 * What must hold, whatever happens. Checked at every step of every box, against what was really published and
 * what really happened; the box's own state is read only for what it holds and what it claims.
 */
import type { View } from "../../edge/box/core/messages.ts";
import { agreement } from "../../shared/time/offset.ts";
import { createHappeningCount } from "./count-happenings.ts";
import type { Coverage } from "./coverage.ts";
import type { EventQueue } from "./event-queue.ts";
import type { Figures } from "./figures.ts";
import { createJudgeAnswers, type JudgeAnswers } from "./judge-answers.ts";
import { createJudgeSchedules } from "./judge-schedules.ts";
import { createJudgeShowing } from "./judge-showing.ts";
import type { Truth } from "./truth.ts";
import type { Machine, Watcher } from "./watcher.ts";
import { createWitness, EDGE_SPREAD_MS, type Violation } from "./witness.ts";

export interface Invariants extends Watcher, Pick<JudgeAnswers, "received" | "rotted" | "finish"> {
  violations: readonly Violation[];
  figures: Figures;
}

/** @param sees who sits before a box */
export function createInvariants(
  queue: EventQueue,
  truth: Truth,
  startMs: number,
  sees: (machine: Machine, view: View) => void,
  coverage: Coverage,
): Invariants {
  const witness = createWitness(queue, truth, startMs);
  const { violations, figures, notesOf, broken, nowMs } = witness;
  const judgeShowing = createJudgeShowing(witness, sees, coverage);
  const schedules = createJudgeSchedules(witness);
  const answers = createJudgeAnswers(witness);
  const count = createHappeningCount(coverage, witness);

  function stepped(machine: Machine): void {
    const { box, onScreen } = machine;
    if (!box) return;
    const { clock } = box.state();
    if (onScreen && onScreen.channel !== machine.channel) {
      broken(
        "never on another channel",
        machine.name,
        `${onScreen.cue} of ${onScreen.channel} stays on ${machine.channel}`,
      );
    }
    if (machine.clockLies && !clock.sampled) return;
    const monotonicMs = machine.monotonicMs();
    const found = agreement(clock.samples, monotonicMs, clock.rate, clock.rateError);
    const offMs = Math.abs(monotonicMs + found.offsetMs - nowMs());
    if (offMs > found.errorMs + EDGE_SPREAD_MS) {
      broken("the clock's bound contains the truth", machine.name, `off by ${offMs}, bound ${found.errorMs}`);
    }
  }

  return {
    violations,
    figures,
    stepped,
    showed(machine, view, first) {
      answers.showed(machine, view);
      judgeShowing(machine, view, first);
    },
    pulled: schedules.pulled,
    booted: schedules.booted,
    stored: answers.stored,
    happened(machine, happening) {
      count(machine, happening);
      const { event, fields } = happening;
      if (event === "answer") answers.gave(machine, fields);
      if (event !== "airing" || (fields.outcome !== "missed" && fields.outcome !== "suppressed")) return;
      notesOf(machine).accounted.add(String(fields.cue));
      const why = `${fields.outcome} ${fields.reason}`;
      figures.accounted[why] = (figures.accounted[why] ?? 0) + 1;
    },
    threw: (machine, what) => broken("the state always loads", machine.name, what),
    received: answers.received,
    rotted: answers.rotted,
    finish: answers.finish,
  };
}
