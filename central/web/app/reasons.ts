/** Why a cue does not appear, in words. */
import type { Suppression } from "../../../shared/schedule/reason.ts";
import type { Texts } from "./words.ts";

export const reasonTexts = {
  withdrawn: ["withdrawn by an editor", "编辑已撤下"],
  "outside-programme": ["its programme ends before it", "节目在此之前结束"],
  blackout: ["in a blackout of the channel (rule {rule})", "处于频道静默时段（规则 {rule}）"],
  gap: ["too close to {to} (rule {rule})", "与 {to} 间隔过近（规则 {rule}）"],
  "hour-limit": ["the hour is full (rule {rule})", "该小时已达上限（规则 {rule}）"],
} as const satisfies Texts;

export const reasonValues = ({ rule, to }: Suppression) => ({ rule: rule ?? "–", to: to ?? "–" });
