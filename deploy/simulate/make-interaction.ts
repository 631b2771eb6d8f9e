/** Interactions and pictures as editors make them: every type, with rules drawn. */
import { createHash } from "node:crypto";
import type { AnswerRule, Interaction } from "../../shared/protocol/interaction.ts";
import type { InteractionEntry } from "../../shared/publication/entries.ts";
import type { Dice } from "./dice.ts";

export const TYPES = ["notice", "poll", "quiz", "rating", "coupon", "link"] as const;

const DAY_MS = 86_400_000;

/** A smallest PNG, and as many pictures as are told apart by a byte after it. */
const PNG_BASE64 =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
const IMAGES = 3;

/** By hash. */
export function makeImages(): Map<string, Uint8Array> {
  const images = new Map<string, Uint8Array>();
  for (let number = 0; number < IMAGES; number++) {
    const bytes = new Uint8Array([...Buffer.from(PNG_BASE64, "base64"), number]);
    images.set(createHash("sha256").update(bytes).digest("hex"), bytes);
  }
  return images;
}

/** @param images hashes of which it may name one */
export function makeInteraction(
  dice: Dice,
  id: string,
  version: number,
  type: (typeof TYPES)[number],
  images: readonly string[],
): InteractionEntry {
  const texts = { en: { title: `${type} ${id}`, options: { a: "A", b: "B", c: "C" } } };
  const common = {
    id,
    version,
    durationMs: dice.whole(8, 40) * 1000,
    clockToleranceMs: type === "notice" ? 60_000 : dice.pick([2_000, 10_000]),
    defaultLanguage: "en",
    texts,
    results: dice.pick(["never", "after-answer", "after-close"] as const),
    ...(dice.chance(0.4) && { image: { sha256: dice.pick(images), width: 1, height: 1 } }),
  };
  const answer: AnswerRule = {
    mode: dice.pick(["first", "last", "many"] as const),
    closeAfterMs: dice.whole(15, 120) * 1000,
    // Longer than any run: what is shown as taken must arrive.
    acceptAfterCloseMs: 400 * DAY_MS,
  };
  if (answer.mode === "many") answer.most = dice.whole(2, 4);
  const options = ["a", "b", "c"];
  const choices = { least: 1, most: dice.whole(1, 2) };
  let interaction: Interaction;
  switch (type) {
    case "notice":
      interaction = { ...common, type };
      break;
    case "poll":
    case "quiz":
      interaction = { ...common, type, options, choices, answer };
      break;
    case "rating":
      interaction = { ...common, type, scale: dice.whole(2, 10), answer };
      break;
    case "coupon":
      interaction = { ...common, type, code: `CODE-${id}`, answer };
      break;
    default:
      interaction = { ...common, type, url: "https://example.com/x", answer };
  }
  return type === "quiz" ? { interaction, correct: ["b"] } : { interaction };
}
