/**
 * The links of an explanation in the editor's language and local time. The engine tells codes and facts; its own
 * words are English and in UTC, and stand in for a code that is not known here. Pure.
 */
import type { Explanation, Step } from "../../../shared/schedule/explanation.ts";
import { clockTime, dateTime, momentTime, quoted, span } from "../app/format.ts";
import { createSay, type Language, listed, type Texts } from "../app/words.ts";

const STEP_NAMES = {
  placement: ["Placement", "投放"],
  channel: ["Channel", "频道"],
  region: ["Region", "区域"],
  programme: ["Programme", "节目"],
  rule: ["Rule", "规则"],
  withdrawn: ["Withdrawal", "撤下"],
  bounds: ["Bounds", "节目范围"],
  blackout: ["Blackouts", "静默时段"],
  contest: ["Contest", "竞争"],
  window: ["Window", "展示窗口"],
  fetch: ["Fetching", "预取"],
  audience: ["Audience", "受众"],
} as const satisfies Texts;

const CODES = {
  placement: [
    "{placement} shows {interaction}, version {version}",
    "{placement} 展示 {interaction} 第 {version} 版",
  ],
  "withdrawn-placement": ["{placement} was withdrawn", "{placement} 已撤下"],
  "unknown-placement": ["There is no placement {placement}", "没有投放 {placement}"],
  "other-generation": [
    "It was aired again since: its cues have new ids now (generation {generation})",
    "之后已重新播出，提示点编号已更新（第 {generation} 代）",
  ],
  channel: ["It names channel {channel}", "已指定频道 {channel}"],
  group: ["Channel {channel} is in its group {group}", "频道 {channel} 属于其频道组 {group}"],
  "not-on-channel": ["It is not placed on channel {channel}", "未投放到频道 {channel}"],
  region: ["It is placed in region {region}", "已投放到区域 {region}"],
  "not-in-region": ["It is limited to {regions}", "仅限区域 {regions}"],
  "not-in-line-up": ["No line-up of {region} has channel {channel}", "{region} 的频道表中没有频道 {channel}"],
  programme: ['"{title}", {start} to {end}', "“{title}”，{start} 至 {end}"],
  "programme-gone": [
    "The guide has no such programme on {channel} any more: its cues went with it",
    "{channel} 的节目单中已没有该节目，其提示点随之取消",
  ],
  "nothing-on": ["The guide has nothing on {channel} at that time", "{channel} 的节目单在该时刻没有节目"],
  "not-by-programme": ["Its rule goes by the clock, not by programmes", "其规则按时间，而不是按节目"],
  instant: ["Its rule is this single moment, {at}", "其规则为单一时刻 {at}"],
  named: ["The rule names this time: {at}", "规则包含该时刻：{at}"],
  "missing-time": [
    "Clocks skip that local time; it is as far after the change: {at}",
    "当地时钟跳过该时刻，顺延至变更之后：{at}",
  ],
  "double-time": [
    "That local time comes twice; the first counts: {at}",
    "该当地时刻出现两次，以第一次为准：{at}",
  ],
  "in-programme": ["The rule puts it at {at}", "规则将其定于 {at}"],
  "not-named": ["The rule does not name this time", "规则不包含该时刻"],
  "except-date": ["The rule names it, and it is among the exception dates", "规则包含该时刻，但属于例外日期"],
  "before-from": ["The rule has not begun by then", "规则此时尚未开始"],
  "after-until": ["The rule has ended before", "规则在此之前已结束"],
  "no-match": ["The rule means {match}, and this is not it", "规则匹配 {match}，此节目不符"],
  repeat: [
    "The rule takes first runs only, and the guide does not call this one",
    "规则仅限首播，节目单未标为首播",
  ],
  "no-such-index": ["The rule gives fewer cues in this programme", "规则在该节目中产生的提示点没有这么多"],
  "other-moment": ["The rule puts its cues at other moments", "规则的提示点在其他时刻"],
  "second-time": [
    "That local time comes twice, and the rule means the first",
    "该当地时刻出现两次，规则指第一次",
  ],
  "rule-fails": ["The rule cannot be expanded", "规则无法展开"],
  "not-withdrawn": ["Nobody withdrew this one", "没有被单独撤下"],
  withdrawn: ["An editor withdrew this one", "编辑已单独撤下"],
  "outside-programme": [
    "The moment lies outside the programme, which was shortened or is shorter than the rule needs",
    "该时刻在节目之外：节目缩短，或短于规则所需",
  ],
  "no-blackout": ["It lies in no blackout of the channel", "不在频道的任何静默时段内"],
  blackout: [
    "It lies in a blackout, {from} to {until}, of channel rule {rule}",
    "处于静默时段 {from} 至 {until}（频道规则 {rule}）",
  ],
  "no-limits": ["The channel has no gap and no most per hour", "频道没有间隔和每小时上限"],
  "keeps-limits": ["It keeps the channel's gap and most per hour", "符合频道的间隔和每小时上限"],
  gap: [
    "Closer than the gap of channel rule {rule} to {to} at {toAt}, which outranks it{because}",
    "与 {toAt} 的 {to} 间隔小于频道规则 {rule} 的要求，后者优先{because}",
  ],
  "hour-limit": [
    "The hour is full by channel rule {rule}; {to} at {toAt} outranks it, among others{because}",
    "该小时已达频道规则 {rule} 的上限；{toAt} 的 {to} 等优先{because}",
  ],
  window: ["It may begin until {until}{late}", "最晚可于 {until} 开始{late}"],
  "window-cut": [
    "It may begin until {until}, when a blackout begins{late}",
    "最晚可于 {until} 开始（随后为静默时段）{late}",
  ],
  "fetched-ahead": [
    "Boxes fetch it between {fetchFrom} and {fetchUntil}",
    "机顶盒于 {fetchFrom} 至 {fetchUntil} 预取",
  ],
  embargo: [
    "Under embargo until its moment; boxes fetch it within {spread} after",
    "到时才放出；机顶盒在之后 {spread} 内获取",
  ],
  everyone: ["It is for everyone", "面向所有人"],
  some: ["Each box judges by itself: {audience}", "由机顶盒自行判断：{audience}"],
} as const satisfies Texts;

const WORDS = {
  late: [", also for those who tune in late", "，晚进入的观众也可见"],
  notLate: [", only for those tuned in at its moment", "，仅限当时在看的观众"],
  share: ["a share of {n}%", "{n}% 的机顶盒"],
  languages: ["languages {list}", "语言 {list}"],
  tags: ["tags {list}", "标签 {list}"],
  anyRegion: ["any region", "任何区域"],
  nothing: [". Nothing of it stands at {asked}", "。{asked} 没有其提示点"],
  nearest: ["; the nearest is {id} at {at}", "，最近的是 {at} 的 {id}"],
} as const satisfies Texts;

/** `because` of docs/schedule.md. */
const BECAUSE = {
  priority: [": its priority is higher", "：其优先级更高"],
  earlier: [": of equal priority the earlier comes first", "：优先级相同，较早者优先"],
  id: [": of equals at one instant the smaller id comes first", "：同一时刻优先级相同，编号较小者优先"],
  "next-day": [
    ": where cues follow closely for a day and longer, each day (UTC) begins anew",
    "：提示点连续一天以上时，每日（UTC）重新起算",
  ],
} as const satisfies Texts;

export const stepName = (step: Step["step"], language: Language): string =>
  createSay(STEP_NAMES, language)(step);

const isNumber = (value: unknown): value is number => typeof value === "number";

/** One or several, as the engine tells them. */
const list = (value: unknown, language: Language): string =>
  Array.isArray(value) ? listed(value.map(String), language) : String(value ?? "");

function audienceWords(facts: Record<string, unknown>, language: Language): string {
  const say = createSay(WORDS, language);
  return [
    ...(isNumber(facts.share) ? [say("share", { n: Math.round(facts.share * 1000) / 10 })] : []),
    ...(facts.languages ? [say("languages", { list: list(facts.languages, language) })] : []),
    ...(facts.tags ? [say("tags", { list: list(facts.tags, language) })] : []),
  ].join(language === "zh" ? "；" : "; ");
}

/** Why the winner of a contest comes first; nothing when the engine does not say, or says it in a new word. */
function becauseWords(because: unknown, language: Language): string {
  return Object.hasOwn(BECAUSE, String(because))
    ? createSay(BECAUSE, language)(because as keyof typeof BECAUSE)
    : "";
}

/** Where nothing stands at the time that was asked about: that, and which cue is nearest. */
function nothingWords({ askedMs, nearest }: Explanation, language: Language): string {
  if (askedMs === undefined) return "";
  const say = createSay(WORDS, language);
  const next = nearest ? say("nearest", { id: nearest.id, at: momentTime(nearest.atMs, language) }) : "";
  return `${say("nothing", { asked: momentTime(askedMs, language) })}${next}`;
}

/** @param nameOf a channel's name */
export function stepWords(
  explanation: Explanation,
  step: Step,
  language: Language,
  nameOf: (channel: string) => string,
): string {
  if (!(step.code in CODES)) return step.text;
  const facts = step.facts ?? {};
  const { atMs, cue, channel, region, placement } = explanation;
  const time = (value: unknown) => (isNumber(value) ? dateTime(value, language) : "–");
  const second = (value: unknown) => (isNumber(value) ? clockTime(value, language, true) : "–");
  const words = createSay(WORDS, language);
  const said = (value: unknown) => list(value, language);
  const values: Record<string, string> = {
    placement,
    channel: channel === undefined ? "–" : nameOf(channel),
    region: region ?? words("anyRegion"),
    at: isNumber(atMs) ? momentTime(atMs, language) : "–",
    interaction: said(facts.interaction),
    version: said(facts.version),
    generation: said(facts.generation),
    group: said(facts.group),
    regions: said(facts.regions),
    title: said(facts.title),
    start: time(facts.startMs),
    end: isNumber(facts.endMs) ? clockTime(facts.endMs, language) : "–",
    match: quoted(said(Object.values((facts.match ?? {}) as object)[0]), language),
    rule: facts.rule === undefined ? "–" : said(facts.rule),
    from: time(facts.fromMs),
    until: step.step === "window" ? second(facts.untilMs) : time(facts.untilMs),
    to: said(facts.to),
    toAt: second(facts.toAtMs),
    because: becauseWords(facts.because, language),
    late: words(facts.lateJoin === false ? "notLate" : "late"),
    fetchFrom: second(cue?.fetch?.fromMs),
    fetchUntil: second(cue?.fetch?.untilMs),
    spread: span(cue?.spreadMs ?? 0, language),
    audience: audienceWords(facts, language),
  };
  const link = createSay(CODES, language)(step.code as keyof typeof CODES, values);
  return step.holds ? link : `${link}${nothingWords(explanation, language)}`;
}

/** Where an editor puts right what ends the chain. */
export type Remedy = "placement" | "rule" | "channels" | "guide" | "regions" | "publish";
const REMEDIES: Record<string, Remedy> = {
  "unknown-placement": "publish",
  "withdrawn-placement": "placement",
  "other-generation": "placement",
  "not-on-channel": "placement",
  "not-in-region": "placement",
  "not-in-line-up": "regions",
  "programme-gone": "guide",
  "nothing-on": "guide",
  blackout: "rule",
  gap: "rule",
  "hour-limit": "rule",
};
/** The link that ends it, and where to go; a rule that gives nothing is put right in the placement. */
export function remedyOf(steps: readonly Step[]): Remedy | undefined {
  const last = steps.find(({ holds }) => !holds);
  return last && (REMEDIES[last.code] ?? "placement");
}
