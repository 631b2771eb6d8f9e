/**
 * The box's door: whether what the network or the store handed over has the shape that the core relies on.
 *
 * Written by hand, since the wire schemas' library would cost a third of the bundle. A test holds it against
 * those schemas. It may take more than they do; never less.
 */
import type { Answer } from "../../shared/protocol/answers.ts";
import type { Interaction } from "../../shared/protocol/interaction.ts";
import type { Cue } from "../../shared/protocol/schedule.ts";
import { firedKey, own } from "./core/draft.ts";
import { kindOf } from "./core/entries.ts";
import type { HeldInteraction, HeldSchedule, TaskKind } from "./core/state.ts";

type Check = (value: unknown) => boolean;
type Fields = Record<string, Check>;

/** Beyond the last instant that the wire takes. */
const INSTANT_MAX_MS = 1e15;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  Object(value) === value && !Array.isArray(value);
const isText: Check = (value) => typeof value === "string";
const isBoolean: Check = (value) => typeof value === "boolean";
const isNumber: Check = (value) => typeof value === "number" && value - value === 0;
const isWhole: Check = (value) => isNumber(value) && Math.floor(value as number) === value;
const isCount: Check = (value) =>
  isWhole(value) && (value as number) >= 0 && (value as number) <= INSTANT_MAX_MS;
const matches =
  (pattern: RegExp): Check =>
  (value) =>
    isText(value) && pattern.test(value as string);
export const isId = matches(/^[\w.:~-]{1,128}$/);
const isUrl = matches(/^https?:\/\/[^\s<>"]+$/);
const isMaybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const isList =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every((item) => check(item));
const isEach =
  (check: Check): Check =>
  (value) =>
    isRecord(value) && Object.keys(value).every((key) => check(value[key]));
const isShape = (fields: Fields): Check => {
  // Read once: a schedule has hundreds of records.
  const names = Object.keys(fields);
  return (value) => isRecord(value) && names.every((key) => (fields[key] as Check)(value[key]));
};

const isTexts = isShape({
  title: isMaybe(isText),
  body: isMaybe(isText),
  options: isMaybe(isEach(isText)),
  thanks: isMaybe(isText),
});
const isRule = isShape({
  mode: matches(/^(first|last|many)$/),
  most: isMaybe(isCount),
  closeAfterMs: isCount,
  acceptAfterCloseMs: isCount,
});
const COMMON: Fields = {
  id: isId,
  version: isCount,
  durationMs: isCount,
  clockToleranceMs: isCount,
  defaultLanguage: isText,
  texts: isEach(isTexts),
  image: isMaybe(isShape({ sha256: isId })),
};
const isCommon = isShape(COMMON);
const isChoice = isShape({
  options: isList(isId),
  choices: isShape({ least: isCount, most: isCount }),
  answer: isRule,
});
const BY_TYPE: Fields = {
  notice: () => true,
  poll: isChoice,
  quiz: isChoice,
  rating: isShape({ scale: isCount, answer: isRule }),
  coupon: isShape({ code: isMaybe(isText), url: isMaybe(isUrl), answer: isRule }),
  link: isShape({ url: isUrl, answer: isRule }),
};
const isInteraction: Check = (value) => {
  const check = isRecord(value) && own(BY_TYPE, String(value.type));
  return !!check && isCommon(value) && check(value);
};

const isCueShape = isShape({
  id: isId,
  atMs: isCount,
  untilMs: isCount,
  lateJoin: isBoolean,
  interaction: isId,
  version: isCount,
  priority: isWhole,
  fetch: isMaybe(isShape({ fromMs: isCount, untilMs: isCount })),
  spreadMs: isMaybe(isCount),
  audience: isMaybe(
    isShape({ share: isMaybe(isNumber), languages: isMaybe(isList(isText)), tags: isMaybe(isList(isId)) }),
  ),
});
/** Takes one cue after the other, each id once: two of one name would each be taken for the other, moved. */
function onlyCues(): Check {
  const names: Record<string, true> = {};
  return (value) => {
    const { id, atMs, untilMs } = Object(value) as Cue;
    const name = firedKey(id);
    const isNew = !names[name] && isCueShape(value) && untilMs >= atMs;
    if (isNew) names[name] = true;
    return isNew;
  };
}
const isSchedule = isShape({
  channel: isId,
  epoch: isCount,
  revision: isCount,
  fromMs: isCount,
  untilMs: isCount,
  refreshMs: isCount,
  programmes: isList(isRecord),
  cues: (value) => isList(onlyCues())(value),
});
const isLineUp = isShape({
  edges: isList(isShape({ url: isUrl, weight: isNumber })),
  channels: isList(isRecord),
});

const MESSAGES: Record<TaskKind, Check> = {
  time: isShape({ timeMs: isCount }),
  "line-up": isLineUp,
  schedule: isSchedule,
  interaction: isInteraction,
  results: isShape({
    cue: isId,
    closed: isBoolean,
    total: isCount,
    options: isEach(isCount),
    correct: isMaybe(isList(isId)),
    refreshMs: isCount,
  }),
  answers: isShape({
    receipts: isList(
      isShape({
        key: isText,
        status: matches(/^(accepted|duplicate|late|rejected)$/),
      }),
    ),
  }),
  airings: isShape({ accepted: isCount }),
};

/**
 * Takes out of a schedule what is no cue or has the id of one before it, and notes how many: one must not cost the others.
 *
 * @returns how many are left; where none is, all of it is to be refused: who sends that has another fault
 */
export function dropMalformedCues(content: unknown): number {
  const schedule = Object(content) as { cues?: unknown; malformed?: number };
  const cues = Array.isArray(schedule.cues) ? schedule.cues : [];
  const good = cues.filter(onlyCues());
  schedule.cues = good;
  schedule.malformed = cues.length - good.length;
  return good.length;
}

/** Whether a reply of this kind can be used. */
export function isMessage(kind: TaskKind, value: unknown): boolean {
  return MESSAGES[kind](value);
}

const ABOUT: Fields = { key: isText, cue: isId, interaction: isId, version: isCount };

/** A checksum proves that an entry is as it was written, not that this release wrote it: what the core reads is looked at. */
const ENTRIES: Fields = {
  secret: isList(isNumber),
  clock: isShape({ aheadMs: isNumber, errorMs: isCount, edgeMs: isCount }),
  fired: isShape({ atMs: isCount, markedMs: isCount, interaction: isMaybe(isId), version: isMaybe(isCount) }),
  answer: isShape({ ...ABOUT, answeredAtMs: isCount }),
  airing: isShape({ ...ABOUT, dueMs: isCount, outcome: isText }),
  "line-up": isShape({ lineUp: isLineUp }),
  schedule: isShape({ schedule: isSchedule }),
  interaction: isShape({ interaction: isInteraction }),
};

/** What its key must end with, where an entry says what it is; a mark does not. */
function nameIn(value: unknown): string | undefined {
  const { key, schedule, interaction } = value as Partial<
    Pick<Answer, "key"> & HeldSchedule & HeldInteraction
  >;
  // Of an answer or an airing it is the id alone.
  const { id, version } = Object(interaction) as Partial<Interaction>;
  return schedule ? schedule.channel : id ? `${id}@${version}` : key;
}

/** Whether a stored entry can be used: it has the shape that its key promises, and is what the key names. */
export function isEntry(key: string, value: unknown): boolean {
  const kind = kindOf(key);
  const check = own(ENTRIES, kind);
  if (!check) return true;
  const name = key.slice(kind.length + 1);
  return check(value) && (nameIn(value) || name) === name;
}
