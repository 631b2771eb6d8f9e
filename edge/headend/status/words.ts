/** The status page's words in each tongue, and which of them a reader wants. */
import type { Tongue, TroubleWords, Words } from "./tongue.ts";
import type { Trouble } from "./troubles.ts";
import { english } from "./words-en.ts";
import { chinese } from "./words-zh.ts";

export const WORDS: Record<Tongue, Words> = { zh: chinese, en: english };

/** The better of the two for an `Accept-Language`; English when it names neither. */
export function tongueOf(header: string | undefined): Tongue {
  let best: { tongue: Tongue; weight: number } | undefined;
  for (const item of (header ?? "").split(",")) {
    const [range = "", ...parameters] = item.trim().toLowerCase().split(";");
    const primary = range.trim().split("-")[0];
    if (primary !== "zh" && primary !== "en") continue;
    const q = parameters.map((parameter) => /^\s*q=([0-9.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
    const weight = q === undefined ? 1 : Number(q);
    if (weight > (best?.weight ?? 0)) best = { tongue: primary, weight };
  }
  return best?.tongue ?? "en";
}

/** What is said of a trouble: for a line, by what it met there. */
export function troubleWords(words: Words, { code, fault }: Pick<Trouble, "code" | "fault">): TroubleWords {
  if (fault && code === "sync-fails") return words.air[fault];
  if (fault && code === "central-unreachable") return words.central[fault];
  if (fault === "rights" && code === "outbox-refuses") return words.outboxRights;
  if (fault === "in-the-way" && code === "outbox-refuses") return words.outboxInTheWay;
  const own = words.troubles[code];
  if (code !== "outbox-waits") return own;
  if (fault === "rights") return { ...own, action: words.outboxRights.action };
  if (fault === "in-the-way") return { ...own, action: words.outboxInTheWay.action };
  return fault === "disk" ? { ...own, action: words.troubles["outbox-refuses"].action } : own;
}
