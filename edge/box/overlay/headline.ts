/** The one line beside the type: thanks, closed, right or wrong, how many took part. */
import type { Texts } from "../../../shared/protocol/interaction.ts";
import type { View } from "../core/messages.ts";
import type { Words } from "./words.ts";

export interface Headline {
  text: string;
  tone: "" | "good" | "bad" | "calm";
}

export function headline(view: View, texts: Texts, own: Words): Headline {
  const { interaction, results, choice } = view;
  if (view.phase === "closed") return { text: own.ended, tone: "calm" };
  if (view.phase === "results" && results) {
    const votes = own.votes.replace("#", grouped(results.total));
    const where = own[results.scope];
    const counted = `${where} · ${votes}`;
    if (interaction.type !== "quiz" || !results.correct) return { text: counted, tone: "calm" };
    const given = choice?.options;
    if (!given) return { text: counted, tone: "calm" };
    const correct = results.correct;
    const right = given.length === correct.length && given.every((option) => correct.indexOf(option) >= 0);
    return right ? { text: own.right, tone: "good" } : { text: own.wrong, tone: "bad" };
  }
  if (view.phase !== "answered" || interaction.type === "coupon" || interaction.type === "link") {
    return { text: "", tone: "" };
  }
  const thanks = texts.thanks || own.thanks;
  const later = interaction.results === "after-close" ? own.afterClose : "";
  return { text: later ? `✓ ${thanks} · ${later}` : `✓ ${thanks}`, tone: "good" };
}

/** 1234567 → 1,234,567 */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
