import assert from "node:assert/strict";
import { test } from "node:test";
import { interactionSample } from "../../../shared/protocol/interaction.ts";
import { cue, START_MS, schedule } from "../testing/living-room.ts";
import type { Effect, Happened, Input } from "./messages.ts";
import { initialState, type State } from "./state.ts";
import { step } from "./step.ts";

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}

/** Answers every request and write of a day at once, with every state and input frozen. */
function live(cues = [cue()], untilMs = START_MS + 900_000) {
  let state: State = frozen(
    initialState({ box: "b", edges: ["http://e"], channel: "cctv1", languages: ["en"], tags: [] }),
  );
  let steadyMs = 0;
  const trace: string[] = [];
  const queue: Happened[] = [{ type: "loaded", seed: [1, 2, 3, 4], entries: [], damaged: [] }];
  const answerTo = (effect: Effect): Happened[] => {
    if (effect.type === "put") return [{ type: "stored", key: effect.key, data: effect.data, ok: true }];
    if (effect.type === "show" && effect.view.phase === "open") {
      return [
        { type: "shown", cue: effect.view.cue },
        { type: "answer", cue: effect.view.cue, choice: { options: ["a"] } },
      ];
    }
    if (effect.type !== "request") return [];
    const messages: Record<string, unknown> = {
      time: { timeMs: START_MS + Math.floor(steadyMs) },
      schedule: schedule(cues),
      interaction: interactionSample,
      "line-up": { region: "r", edges: [], channels: [] },
      airings: { accepted: 1 },
      answers: {
        receipts: (JSON.parse(effect.body ?? "{}").answers ?? []).map(({ key }: { key: string }) => ({
          key,
          status: "accepted",
        })),
      },
    };
    const content = messages[effect.kind] ?? null;
    const status = content === null ? 404 : 200;
    const reply = {
      status,
      content,
      etag: null,
      retryAfterMs: 0,
      sentMs: steadyMs,
      receivedMs: steadyMs,
    };
    return [{ type: "reply", request: effect.request, ...reply }];
  };
  for (let steps = 0; START_MS + steadyMs < untilMs; steps++) {
    assert.ok(steps < 100_000, "it never rests");
    const next: Happened = queue.shift() ?? { type: "tick" };
    const input = frozen({ ...next, wallClockMs: START_MS + steadyMs, steadyMs }) as Input;
    const [after, effects] = step(state, input);
    state = frozen(after);
    for (const effect of effects) {
      trace.push(JSON.stringify(effect));
      queue.push(...answerTo(effect));
    }
    const armed = effects.filter((effect) => effect.type === "arm")[0];
    if (queue.length === 0 && armed?.type === "arm") steadyMs += Math.max(0.25, armed.delayMs);
  }
  return { state, trace };
}

test("step() leaves the state before it and its input as they were", () => {
  const { trace } = live();
  assert.ok(trace.some((line) => line.indexOf('{"type":"show"') === 0));
});

test("step() gives the same trace for the same inputs", () => {
  assert.deepEqual(live().trace, live().trace);
});

test("the state is plain data", () => {
  const { state } = live();
  assert.deepEqual(JSON.parse(JSON.stringify(state)), JSON.parse(JSON.stringify(structuredClone(state))));
  const plain = (value: unknown): boolean =>
    typeof value !== "object" ||
    value === null ||
    ((Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) &&
      Object.values(value).every(plain));
  assert.ok(plain(state));
});

test("a quiet hour costs few wake-ups", () => {
  let ticks = 0;
  const { trace } = live([], START_MS + 3_600_000);
  for (const line of trace) if (line.indexOf('{"type":"arm"') === 0) ticks++;
  assert.ok(ticks < 150, `${ticks} an hour`);
});
