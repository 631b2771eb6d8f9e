/** What checks say, in the editor's language and local time; central's own words are English and in UTC. Pure. */
import type { Plan } from "../../routes/publishing-schemas.ts";
import { momentTime } from "../app/format.ts";
import { reasonTexts } from "../app/reasons.ts";
import { createSay, type Language, type Texts } from "../app/words.ts";

type Check = Pick<Plan["checks"][number], "code" | "message" | "facts">;

export const checkTexts = {
  "no-channel": ["There is no channel {name}", "没有频道 {name}"],
  "no-channel-group": ["There is no channel group {name}", "没有频道组 {name}"],
  "no-region": ["There is no region {name}", "没有区域 {name}"],
  "no-version": ["There is no {name}", "没有版本 {name}"],
  "no-image": ["Its image was not uploaded", "图片尚未上传"],
  "nothing-to-read": [
    "It has neither title nor body in its default language {language}, nor an image: there is nothing to read",
    "默认语言 {language} 既无标题也无正文，也没有图片，无内容可读",
  ],
  "option-without-label": [
    "Its option {option} has no label in its default language {language}",
    "选项 {option} 缺少默认语言 {language} 的文字",
  ],
  "no-texts": ["It has no texts in {language}", "缺少 {language} 的文字"],
  "no-text": ["It has no {text} in {language}", "缺少 {language} 的 {text}"],
  past: ["Its moment is past: it will not be shown", "时刻已过，不会展示"],
  over: ["Its rule has ended: it will not be shown", "规则已到期，不会展示"],
  "one-option": ["It has one option: there is nothing to choose", "只有一个选项，无从选择"],
  "nobody-wins": [
    "Nobody can answer it right: a viewer may not choose just its right options",
    "无人能答对：观众无法恰好选中全部正确选项",
  ],
  "closes-on-screen": [
    "It closes {s} s before it leaves the screen: answers in between are late",
    "离开屏幕前 {s} 秒即截止，其间的回答算迟到",
  ],
  "audience-language": [
    "It is for viewers of {language}, and its interaction has no texts in it",
    "面向 {language} 观众，但互动没有该语言的文字",
  ],
  "not-carried": ["No region carries the channel {channel}", "没有区域包含频道 {channel}"],
  "matches-nothing": [
    "Nothing in the guide of the next eight days matches its rule",
    "未来八天的节目单中没有与其规则匹配的节目",
  ],
  "on-screen": [
    "It begins while {other} is on the screen of {channel} ({at})",
    "开始时 {other} 仍在频道 {channel} 的屏幕上（{at}）",
  ],
  "late-added": [
    "New {left} s before its moment ({at}): boxes need up to {need} s to hear of it; those that have not show it late or not at all",
    "距时刻 {left} 秒才新增（{at}）：机顶盒最多需 {need} 秒获知；未获知的会晚展示或不展示",
  ],
  "late-freed": [
    "Appears again {left} s before its moment ({at}): boxes need up to {need} s to hear of it; those that have not show it late or not at all",
    "距时刻 {left} 秒才恢复（{at}）：机顶盒最多需 {need} 秒获知；未获知的会晚展示或不展示",
  ],
  "late-moved": [
    "Moves {left} s before it matters ({at}): boxes need up to {need} s to hear of it; those that have not show it where it was",
    "距影响时刻 {left} 秒才移动（{at}）：机顶盒最多需 {need} 秒获知；未获知的按原时刻展示",
  ],
  "late-changed": [
    "Changes {left} s before its moment ({at}): boxes need up to {need} s to hear of it; those that have not show it as it was",
    "距时刻 {left} 秒才更改（{at}）：机顶盒最多需 {need} 秒获知；未获知的按原样展示",
  ],
  "frozen-added": [
    "New {left} s before its moment ({at}), within the freeze time of {freeze} s",
    "距时刻 {left} 秒才新增（{at}），在 {freeze} 秒冻结时间之内",
  ],
  "frozen-freed": [
    "Appears again {left} s before its moment ({at}), within the freeze time of {freeze} s",
    "距时刻 {left} 秒才恢复（{at}），在 {freeze} 秒冻结时间之内",
  ],
  "frozen-moved": [
    "Moves {left} s before it matters ({at}), within the freeze time of {freeze} s",
    "距影响时刻 {left} 秒才移动（{at}），在 {freeze} 秒冻结时间之内",
  ],
  "frozen-changed": [
    "Changes {left} s before its moment ({at}), within the freeze time of {freeze} s",
    "距时刻 {left} 秒才更改（{at}），在 {freeze} 秒冻结时间之内",
  ],
  "embargoed-elsewhere": [
    "{other} keeps its interaction secret: boxes cannot fetch it ahead, and get it at its moment",
    "{other} 对其互动保密：机顶盒无法提前获取，届时才获取",
  ],
  "all-suppressed": [
    "Of its {n} {n:cue|cues} of the next eight days none appears: {why}",
    "未来八天的 {n} 个提示点均不会出现：{why}",
  ],
} as const satisfies Texts;

/** `title`, `option b` */
const partTexts = {
  title: ["title", "标题"],
  body: ["body", "正文"],
  option: ["option {id}", "选项 {id}"],
} as const satisfies Texts;

function partWords(text: string, language: Language): string {
  const [name = "", id = ""] = text.split(" ", 2);
  return name in partTexts ? createSay(partTexts, language)(name as keyof typeof partTexts, { id }) : text;
}

export function checkWords({ code, facts, message }: Check, language: Language): string {
  if (!(code in checkTexts)) return message;
  const reason = String(facts.reason ?? "");
  const why =
    reason in reasonTexts
      ? createSay(reasonTexts, language)(reason as keyof typeof reasonTexts, { rule: "–", to: "–", ...facts })
      : reason;
  const at = typeof facts.atMs === "number" ? momentTime(facts.atMs, language) : "";
  return createSay(checkTexts, language)(code as keyof typeof checkTexts, {
    ...{ ...facts, why, at },
    ...(typeof facts.text === "string" && { text: partWords(facts.text, language) }),
  });
}

/** Where a check's thing is edited: its view and id; undefined where it is no thing of its own. */
export function checkPlace(
  path: string,
): { view: "placements" | "interactions" | "channels" | "edges"; id?: string } | undefined {
  const [kind = "", ...rest] = path.split(".");
  const name = rest.join(".");
  const id = name.replace(/\.(channels|groups|regions|interaction|image)$/, "");
  if (kind === "placements") return { view: "placements", id };
  if (kind === "interactions") return { view: "interactions", id: id.replace(/@\d+$/, "") };
  if (kind === "channel-groups") return { view: "channels", id: `group:${id}` };
  if (kind === "channel-rules") return { view: "channels", id: `rule:${id}` };
  return kind === "regions" ? { view: "edges" } : undefined;
}
