/** What checks say, in the editor's language and local time; central's own words are English and in UTC. Pure. */
import type { Plan } from "../../routes/publishing.ts";
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
  "no-texts": ["It has no texts in {language}", "缺少 {language} 的文字"],
  "no-text": ["It has no {text} in {language}", "缺少 {language} 的 {text}"],
  past: ["Its moment is past: it will not be shown", "时刻已过，不会展示"],
  "not-carried": ["No region carries the channel {channel}", "没有区域包含频道 {channel}"],
  "matches-nothing": [
    "Nothing in the guide of the next eight days matches its rule",
    "未来八天的节目单中没有与其规则匹配的节目",
  ],
  "on-screen": [
    "It begins while {other} is on the screen of {channel} ({at})",
    "开始时 {other} 仍在频道 {channel} 的屏幕上（{at}）",
  ],
  "embargoed-elsewhere": [
    "{other} keeps its interaction secret: boxes cannot fetch it ahead, and get it at its moment",
    "{other} 对其互动保密：机顶盒无法提前获取，届时才获取",
  ],
  "all-suppressed": [
    "None of its {n} cues of the next eight days appears: {why}",
    "未来八天的 {n} 个提示点均不会出现：{why}",
  ],
} as const satisfies Texts;

export function checkWords({ code, facts, message }: Check, language: Language): string {
  if (!(code in checkTexts)) return message;
  const reason = String(facts.reason ?? "");
  const why =
    reason in reasonTexts
      ? createSay(reasonTexts, language)(reason as keyof typeof reasonTexts, { rule: "–", to: "–", ...facts })
      : reason;
  const at = typeof facts.atMs === "number" ? momentTime(facts.atMs, language) : "";
  return createSay(checkTexts, language)(code as keyof typeof checkTexts, { ...facts, why, at });
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
