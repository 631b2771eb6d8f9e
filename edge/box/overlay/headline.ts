/** The one line beside the type: how many may be chosen, thanks, closed, right or wrong, how many took part. */
import type { Texts } from "../../../shared/protocol/interaction.ts";
import type { View } from "../core/messages.ts";
import type { Words } from "./words.ts";

export type Headline = [text: string, tone: "" | "good" | "bad" | "calm"];

export function headline(view: View, texts: Texts, own: Words): Headline {
  const { interaction, results, choice } = view;
  if (view.phase === "closed") return [own.ended, "calm"];
  if (view.phase === "results" && results) {
    // What is correct is told of a quiz alone, and after its close.
    const { correct } = results;
    const given = choice?.options;
    if (!correct || !given) {
      return [`${own[results.scope]} · ${own.votes.replace("#", grouped(results.total))}`, "calm"];
    }
    const right = given.length === correct.length && given.every((option) => correct.indexOf(option) >= 0);
    return right ? [own.right, "good"] : [own.wrong, "bad"];
  }
  const { choices } = interaction as { choices?: { most: number } };
  if (view.phase === "open" && choices && choices.most > 1)
    return [own.upTo.replace("#", String(choices.most)), "calm"];
  if (view.phase !== "answered" || interaction.type === "coupon" || interaction.type === "link")
    return ["", ""];
  // The editors' own words say what they want to say.
  const later = interaction.results === "after-close" ? ` · ${own.afterClose}` : "";
  return [`✓ ${texts.thanks || own.thanks + later}`, "good"];
}

/** 1234567 → 1,234,567 */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
