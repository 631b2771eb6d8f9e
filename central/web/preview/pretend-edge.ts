/**
 * An edge for one box and one interaction, within the page: answers what WIRE.md says an edge answers, at once,
 * from a cue that is due now. Results are made up, with the viewer's own answer in them.
 */
import type { Interaction } from "../../../shared/protocol/interaction.ts";

const HOUR_MS = 3_600_000;
/** Makes of an option's place a share that looks like one. */
const PRETENDED = [41, 27, 19, 13, 11, 9, 7, 5, 3];
const DONE = 4;

type Answer = { options?: string[]; rating?: number };

export function createPretendEdge(now: () => number) {
  let interaction: Interaction | undefined;
  let correct: string[] = [];
  let serial = 0;
  let atMs = 0;
  const answers: Answer[] = [];

  function results(shown: Interaction) {
    const names =
      "options" in shown
        ? shown.options
        : shown.type === "rating"
          ? Array.from({ length: shown.scale }, (_, index) => String(index + 1))
          : [];
    const options: Record<string, number> = {};
    for (const [index, name] of names.entries()) options[name] = PRETENDED[index % PRETENDED.length] ?? 1;
    for (const answer of answers) {
      for (const choice of answer.options ?? [String(answer.rating)])
        options[choice] = (options[choice] ?? 0) + 1;
    }
    const total = Object.values(options).reduce((sum, count) => sum + count, 0);
    const closed = shown.results === "after-close";
    return {
      cue: `preview:${serial}`,
      interaction: shown.id,
      version: serial,
      scope: "edge",
      closed,
      total,
      options,
      ...(closed && correct.length > 0 && { correct }),
      asOfMs: now(),
      refreshMs: HOUR_MS,
    };
  }

  function reply(path: string, body: string | null): unknown {
    if (path.endsWith("/v1/time")) return { timeMs: now() };
    if (path.endsWith("/v1/channels")) {
      return { region: "preview", edges: [], channels: [{ id: "preview", number: 1, name: "Preview" }] };
    }
    if (!interaction) return undefined;
    const shown = interaction;
    if (path.endsWith("/schedule")) {
      return {
        ...{ channel: "preview", epoch: 1, revision: serial, refreshMs: HOUR_MS, programmes: [] },
        fromMs: atMs - HOUR_MS,
        untilMs: atMs + 24 * HOUR_MS,
        cues: [
          {
            ...{ id: `preview:${serial}`, atMs, untilMs: atMs + HOUR_MS, lateJoin: true, priority: 0 },
            ...{ interaction: shown.id, version: serial },
            fetch: { fromMs: atMs - HOUR_MS, untilMs: atMs },
          },
        ],
      };
    }
    if (path.includes("/v1/interactions/")) {
      return { ...shown, version: serial, clockToleranceMs: HOUR_MS };
    }
    if (path.endsWith("/results")) return results(shown);
    const sent = body === null ? {} : JSON.parse(body);
    if (path.endsWith("/v1/answers")) {
      answers.push(...sent.answers);
      return {
        receipts: sent.answers.map(({ key }: { key: string }) => ({ key, status: "accepted" })),
      };
    }
    if (path.endsWith("/v1/airings")) return { accepted: sent.airings.length };
    return undefined;
  }

  return {
    /** Puts the interaction on air now, as another version than the one before. */
    carry(next: Interaction, right: string[], number: number) {
      interaction = next;
      correct = right;
      serial = number;
      atMs = now();
      answers.length = 0;
    },
    /** As much of XMLHttpRequest as the box uses. */
    Request: class {
      readyState = 0;
      status = 0;
      responseText = "";
      onreadystatechange: (() => void) | null = null;
      private path = "";
      open(_method: string, url: string) {
        this.path = new URL(url).pathname;
      }
      setRequestHeader() {}
      getResponseHeader() {
        return null;
      }
      abort() {}
      send(body: string | null) {
        const value = reply(this.path, body);
        this.status = value === undefined ? 404 : 200;
        this.responseText = value === undefined ? "" : JSON.stringify(value);
        this.readyState = DONE;
        queueMicrotask(() => this.onreadystatechange?.());
      }
    },
  };
}
