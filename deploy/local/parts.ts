/**
 * Keeps the parts of a local deployment running: shows what is wrong with them, starts again what ends by
 * itself, stops them in order. What the parts are, `deployment.ts` says.
 */
import { type Part, type Runtime, startPart } from "./part.ts";

/** A part that ends by itself is started again, so many times each. */
const RESTARTS_MAX = 5;
const RESTART_AFTER_MS = 1_000;
/** Lines of a part kept until it is ready. */
const HELD_MAX = 200;

interface PartsSettings {
  runtime: Runtime;
  say: (line: string) => void;
  /** A part without which nothing goes on air has ended too often. */
  onLost: () => void;
}

export interface Parts {
  /**
   * Starts a part; waits until it is ready.
   *
   * @param name its first word is its kind: `central`, `edge`, `boxes`
   * @param words asked for at each start: an edge enrols once
   * @throws Error with its last words when it ends before it is ready
   */
  start(name: string, words: () => string[]): Promise<void>;
  /** Starts a part that nobody waits for. */
  begin(name: string, words: () => string[]): void;
  /** Boxes first, central last: so nobody reports a lost line that was only the end. */
  stop(): Promise<void>;
}

/** Warnings and errors of the parts; the rest is in their own status. */
function troubleOf(name: string, line: string): string | undefined {
  if (!/"level":"(warn|error)"/.test(line)) return line.startsWith("{") ? undefined : `${name} | ${line}`;
  const { event, level, at: _at, part: _part, ...fields } = JSON.parse(line);
  return `${name} | ${level}: ${event} ${Object.values(fields).join(" ")}`;
}

export function createParts({ runtime, say, onLost }: PartsSettings): Parts {
  const running = new Set<Part>();
  const restarts = new Map<string, number>();
  let stopping = false;

  /** @param held before it is ready its lines stand in the error if it fails; else they are shown then */
  const launch = (name: string, words: () => string[], held: string[] | undefined): Part => {
    const show = (line: string) => {
      const trouble = troubleOf(name, line);
      if (trouble !== undefined) say(trouble);
    };
    let waiting = held;
    const onLine = (line: string) => {
      if (!waiting) show(line);
      else if (waiting.length < HELD_MAX) waiting.push(line);
    };
    const part = startPart({ name, words: words(), runtime, onLine });
    running.add(part);
    part.ready.then(
      () => {
        for (const line of waiting ?? []) show(line);
        waiting = undefined;
      },
      () => {},
    );
    void part.exited.then((exit) => {
      running.delete(part);
      if (!stopping && !waiting) startAgain(name, words, `${exit.code ?? exit.signal}`);
    });
    return part;
  };

  /** Everything else goes on meanwhile: that is what each part is made for. */
  const startAgain = (name: string, words: () => string[], how: string) => {
    const before = restarts.get(name) ?? 0;
    restarts.set(name, before + 1);
    if (before < RESTARTS_MAX) {
      say(`${name} ended by itself (${how}): starting it again`);
      setTimeout(() => !stopping && launch(name, words, undefined), RESTART_AFTER_MS);
    } else if (name.startsWith("boxes")) {
      say(`${name} ended by itself (${how}), the ${before + 1}th time: left out, the rest goes on`);
    } else {
      say(`${name} ended by itself (${how}), the ${before + 1}th time: stopping the others`);
      onLost();
    }
  };

  return {
    start: async (name, words) => void (await launch(name, words, []).ready),
    begin: (name, words) => void launch(name, words, undefined),
    async stop() {
      stopping = true;
      for (const kind of ["boxes", "edge", "central"]) {
        await Promise.all(
          [...running].filter(({ name }) => name.startsWith(kind)).map((part) => part.stop()),
        );
      }
    },
  };
}
