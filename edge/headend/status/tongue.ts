/** The shape of the status page's words, which each tongue fills. */
import type { Reason } from "../../../shared/schedule/reason.ts";
import type { LineFault } from "./line-fault.ts";
import type { TroubleCode } from "./troubles.ts";

export type Tongue = "zh" | "en";

export interface TroubleWords {
  /** What is wrong, in a few words. */
  title: string;
  /** What a technician does about it. */
  action: string;
}

export interface Words {
  language: string;
  title: string;
  states: { good: string; warning: string; alarm: string };
  /** Under the state. */
  stateWords: { good: string; warning(count: number): string; alarm(count: number): string };
  cards: Record<"line" | "publication" | "left" | "outbox" | "boxes" | "clock" | "disk" | "versions", string>;
  troublesTitle: string;
  recentTitle: string;
  recentNone: string;
  recentColumns: { when: string; event: string; words: string; times: string };
  up: string;
  down: string;
  since(span: string): string;
  ago(span: string): string;
  /** A length of time in its largest unit, rounded down: `3 min`. */
  span(ms: number): string;
  lastSync(ago: string): string;
  neverSynced: string;
  nothing: string;
  published(ago: string): string;
  hours(hours: number): string;
  guideEnds(at: string): string;
  noGuide: string;
  guideOver: string;
  endless: string;
  recurrenceEnds(hours: number, at: string): string;
  recurrencesOver: string;
  noRecurrence: string;
  withoutGuide(count: number, names: string): string;
  /** Cues by reason, as `gap 3, blackout 1`. */
  suppressed: (counts: string) => string;
  counts(counts: { channels: number; placements: number; interactions: number; programmes: number }): string;
  waiting(count: number): string;
  empty: string;
  oldest(span: string): string;
  onDisk(size: string): string;
  setAside(count: number): string;
  about(boxes: number): string;
  boxesUnknown: string;
  boxesUnknownWhy: string;
  boxesHow: string;
  pullsPerSecond(rate: string): string;
  pullsChart: string;
  shed(count: number): string;
  offset(offset: string): string;
  within(error: string): string;
  clockUnknown: string;
  clockNow(at: string): string;
  zones(own: string): string;
  zonesSame: string;
  zonesOther(central: string): string;
  zonesUnknown: string;
  free(size: string): string;
  ofTotal(size: string): string;
  memory(size: string): string;
  running(span: string): string;
  certificate(span: string): string;
  unknown: string;
  todo: string;
  /** Between names of a list. */
  listed: string;
  /** Between what is said of one thing. */
  between: string;
  /** What a part of the edge told in English, in this language. */
  detail(english: string): string;
  /** A field of a log line, by its name. */
  field(name: string, value: string): string;
  /** Why cues do not appear, in few words. */
  reasons: Record<Reason, string>;
  refreshed(at: string): string;
  otherTongue: { tongue: Tongue; name: string };
  troubles: Record<TroubleCode, TroubleWords>;
  /** Of `outbox-refuses`, where rights are the reason. */
  outboxRights: TroubleWords;
  /** Of `outbox-refuses`, where a file stands where a folder should, or the reverse. */
  outboxInTheWay: TroubleWords;
  /** While the page gets no answer. */
  away: string;
  /** What to do about a line to central, by what it met; those of `air` say so. */
  central: Record<LineFault, TroubleWords>;
  air: Record<LineFault, TroubleWords>;
  /** By log event. */
  events: Record<string, string>;
}
