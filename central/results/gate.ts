/**
 * Answers that are not taken in any more, because what they could be compared with was removed: of a cue whose answers
 * are past their retention, and of a box that was erased. Their counts stay; counting them again would be wrong.
 *
 * Of an erased box stays a keyed hash and the moment, and a keyed hash of box and cue for each cue that it had answered:
 * nobody learns from them which box it was, or which cues were one box's, without knowing the box already.
 */
import { createHmac } from "node:crypto";
import type { Queries, Statement } from "../../shared/runtime/database.ts";

interface Arriving {
  box: string;
  cue: string;
  answeredAtMs: number;
}

export interface Gate {
  /** Those of them that must stay out. */
  barred<T extends Arriving>(answers: readonly T[]): Promise<Set<T>>;
  /** What remembers an erasure: for one transaction with it. */
  erasure(box: string, cues: readonly string[], nowMs: number): Statement[];
  /** After that transaction. */
  reload(): Promise<void>;
}

/** @param secret never leaves central */
export function createGate(database: Queries, secret: string): Gate {
  /** When each was erased, by hash; undefined until it is read. */
  let erased: Map<string, number> | undefined;
  const hash = (...words: string[]) =>
    createHmac("sha256", secret).update(JSON.stringify(words)).digest("hex");

  async function reload(): Promise<Map<string, number>> {
    const rows = await database.all("SELECT hash, at_ms FROM erased_box");
    erased = new Map(rows.map((row) => [String(row.hash), Number(row.at_ms)]));
    return erased;
  }

  async function sealedAmong(cues: readonly string[]): Promise<Set<string>> {
    const rows = await database.all(
      "SELECT cue FROM sealed_cue WHERE cue IN (SELECT value FROM json_each(?))",
      [JSON.stringify(cues)],
    );
    return new Set(rows.map((row) => String(row.cue)));
  }

  return {
    async barred<T extends Arriving>(answers: readonly T[]) {
      const out = new Set<T>();
      const sealed = await sealedAmong([...new Set(answers.map(({ cue }) => cue))]);
      const boxes = erased ?? (await reload());
      const asked = new Map<string, T[]>();
      for (const answer of answers) {
        if (sealed.has(answer.cue)) out.add(answer);
        if (boxes.size === 0) continue;
        const erasedMs = boxes.get(hash(answer.box));
        if (erasedMs === undefined) continue;
        // It was on its way when its box was erased.
        if (answer.answeredAtMs <= erasedMs) out.add(answer);
        else {
          const key = hash(answer.box, answer.cue);
          asked.set(key, [...(asked.get(key) ?? []), answer]);
        }
      }
      if (asked.size === 0) return out;
      const rows = await database.all(
        "SELECT hash FROM erased_answer WHERE hash IN (SELECT value FROM json_each(?))",
        [JSON.stringify([...asked.keys()])],
      );
      for (const row of rows) for (const answer of asked.get(String(row.hash)) ?? []) out.add(answer);
      return out;
    },
    erasure: (box, cues, nowMs) => [
      {
        sql: "INSERT OR REPLACE INTO erased_box (hash, at_ms) VALUES (?, ?)",
        args: [hash(box), nowMs],
      },
      {
        sql: "INSERT OR REPLACE INTO erased_answer (hash, at_ms) SELECT value, ? FROM json_each(?)",
        args: [nowMs, JSON.stringify(cues.map((cue) => hash(box, cue)))],
      },
    ],
    async reload() {
      await reload();
    },
  };
}
