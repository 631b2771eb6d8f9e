/** What the playing edge has a box show: one of each type that takes an answer, for two seconds. Pure. */
import type { Interaction } from "../../shared/protocol/interaction.ts";
import { interactionId, VERSION } from "./script.ts";

type Asking = "poll" | "several" | "quiz" | "rating" | "coupon" | "link";

/** By interaction; a poll where nothing else is said. */
const ASKING: Record<string, Asking> = {
  [interactionId("moved")]: "quiz",
  [interactionId("embargoed")]: "rating",
  [interactionId("after-malformed")]: "several",
  [interactionId("in-cut")]: "coupon",
  [interactionId("after-step")]: "link",
};

/** What a box has to have answered one of each, for its answers to be judged. */
export const KINDS: readonly Asking[] = ["poll", ...Object.values(ASKING)];

export const kindOf = (id: string): Asking => ASKING[id] ?? "poll";

const LETTERS = ["a", "b", "c"];
const LABELS = { a: "A", b: "B", c: "C" };

/** @param id of any interaction of the script */
export function interactionOf(id: string): Interaction {
  const title = `Conformance: ${id}`;
  const common = {
    id,
    version: VERSION,
    durationMs: 2_000,
    clockToleranceMs: 60_000,
    defaultLanguage: "en",
    answer: { mode: "first", closeAfterMs: 60_000, acceptAfterCloseMs: 86_400_000 },
    results: "never",
  } as const;
  const options = { options: LETTERS, texts: { en: { title, options: LABELS } } };
  const texts = { en: { title } };
  switch (kindOf(id)) {
    case "quiz":
      return { ...common, ...options, type: "quiz", choices: { least: 1, most: 1 } };
    case "several":
      return { ...common, ...options, type: "poll", choices: { least: 2, most: 2 } };
    case "rating":
      return { ...common, texts, type: "rating", scale: 5 };
    case "coupon":
      return { ...common, texts, type: "coupon", code: "CONFORM-2026" };
    case "link":
      return { ...common, texts, type: "link", url: "https://conform.example/" };
    default:
      return { ...common, ...options, type: "poll", choices: { least: 1, most: 1 } };
  }
}
