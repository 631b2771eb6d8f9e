/** What is on the screen: shown, answered, closed, results, gone; and what the viewer did with it. */
import type { Answer } from "../../../shared/protocol/answers.ts";
import type { AnswerRule, Interaction } from "../../../shared/protocol/interaction.ts";
import type { Results } from "../../../shared/protocol/results.ts";
import type { Cue } from "../../../shared/protocol/schedule.ts";
import {
  againMs,
  chance,
  type Draft,
  drawKey,
  dropTask,
  edgeNow,
  inDoubt,
  report,
  sureNow,
  tunedEdgeMs,
  wakeAt,
  want,
} from "./draft.ts";
import type { View } from "./messages.ts";
import { type AiringFields, answerKey, closeAiring, keepAnswer, tellAiring } from "./outbox.ts";
import { LIMITS } from "./pace.ts";
import type { AnswerChoice, HeldInteraction, Shown } from "./state.ts";

/** How long after the close results are waited for. */
const AFTER_CLOSE_MS = 60_000;
/** Most answered interactions whose results are awaited. */
const AWAITING_MAX = 4;
/** An answered interaction stays for its results when the close is no further away than this. */
const STAY_FOR_CLOSE_MS = 15_000;

export function resultsKey(cue: string): string {
  return `results/${cue}`;
}

function ruleOf(interaction: Interaction): AnswerRule | null {
  return interaction.type === "notice" ? null : interaction.answer;
}

/** Monotonic instant at which answers close; null when it takes none. */
function closesAtMs(draft: Draft, shown: Shown): number | null {
  const rule = ruleOf(shown.interaction);
  const nowMs = sureNow(draft);
  if (!rule || nowMs === null) return null;
  return draft.steadyMs + (shown.dueMs + rule.closeAfterMs - nowMs);
}

function offsetNow(draft: Draft): number {
  return (edgeNow(draft) as number) - draft.steadyMs;
}

/**
 * How long it stays or is waited for yet, ms. Monotonic time stands still while the machine sleeps, edge time does not;
 * as long as a sleep is in doubt, it was none.
 */
function leftMs(draft: Draft, { goneMs, offsetMs }: Shown): number {
  const sleptMs = inDoubt(draft) ? 0 : Math.max(0, offsetNow(draft) - offsetMs);
  return goneMs - draft.steadyMs - sleptMs;
}

/** Whether all is known of its answers. */
function isClosed({ results }: Shown): boolean {
  return results ? results.closed : false;
}

export function isAnswerable(draft: Draft, shown: Shown): boolean {
  const rule = ruleOf(shown.interaction);
  const closesMs = closesAtMs(draft, shown);
  if (!rule || closesMs === null || draft.steadyMs > closesMs || isClosed(shown)) return false;
  const given = shown.answers.length;
  return rule.mode === "last" || given < (rule.mode === "many" ? rule.most || 1 : 1);
}

function view(draft: Draft, shown: Shown): View {
  const closesMs = closesAtMs(draft, shown);
  return {
    cue: shown.cue,
    interaction: shown.interaction,
    phase: shown.phase === "opening" ? "open" : shown.phase,
    languages: draft.next.settings.languages,
    choice: shown.choice,
    answerable: isAnswerable(draft, shown),
    results: shown.results,
    leftMs: Math.max(0, leftMs(draft, shown)),
    closesInMs: closesMs === null ? null : Math.max(0, closesMs - draft.steadyMs),
    edge: draft.next.edges.current,
  };
}

function change(draft: Draft, shown: Shown): void {
  draft.next.screen = shown;
  draft.effects.push({ type: "show", view: view(draft, shown) });
}

/** @param heldBackBy what it waited for after its moment */
export function showCue(
  draft: Draft,
  cue: Cue,
  held: HeldInteraction,
  errorMs: number,
  heldBackBy: "storage" | "clock" | null,
): void {
  const { interaction, heldMs } = held;
  const { atMs } = cue;
  const source = heldMs !== null && heldMs > atMs ? "network" : "store";
  change(draft, {
    cue: cue.id,
    channel: draft.next.channel,
    atMs,
    untilMs: cue.untilMs,
    priority: cue.priority,
    interaction,
    // Its correct options are told once it closed: to everybody at once.
    dueMs: interaction.type === "quiz" ? atMs : atMs + Math.max(0, draft.next.delayMs),
    goneMs: draft.steadyMs + interaction.durationMs,
    offsetMs: offsetNow(draft),
    over: false,
    phase: "opening",
    answers: [],
    choice: null,
    results: null,
    source,
    lateBy: source === "network" ? "network" : heldBackBy || "timer",
    clockErrorMs: Math.round(errorMs),
    airing: null,
  });
}

/** The overlay stands: now it is an airing. */
export function takeShown(draft: Draft, cue: string): void {
  const shown = draft.next.screen;
  const nowMs = edgeNow(draft);
  if (!shown || shown.cue !== cue || shown.phase !== "opening" || nowMs === null) return;
  const firedMs = Math.max(0, Math.round(nowMs - draft.next.delayMs));
  const late = firedMs - shown.atMs > LIMITS.lateAfterMs;
  const airing = tell(draft, shown, {
    outcome: late ? "late" : "shown",
    reason: late ? (tunedEdgeMs(draft, firedMs) > shown.atMs ? "joined" : shown.lateBy) : undefined,
    firedMs,
    clockErrorMs: shown.clockErrorMs,
    source: shown.source,
  });
  draft.next.screen = { ...shown, phase: "open", airing };
}

/** An airing of what is, or was to be, on the screen. @returns its key */
function tell(draft: Draft, shown: Shown, fields: AiringFields): string {
  const { id, version } = shown.interaction;
  return tellAiring(draft, { cue: shown.cue, interaction: id, version, dueMs: shown.atMs, ...fields });
}

/** Whether a choice fits its interaction, which takes answers. */
function fits(interaction: Interaction, { options, rating }: AnswerChoice): boolean {
  if (interaction.type === "rating") {
    return !!rating && rating > 0 && rating % 1 === 0 && rating <= interaction.scale;
  }
  const asks = interaction.type === "poll" || interaction.type === "quiz" ? interaction : null;
  const known = asks ? asks.options : [interaction.type === "coupon" ? "kept" : "opened"];
  const { least, most } = asks ? asks.choices : { least: 1, most: 1 };
  return (
    !!options &&
    options.length >= least &&
    options.length <= most &&
    options.every((option, at) => known.indexOf(option) >= 0 && options.indexOf(option) === at)
  );
}

/** The viewer chose: into the outbox first; the screen says so once it is stored. */
export function takeAnswer(draft: Draft, cue: string, choice: AnswerChoice): void {
  const shown = draft.next.screen;
  const nowMs = sureNow(draft);
  if (!shown || shown.cue !== cue || nowMs === null) return;
  if (!isAnswerable(draft, shown) || !fits(shown.interaction, choice)) return;
  const { id, version } = shown.interaction;
  const answer: Answer = {
    ...(choice as Pick<Answer, "options" | "rating">),
    key: drawKey(draft),
    cue,
    interaction: id,
    version,
    dueMs: shown.dueMs,
    answeredAtMs: Math.round(nowMs),
  };
  if (!keepAnswer(draft, answer)) {
    report(draft, "warn", "outbox-full", { cue });
    return;
  }
  draft.next.screen = { ...shown, answers: shown.answers.concat([choice]) };
  report(draft, "info", "answer", { ...answer, options: choice.options ? choice.options.join() : undefined });
}

/**
 * An answer is safe, in the store or, where that is full, at the edge: tell the viewer, once. One after which another was
 * given is not told of: what the viewer would see taken is the other, which may be lost yet.
 */
export function answerTaken(draft: Draft, storedKey: string): void {
  const shown = draft.next.screen;
  if (!shown || isClosed(shown)) return;
  const its = draft.next.answers.filter((one) => one.answer.cue === shown.cue).pop();
  if (!its || its.stored || answerKey(its.answer.key) !== storedKey) return;
  const choice = shown.answers[shown.answers.length - 1] as AnswerChoice;
  change(draft, settled(draft, { ...shown, phase: "answered", choice }));
}

/** How long it stays after the answer, and what is asked next. */
function settled(draft: Draft, shown: Shown): Shown {
  const { type, results } = shown.interaction;
  if (type === "coupon" || type === "link") return shown;
  const closesMs = closesAtMs(draft, shown) || 0;
  const isSoon = results === "after-answer";
  if (isSoon || results === "after-close") {
    const askMs = askResults(
      draft,
      shown.cue,
      isSoon ? draft.next.settings.pace.answerSpreadMs : closesMs - draft.steadyMs,
    );
    if (isSoon || closesMs <= shown.goneMs + STAY_FOR_CLOSE_MS)
      return { ...shown, goneMs: Math.max(shown.goneMs, askMs + LIMITS.resultsShownMs) };
  }
  return isAnswerable(draft, shown) ? shown : soonGone(draft, shown);
}

/** There is nothing more to see than a word. */
function soonGone(draft: Draft, shown: Shown): Shown {
  const goneMs = draft.steadyMs + LIMITS.thanksMs;
  return { ...shown, goneMs: Math.min(shown.goneMs, goneMs) };
}

/** @param inMs when there may be some @returns when they are asked for, monotonic */
function askResults(draft: Draft, cue: string, inMs: number): number {
  const delayMs = inMs + chance(draft) * draft.next.settings.pace.resultsSpreadMs;
  want(draft, resultsKey(cue), "results", delayMs, cue);
  return draft.steadyMs + delayMs;
}

/** Tallies came. @returns when to ask again, monotonic; null when never */
export function takeResults(draft: Draft, cue: string, results: Results): number | null {
  const state = draft.next;
  const nextMs = againMs(draft, results.refreshMs);
  const shown = state.screen;
  if (shown && shown.cue === cue) {
    const first = shown.results === null;
    const keepMs = first ? draft.steadyMs + LIMITS.resultsShownMs : 0;
    change(draft, { ...shown, phase: "results", results, goneMs: Math.max(shown.goneMs, keepMs) });
    return isFinal(shown, results) ? null : nextMs;
  }
  const awaited = state.awaiting.filter((one) => one.cue === cue)[0];
  if (!awaited) return null;
  if (!isFinal(awaited, results)) return nextMs;
  state.awaiting = state.awaiting.map((one) => (one === awaited ? { ...one, results } : one));
  return null;
}

function isFinal(shown: Shown, results: Results): boolean {
  return results.closed && (shown.interaction.type !== "quiz" || results.correct !== undefined);
}

export function takeDismissed(draft: Draft, cue: string): void {
  if (draft.next.screen && draft.next.screen.cue === cue) leaveScreen(draft, "dismissed");
}

/** @param why `ended`, `dismissed`, `withdrawn`, `replaced` or `channel` */
export function leaveScreen(draft: Draft, why: string): void {
  const state = draft.next;
  const shown = state.screen;
  if (!shown) return;
  state.screen = null;
  draft.effects.push({ type: "hide", cue: shown.cue });
  if (shown.airing) {
    closeAiring(draft, shown.airing, why === "dismissed" && shown.answers.length === 0 && !shown.results);
    // Else the overlay never said that it stands: it is broken, or the end came in that very moment.
  } else tell(draft, shown, { outcome: "missed", reason: why === "ended" ? "screen" : why });
  report(draft, "info", "left", { cue: shown.cue, why });
  const key = resultsKey(shown.cue);
  // Whom another cue came between wants to know all the same; who closed it does not.
  const isLeft = why === "ended" || why === "replaced";
  const worthIt = isLeft && shown.answers.length > 0 && shown.phase !== "results" && state.tasks[key];
  if (!worthIt || shown.interaction.results !== "after-close") {
    dropTask(draft, key);
    return;
  }
  const goneMs = (closesAtMs(draft, shown) || 0) + AFTER_CLOSE_MS;
  state.awaiting = state.awaiting
    .concat([{ ...shown, goneMs, offsetMs: offsetNow(draft), over: true }])
    .slice(-AWAITING_MAX);
}

/** The screen is free: results that came meanwhile have their turn. */
function showAwaited(draft: Draft): void {
  const state = draft.next;
  const one = state.awaiting.filter(({ results }) => results)[0];
  if (!one) return;
  state.awaiting = state.awaiting.filter((other) => other !== one);
  const goneMs = draft.steadyMs + LIMITS.resultsShownMs;
  change(draft, { ...one, phase: "results", goneMs, offsetMs: offsetNow(draft) });
}

/** What time does to the screen. */
export function runScreen(draft: Draft): void {
  const state = draft.next;
  // As in most steps.
  if (!state.screen && !state.awaiting[0]) return;
  state.awaiting = state.awaiting.filter((one) => {
    const waits = leftMs(draft, one) > 0;
    if (!waits) dropTask(draft, resultsKey(one.cue));
    return waits;
  });
  if (state.screen && leftMs(draft, state.screen) <= 0) leaveScreen(draft, "ended");
  if (!state.screen) showAwaited(draft);
  const shown = state.screen;
  if (!shown) return;
  wakeAt(draft, draft.steadyMs + leftMs(draft, shown));
  if (inDoubt(draft)) wakeAt(draft, state.clock.doubtUntilMs);
  const closesMs = closesAtMs(draft, shown);
  if (closesMs === null || shown.over || shown.phase === "opening") return;
  if (draft.steadyMs <= closesMs) wakeAt(draft, closesMs + 1);
  else {
    const over = { ...shown, over: true };
    change(draft, shown.phase === "open" ? closed(draft, { ...over, phase: "closed" }) : over);
  }
}

/** Nobody answered in time here: show what the others said, if that may be seen. */
function closed(draft: Draft, shown: Shown): Shown {
  if (shown.interaction.results !== "after-close") return soonGone(draft, shown);
  askResults(draft, shown.cue, 0);
  return shown;
}
