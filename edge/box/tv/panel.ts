/** The panel beside the set: what the box knows, twice a second. */
import type { Happening } from "../core/state.ts";
import type { Summary } from "../core/summary.ts";
import { clockText, lengthText, make, replaceChildren } from "./dom.ts";
import type { Faults } from "./faults.ts";
import type { Recent } from "./happenings.ts";
import { filled, type TvTexts } from "./texts.ts";

const LONG_MS = 600_000;
const DAY_MS = 86_400_000;
/** From here on the hours say less than the days. */
const DAYS_MS = 3 * DAY_MS;

function fact(what: string, is: string, tone = ""): HTMLElement {
  const value = make("div", `is ${tone}`, is);
  value.title = is;
  return make("div", "fact", make("div", "what", what), value);
}

function about({ event, fields }: Happening, texts: TvTexts): string {
  const word = texts.happened[event] || event;
  const parts = [word];
  const say = (said: unknown) => texts.said[String(said)] || String(said);
  if (event === "schedule") parts.push(`${fields.epoch}.${fields.revision}`);
  else if (event === "request-failed") parts.push(say(fields.what), say(fields.status));
  else parts.push(String(fields.cue || fields.channel || fields.url || fields.key || ""));
  if (event === "airing") {
    parts.push(say(fields.outcome));
    if (fields.errorMs !== undefined)
      parts.push(`${Number(fields.errorMs) >= 0 ? "+" : ""}${fields.errorMs} ms`);
    if (fields.reason) parts.push(say(fields.reason));
  }
  if (event === "answer") parts.push(String(fields.options || fields.rating));
  if (event === "receipt") parts.push(say(fields.status));
  if (event === "left") parts.push(say(fields.why));
  return parts.join(" ");
}

/** What is long in milliseconds as hours, minutes and seconds, or as days. */
const amount = (ms: number, texts: TvTexts) =>
  ms >= DAYS_MS
    ? filled(texts.days, Math.round(ms / DAY_MS))
    : ms >= LONG_MS
      ? lengthText(ms)
      : `${Math.ceil(ms)} ms`;

function signed(ms: number, texts: TvTexts): string {
  const whole = Math.round(ms);
  return `${whole < 0 ? "−" : "+"}${amount(Math.abs(whole), texts)}`;
}

function next(summary: Summary, texts: TvTexts): HTMLElement[] {
  const cue = summary.nextCue;
  if (!cue || summary.edgeMs === null) return [fact(texts.nextCue, texts.none)];
  const left = filled(texts.inTime, lengthText(cue.atMs - summary.edgeMs));
  return [
    fact(texts.nextCue, `${clockText(cue.atMs, true)} · ${left}`),
    fact("", `${cue.id}`),
    fact("", summary.nextCueHeld ? texts.held : texts.notHeld, summary.nextCueHeld ? "good" : "warn"),
  ];
}

export interface Panel {
  draw(summary: Summary, happened: readonly Recent[], faults: Faults): void;
}

export function createPanel(
  host: HTMLElement,
  box: string,
  texts: TvTexts,
  switchLanguage: () => void,
  showAlone: () => void,
): Panel {
  // Made once: a button that is replaced between press and release takes no click.
  const language = make("button", "", texts.other);
  language.addEventListener("click", switchLanguage);
  const alone = make("button", "", texts.alone);
  alone.title = texts.full;
  alone.addEventListener("click", showAlone);
  const known = make("div", "");
  replaceChildren(host, [make("h1", "", make("span", "title", texts.title), language, alone), known]);
  return {
    draw: (summary, happened, faults) => replaceChildren(known, lines(box, summary, happened, faults, texts)),
  };
}

function lines(
  box: string,
  summary: Summary,
  happened: readonly Recent[],
  { networkCut, storageKilled, writeFailed }: Faults,
  texts: TvTexts,
): HTMLElement[] {
  const known = summary.epoch !== null;
  const clock =
    summary.clockErrorMs === null || summary.aheadMs === null
      ? fact(texts.clock, texts.unknown, "bad")
      : fact(
          texts.clock,
          `${filled(texts.ahead, signed(-summary.aheadMs, texts))} ${filled(texts.bound, amount(summary.clockErrorMs, texts))}` +
            (summary.sampled ? "" : ` · ${texts.fromStore}`),
          summary.sampled ? "" : "warn",
        );
  const edges = summary.edges.map((edge) =>
    fact(
      edge.url === summary.edge ? `▸ ${texts.edge}` : texts.edge,
      `${edge.url.replace(/^https?:\/\//, "")}${edge.tripMs === null ? "" : ` · ${filled(texts.trip, Math.round(edge.tripMs))}`}`,
      edge.failures > 0 ? "bad" : "",
    ),
  );
  const recent = happened.map(({ happening, agoMs }) => {
    const words = about(happening, texts);
    const line = make("div", "words", words);
    line.title = words;
    const when = make("div", "when", summary.edgeMs === null ? "" : clockText(summary.edgeMs - agoMs, true));
    return make("div", "happened", when, line);
  });
  // Nothing may be written for a long while after it is killed. What was refused once is told for good.
  const isBad = storageKilled || writeFailed;
  const stored = storageKilled
    ? [texts.killed]
    : isBad
      ? []
      : [filled(texts.stored, summary.schedules, summary.interactions, summary.fired)];
  if (summary.storeFailures > 0) stored.push(filled(texts.refused, summary.storeFailures));
  return [
    fact(texts.box, box),
    fact(texts.channel, summary.channel),
    fact(
      texts.schedule,
      known ? filled(texts.revision, `${summary.epoch}`, `${summary.revision}`, summary.cues) : texts.nothing,
      known ? "" : "warn",
    ),
    ...next(summary, texts),
    clock,
    fact(
      texts.network,
      // Nothing may be asked for a long while after it is cut.
      networkCut
        ? texts.cut
        : summary.failing > 0
          ? filled(texts.failing, summary.failing)
          : summary.asking > 0
            ? texts.asking
            : texts.fine,
      networkCut || summary.failing > 0 ? "bad" : "good",
    ),
    ...edges,
    fact(texts.store, stored.join(" · "), isBad ? "bad" : ""),
    fact(texts.outbox, filled(texts.waiting, summary.answersWaiting, summary.airingsWaiting)),
    make("h2", "", texts.recent),
    make("div", "recent", ...recent),
  ];
}
