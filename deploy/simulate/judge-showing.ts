/** What may appear, when, and to whom: never twice, never elsewhere, never outside its window. */
import { heldSchedule } from "../../edge/box/core/draft.ts";
import type { View } from "../../edge/box/core/messages.ts";
import type { Cue } from "../../shared/protocol/schedule.ts";
import type { Coverage } from "./coverage.ts";
import { ERRORS_MAX } from "./figures.ts";
import type { Machine } from "./watcher.ts";
import { covers, EDGE_SPREAD_MS, type Known, nameOf, type Witness } from "./witness.ts";

/** What a busy television takes to call a timer, ms. */
const LATENESS_MS = 400;

export type JudgeShowing = (machine: Machine, view: View, first: boolean) => void;

/** @param sees who sits before the box */
export function createJudgeShowing(
  { truth, startMs, figures, notesOf, knownBy, broken, nowMs, boundOf }: Witness,
  sees: (machine: Machine, view: View) => void,
  { hit }: Coverage,
): JudgeShowing {
  function showed(machine: Machine, view: View, first: boolean): void {
    const record = notesOf(machine);
    if (!first) return;
    // Results that came late are another appearance of what was answered, not another firing.
    if (view.phase === "results") {
      judgeResults(machine, view);
      return;
    }
    if (record.shown.has(view.cue)) broken("never twice", machine.name, view.cue);
    record.shown.add(view.cue);
    figures.shown++;
    const state = machine.box?.state();
    const held = state && heldSchedule(state);
    const cue = held?.schedule.cues.find(({ id }) => id === view.cue);
    if (!cue || !held) {
      broken(
        "never on another channel",
        machine.name,
        `${view.cue} is not in the schedule of ${machine.channel}`,
      );
      return;
    }
    if (!truth.onChannel(machine.channel, cue.id)) {
      broken("never on another channel", machine.name, `${cue.id} was never on ${machine.channel}`);
    }
    judgeMoment(machine, cue, view);
    if (cue.audience) hit("shown to a part of the audience");
    judgeWithdrawal(machine, cue, knownBy(machine, machine.channel));
    sees(machine, view);
  }

  function judgeMoment(machine: Machine, cue: Cue, view: View): void {
    // A clock that was set while the power was off fools any box that has no network.
    if (machine.clockLies && !machine.box?.state().clock.sampled) return;
    const seenMs = nowMs() - machine.delayMs;
    const slack = Math.min(boundOf(machine), view.interaction.clockToleranceMs) + EDGE_SPREAD_MS;
    const published = truth.find(machine.channel, cue.id, cue.atMs, cue.untilMs);
    if (published) judgeAudience(machine, published);
    if (!published) {
      broken("never outside its window", machine.name, `${nameOf(cue)} was never at that moment`);
    } else if (seenMs < cue.atMs - slack || seenMs > cue.untilMs + slack + LATENESS_MS) {
      broken(
        "never outside its window",
        machine.name,
        `${nameOf(cue)} shown ${seenMs - cue.atMs} ms after its moment`,
      );
    }
    const tunedMs = startMs + machine.tunedMs - machine.delayMs;
    if (published && !published.lateJoin && tunedMs > cue.atMs + slack) {
      broken("never outside its window", machine.name, `${nameOf(cue)} shown to one who joined late`);
    }
    const sinceMs = Math.max(machine.tunedMs, machine.wokeMs, machine.bootMs) + startMs;
    const offMs = Math.floor(Math.abs(seenMs - cue.atMs));
    if (sinceMs > cue.atMs - 60_000 || offMs > ERRORS_MAX) figures.late++;
    if (sinceMs <= cue.atMs - 60_000) {
      const bin = Math.min(offMs, ERRORS_MAX);
      figures.errors[bin] = (figures.errors[bin] as number) + 1;
    }
  }

  /** A share is the box's own draw; the rest is plain to see. */
  function judgeAudience(machine: Machine, { id, audience }: Cue): void {
    const { languages, tags } = audience ?? {};
    const read = machine.languages.flatMap((language) => [language, language.slice(0, 2)]);
    if (languages && !languages.some((language) => read.includes(language))) {
      broken("never to one it is not meant for", machine.name, `${id} is for ${languages.join()}`);
    }
    if (tags && !tags.every((tag) => machine.tags.includes(tag))) {
      broken("never to one it is not meant for", machine.name, `${id} is for ${tags.join()}`);
    }
  }

  function judgeWithdrawal(machine: Machine, cue: Cue, known: Known | undefined): void {
    if (!known || !covers(known, cue) || known.cues().has(nameOf(cue))) return;
    broken("never after a withdrawal it knew of", machine.name, nameOf(cue));
  }

  /** What was withdrawn after it had left the screen brings no results either; one that moved does. */
  function judgeResults(machine: Machine, view: View): void {
    const shown = machine.box?.state().screen;
    const known = knownBy(machine, machine.channel);
    if (!shown || !known || !covers(known, shown)) return;
    if ([...known.cues()].some((name) => name.startsWith(`${view.cue}@`))) return;
    broken("never after a withdrawal it knew of", machine.name, `results of ${view.cue}`);
  }

  return showed;
}
