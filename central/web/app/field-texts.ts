/** What may be wrong at a place of a form, and what the places are called, in both languages. */
import type { INTERACTION_FAULTS } from "../../authoring/interaction-checks.ts";
import type { FieldCode } from "../../routes/field-errors.ts";
import type { Texts } from "./words.ts";

type Words = readonly [en: string, zh: string];

/** By the code of central's `errors`; those that are `not-so` stand below, by their sentence. */
export const fieldTexts = {
  missing: ["is missing", "不能为空"],
  empty: ["must not be empty", "不能为空"],
  "unknown-field": ["is not known here", "不是已知字段"],
  "wrong-kind": ["must be {wanted}", "应为{wanted}"],
  "not-one-of": ["must be one of {allowed}", "只能是 {allowed}"],
  "not-whole": ["must be a whole number", "必须是整数"],
  "too-small": ["is too small: at least {least}", "太小，至少为 {least}"],
  "not-above": ["must be above {above}", "必须大于 {above}"],
  "too-large": ["is too large: at most {most}", "太大，最多为 {most}"],
  "too-short": ["is too short: at least {least} {least:character|characters}", "太短，至少 {least} 个字符"],
  "too-long": ["is too long: at most {most} {most:character|characters}", "太长，最多 {most} 个字符"],
  "too-few": ["too few: at least {least}", "太少，至少 {least} 个"],
  "too-many": ["too many: at most {most}", "太多，最多 {most} 个"],
} as const satisfies Record<Exclude<FieldCode, "not-so"> | "empty" | "not-above", Words>;

/** Of the interaction as a whole, by code. */
export const faultTexts: Record<keyof typeof INTERACTION_FAULTS, Words> = {
  "no-default-texts": ["the default language has no texts", "默认语言缺少文字"],
  "option-twice": ["there is an option twice", "选项重复"],
  "least-above-most": ["more choices are asked for than allowed", "最少选择数大于最多选择数"],
  "blank-text": ["must not be blank: leave it out", "不能为空白，请删去"],
  "more-choices-than-options": ["more choices are allowed than there are options", "最多选择数大于选项数"],
  "no-such-option": ["there is no option {option}", "没有选项 {option}"],
  "no-right-option": ["a quiz needs a right option", "竞猜需要正确选项"],
  "right-twice": ["a right option is named twice", "正确选项重复"],
  "more-right-than-choices": [
    "more right options than a viewer may choose: nobody could answer right",
    "正确选项多于可选数，无人能答对",
  ],
  "fewer-right-than-choices": [
    "fewer right options than a viewer must choose: nobody could answer right",
    "正确选项少于必选数，无人能答对",
  ],
  "not-a-quiz": ["only a quiz has right options", "只有竞猜才有正确选项"],
  "code-or-address": ["a coupon needs a code or an address, one of them", "优惠券需要兑换码或网址，二选一"],
};

/** What keeps a region or a channel from being removed; what a text must not have; what keeps an interaction out of the archive. */
export const otherTexts = {
  "used-by-placement": ["the placement {name} names it", "投放 {name} 使用了它"],
  "used-by-group": ["the channel group {name} names it", "频道组 {name} 使用了它"],
  "used-by-rule": ["the channel rule {name} names it", "频道规则 {name} 使用了它"],
  "used-by-region": ["the line-up of region {name} names it", "区域 {name} 的频道表使用了它"],
  "harmful-character": [
    "has the character {character}, which cannot be seen or turns what stands beside it: leave it out",
    "含有字符 {character}，它不可见或会影响相邻文字的方向，请删去",
  ],
  "used-by-edge": ["the edge {name} is enrolled in it: revoke it first", "节点 {name} 属于它：请先吊销"],
  "used-on-air": ["is on air and may still show it", "正在播出，仍可能展示"],
  "used-in-drafts": ["is drafted and may still show it", "已起草，仍可能展示"],
} as const satisfies Texts;

/** What schemas say in sentences of their own; a test holds the list against every body that central takes. */
export const SENTENCES: Readonly<Record<string, string>> = {
  "Cannot take this password: at least 10 characters, blanks at its ends not counted":
    "密码至少 10 个字符，首尾空格不计",
  "Cannot take this password: it is the person's name": "密码不能与姓名相同",
  "Cannot make this token: it would end in the past": "到期时间已过",
  "Cannot make this token: it would last longer than 730 days": "有效期最长 730 天",
  "Cannot make this token: its scope holds what its role may not": "范围超出该角色的权限",
  "Cannot take this address: not an http or https URL": "请填写 http 或 https 网址",
  "Cannot take this address: a name or a password in it would stand in the log":
    "网址中不能含用户名或密码，否则会写入日志",
  "Cannot fetch this address: not an http or https URL": "请填写 http 或 https 网址",
  "Cannot fetch this address: no name and password within it": "网址中不能含用户名或密码",
  "Cannot take this id: only A-Z a-z 0-9 . _ : ~ - are allowed": "只能含 A-Z a-z 0-9 . _ : ~ -",
  "Cannot take this box id: only A-Z a-z 0-9 . _ : ~ - are allowed": "只能含 A-Z a-z 0-9 . _ : ~ -",
  "Cannot take this placement id: 1 to 40 of A-Z a-z 0-9 _ ~ -": "须为 1 至 40 个 A-Z a-z 0-9 _ ~ -",
  "Cannot take this key: not a UUID": "不是 UUID",
  "Cannot take this hash: not 64 lower-case hexadecimal digits": "须为 64 位小写十六进制",
  "Cannot take this language: not a BCP 47 tag like zh-CN": "语言代码应如 zh-CN",
  "Cannot take these names: too many languages": "语言过多",
  "Cannot take this tag: no commas and no control characters": "标签不能含逗号或控制字符",
  "Cannot take this period: it ends before it begins": "结束早于开始",
  "Cannot take this placement: it is on no channel and in no group": "请至少选择一个频道或频道组",
  "Cannot tell an effect: send a group or a rule, one of them": "请只填频道组或规则之一",
  "Cannot use this zone: not an IANA time zone like Asia/Shanghai": "时区应如 Asia/Shanghai",
  "Cannot use this pattern: it is empty": "标题不能为空",
  'Cannot read this blackout: write {"fromMs": …, "untilMs": …} or {"match": {"category": "news"}}':
    "请填写时段，或选择节目",
  'Cannot read which programmes: write {"category": "news"}, or what a placement matches: {"title": title}':
    "请指明是哪些节目",
  'Cannot read which programmes: write one of {"programme": id}, {"series": key}, {"title": title} or {"titlePattern": "news*"}':
    "请指明是哪些节目",
  'Cannot read the moment: write {"from": "start" or "end", "offsetMs": 0}, {"fraction": 0.5} or {"everyMs": 900000}':
    "请指明节目中的时刻",
  "Cannot use this date: write YYYYMMDD or YYYYMMDDThhmm of the calendar":
    "日期应写成 YYYYMMDD 或 YYYYMMDDThhmm",
};

/** A rule's faults are many: the field of the rule names the one. */
export const RULE_FAULT: readonly [begins: string, zh: string] = [
  "Cannot use this rule: ",
  "规则有误，请看规则旁的提示",
];

/** The kinds that a schema wants. */
export const kindTexts = {
  string: ["a text", "文字"],
  number: ["a number", "数字"],
  boolean: ["true or false", "真或假"],
  Array: ["a list", "列表"],
  Object: ["an object", "对象"],
} as const satisfies Texts;

/** The places that forms have, by the name in the body; numbers count from 1, others are told as they stand. */
export const placeTexts = {
  id: ["Id", "编号"],
  name: ["Name", "名称"],
  names: ["Names", "名称"],
  number: ["Number", "频道号"],
  type: ["Type", "类型"],
  texts: ["Texts", "文字"],
  title: ["Title", "标题"],
  body: ["Body", "正文"],
  thanks: ["Thanks", "感谢语"],
  options: ["Options", "选项"],
  correct: ["Right options", "正确选项"],
  choices: ["Choices", "选择数"],
  least: ["At least", "最少"],
  most: ["At most", "最多"],
  scale: ["Scale", "分值"],
  code: ["Code", "兑换码"],
  url: ["Address", "网址"],
  image: ["Image", "图片"],
  tags: ["Tags", "标签"],
  durationMs: ["Stays for", "停留时长"],
  clockToleranceMs: ["Clock may be off by", "允许时钟误差"],
  defaultLanguage: ["Default language", "默认语言"],
  answer: ["Answers", "回答"],
  closeAfterMs: ["Closes after", "截止"],
  acceptAfterCloseMs: ["Accepted late for", "延迟接收"],
  channels: ["Channels", "频道"],
  groups: ["Channel groups", "频道组"],
  regions: ["Regions", "区域"],
  interaction: ["Interaction", "互动"],
  version: ["Version", "版本"],
  placements: ["Placement", "投放"],
  when: ["When", "时间"],
  match: ["Programmes", "节目"],
  series: ["Series", "系列"],
  titlePattern: ["Title like", "标题类似"],
  programme: ["Programme", "节目"],
  at: ["Moment", "时刻"],
  atMs: ["Moment", "时刻"],
  offsetMs: ["Offset", "偏移"],
  fraction: ["Share", "比例"],
  everyMs: ["Every", "间隔"],
  rule: ["Rule", "规则"],
  zone: ["Time zone", "时区"],
  fromMs: ["From", "开始"],
  untilMs: ["Until", "结束"],
  except: ["Not on", "例外日期"],
  exceptDates: ["Not on", "例外日期"],
  windowMs: ["May begin for", "可开始时长"],
  priority: ["Priority", "优先级"],
  prefetch: ["Fetched ahead", "提前获取"],
  leadMs: ["Fetched from", "提前获取"],
  guardMs: ["Fetched until", "获取截止"],
  embargo: ["Embargo", "保密"],
  spreadMs: ["Spread over", "分散时长"],
  audience: ["Audience", "受众"],
  share: ["Share of boxes", "机顶盒比例"],
  languages: ["Languages", "语言"],
  gapMs: ["Gap", "间隔"],
  perHourMost: ["Per hour", "每小时"],
  blackouts: ["Blackouts", "静默时段"],
  password: ["Password", "密码"],
  role: ["Role", "角色"],
  expiresAtMs: ["Expires", "到期"],
  comment: ["Comment", "备注"],
  winners: ["Winners", "中奖人数"],
  about: ["What it is for", "用途"],
  types: ["Told of", "通知类型"],
  moveMaxMs: ["Most moved by", "最多移动"],
  movedMax: ["Most cues moved", "最多移动提示点"],
  vanishedMax: ["Most cues gone", "最多消失提示点"],
  appearedMax: ["Most cues new", "最多出现提示点"],
  timeoutMs: ["Time limit", "超时"],
  bytesMax: ["Largest size", "最大大小"],
  box: ["Box", "机顶盒"],
  enabled: ["On", "启用"],
  paused: ["Paused", "暂停"],
  edges: ["Addresses of edges", "节点地址"],
  every: ["Asked", "获取间隔"],
  clock: ["Its times are", "时刻为"],
  staleAfterMs: ["Old after", "过期时间"],
  publish: ["Goes on air by itself", "自动播出"],
  soonMs: ["None sooner than", "不早于"],
  freezeMs: ["Freeze time", "冻结时间"],
  answers: ["Answers", "回答"],
  airings: ["Airings", "播出记录"],
  audit: ["Audit", "审计"],
  sessions: ["Sessions", "会话"],
  publications: ["Publications", "发布"],
  deliveries: ["Deliveries", "推送记录"],
  validDays: ["Valid for, days", "有效天数"],
} as const satisfies Texts;
