/** What is to be said of an edge, in words. Pure. */
import type { Say } from "../app/words.ts";
import type { Finding } from "./edge-state.ts";
import type { edgesTexts } from "./texts.ts";

export const findingWords = (findings: readonly Finding[], say: Say<typeof edgesTexts>): string =>
  findings.length === 0 ? say("ok") : findings.map((finding) => say(finding)).join(" · ");
