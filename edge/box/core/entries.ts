/** What the box keeps in its store: which keys, what is in them, and how they are read back, one by one. */
import type { Airing } from "../../../shared/protocol/airings.ts";
import type { Answer } from "../../../shared/protocol/answers.ts";
import type { Seed } from "./chance.ts";
import { type ClockEntry, restoreClock } from "./clock.ts";
import { type Draft, firedKey, put, remove, report, setMark, withEntry } from "./draft.ts";
import type { Entry } from "./messages.ts";
import { tellAiring } from "./outbox.ts";
import { LIMITS } from "./pace.ts";
import type { FiredMark, HeldInteraction, HeldLineUp, HeldSchedule } from "./state.ts";

/** Later than any mark that was not torn. */
const TORN_MS = 1e15;

export type EntryKind =
  | "secret"
  | "clock"
  | "line-up"
  | "schedule"
  | "interaction"
  | "fired"
  | "answer"
  | "airing";

/** `fired/pl7:p1.0` is of the kind `fired`. */
export function kindOf(key: string): string {
  return key.split("/")[0] as string;
}

/** Puts every entry where it belongs. A damaged entry costs itself alone. */
export function restore(draft: Draft, entries: readonly Entry[], damaged: readonly string[]): void {
  // A record of its own, filled in place: copied at each of thousands of marks, it would take a start seconds.
  draft.next.fired = { ...draft.next.fired };
  entries.forEach(({ key, data }) => {
    restoreEntry(draft, key, data);
  });
  damaged.forEach((key) => {
    restoreDamaged(draft, key);
  });
  if (draft.next.secret.length === 0) {
    draft.next.secret = draft.next.seed;
    put(draft, "secret", draft.next.seed);
  }
  const { answers, airings } = draft.next;
  draft.next.answers = inOrder(answers, ({ answer }) => answer.answeredAtMs).slice(0, LIMITS.answers);
  draft.next.airings = inOrder(airings, ({ airing }) => airing.firedMs || airing.dueMs).slice(
    -LIMITS.airings,
  );
  tellUnshown(draft);
}

/** Marked, and then the power went: it is not known to have been shown, and is not shown again. */
function tellUnshown(draft: Draft): void {
  const { fired } = draft.next;
  Object.keys(fired).forEach((key) => {
    const { interaction, version, atMs } = fired[key] as FiredMark;
    if (!interaction || !version) return;
    const cue = key.slice(firedKey("").length);
    tellAiring(draft, { cue, interaction, version, outcome: "missed", reason: "power", dueMs: atMs });
  });
}

function inOrder<T>(list: readonly T[], ms: (one: T) => number): T[] {
  return list.slice().sort((one, other) => ms(one) - ms(other));
}

function restoreEntry(draft: Draft, key: string, data: unknown): void {
  const state = draft.next;
  switch (kindOf(key) as EntryKind) {
    case "secret":
      state.secret = data as Seed;
      return;
    case "clock":
      restoreClock(draft, data as ClockEntry);
      return;
    case "line-up":
      state.lineUp = data as HeldLineUp;
      return;
    case "schedule":
      state.schedules = withEntry(state.schedules, key, data as HeldSchedule);
      return;
    case "interaction":
      state.interactions = withEntry(state.interactions, key, data as HeldInteraction);
      return;
    case "fired":
      (state.fired as Record<string, FiredMark>)[key] = data as FiredMark;
      return;
    case "answer":
      state.answers = state.answers.concat([{ answer: data as Answer, stored: true }]);
      return;
    case "airing":
      state.airings = state.airings.concat([{ airing: data as Airing, isOpen: false }]);
      return;
    default:
    // Of a later version of this program: not ours to delete.
  }
}

function restoreDamaged(draft: Draft, key: string): void {
  report(draft, "warn", "entry-damaged", { key });
  draft.next.damaged += 1;
  if (kindOf(key) === "fired") {
    // The name alone says that the cue was marked; in doubt, it is not shown again.
    // Kept for as long as there is room: a wall clock may be wrong by years.
    setMark(draft, key.slice(firedKey("").length), { atMs: 0, markedMs: TORN_MS });
    return;
  }
  remove(draft, key);
}
