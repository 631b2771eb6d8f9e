/** What is drafted, as content, kept until somebody changes something: previews and the timeline ask often. */
import type { Content } from "../../shared/publication/part.ts";
import type { Clock } from "../../shared/time/clock.ts";

/** Enrolled edges and withdrawals change it too, without asking here. */
const KEPT_MS = 10_000;

export interface DraftView {
  content(): Promise<Content>;
  /** After any change of drafts or guide. */
  forget(): void;
}

export function createDraftView(drafted: () => Promise<Content>, clock: Clock): DraftView {
  let kept: { content: Promise<Content>; atMs: number } | undefined;
  return {
    content() {
      const nowMs = clock.monotonicMs();
      if (!kept || nowMs - kept.atMs > KEPT_MS) {
        const content = drafted();
        const own = { content, atMs: nowMs };
        content.catch(() => {
          if (kept === own) kept = undefined;
        });
        kept = own;
      }
      return kept.content;
    },
    forget() {
      kept = undefined;
    },
  };
}
