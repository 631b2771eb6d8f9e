/**
 * The frame in which an editor sees the real overlay: the box's built bundle, fed by an edge that lives in this
 * page. Every message from the editor is a new interaction to show; the box pulls it as it would pull any.
 */
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import { createPretendEdge } from "./pretend-edge.ts";

/** What the page sends. */
export interface PreviewMessage {
  kind: "show";
  interaction: Interaction;
  correct?: string[];
  language: string;
}

interface StartedBox {
  key(name: string): boolean;
  stop(): void;
}
interface BoxBundle {
  start(options: Record<string, unknown>): StartedBox;
}
declare const Cuecast: BoxBundle | undefined;

/** Nothing waits in a preview. */
const PACE = {
  zapSettleMs: 0,
  answerSpreadMs: 0,
  airingSpreadMs: 0,
  resultsSpreadMs: 0,
  markAheadMs: 0,
  markSpreadMs: 0,
};

const kept = new Map<string, string>();
/** A box that remembers nothing would be the same at every start; this one forgets on purpose. */
const store = {
  load: (done: (entries: unknown[]) => void) => done([]),
  put(key: string, text: string, done: (ok: boolean) => void) {
    kept.set(key, text);
    done(true);
  },
  remove: (key: string) => kept.delete(key),
};

/** From leaving the screen to being shown again. */
const AGAIN_AFTER_MS = 1_500;

let box: StartedBox | undefined;
let serial = 0;
let again: ReturnType<typeof setTimeout> | undefined;
const edge = createPretendEdge(() => Date.now());
// The bundle asks through XMLHttpRequest alone: this one answers from the page.
(window as unknown as { XMLHttpRequest: unknown }).XMLHttpRequest = edge.Request;

function show(message: PreviewMessage): void {
  const { interaction, correct, language } = message;
  clearTimeout(again);
  box?.stop();
  kept.clear();
  const screen = document.getElementById("screen");
  if (typeof Cuecast === "undefined" || !screen) return;
  serial++;
  edge.carry(interaction, correct ?? [], serial);
  box = Cuecast.start({
    // Images come from central's own address for them.
    edges: [`${location.origin}/api`],
    box: `preview-${serial}`,
    channel: "preview",
    screen,
    languages: [language],
    store,
    pace: PACE,
  });
  // It stays as long as it will on a television; then it is shown anew, for who is still looking.
  again = setTimeout(() => show(message), interaction.durationMs + AGAIN_AFTER_MS);
}

addEventListener("message", (event) => {
  if (event.origin === location.origin && event.data?.kind === "show") show(event.data as PreviewMessage);
});
parent.postMessage({ kind: "ready" }, location.origin);
