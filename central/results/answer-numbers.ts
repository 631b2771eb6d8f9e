/**
 * Numbers that stand for cues and kinds of answers in rows: looked up once and remembered. New ones are given here, as
 * there is one writer, and are kept with the first answers that use them.
 */
import type { Queries, Statement } from "../../shared/runtime/database.ts";
import { type AnswerKind, readKind } from "./answer-kind.ts";

/** Of each; then all is looked up anew. */
const REMEMBERED_MAX = 50_000;

interface NumberedCue {
  id: number;
  /** By body. */
  kinds: Map<string, number>;
}

export interface Numbering {
  /** @throws when it was not asked for */
  of(cue: string, body: string): readonly [cue: number, kind: number];
  /** Keep what is new: before the answers, in their transaction. */
  statements: Statement[];
  /** After that transaction. */
  remember(): void;
}

export function createAnswerNumbers(database: Queries) {
  const cues = new Map<string, NumberedCue>();
  const bodies = new Map<number, AnswerKind>();
  let kinds = 0;

  function remember(cue: string, id: number): NumberedCue {
    if (cues.size >= REMEMBERED_MAX || kinds >= REMEMBERED_MAX) {
      cues.clear();
      kinds = 0;
    }
    const numbered = cues.get(cue) ?? { id, kinds: new Map<string, number>() };
    cues.set(cue, numbered);
    return numbered;
  }

  /** Of those that have one. */
  async function cueIds(names: Iterable<string>): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    const missing: string[] = [];
    for (const cue of names) {
      const id = cues.get(cue)?.id;
      if (id === undefined) missing.push(cue);
      else found.set(cue, id);
    }
    if (missing.length === 0) return found;
    const rows = await database.all(
      "SELECT id, cue FROM cue_number WHERE cue IN (SELECT value FROM json_each(?))",
      [JSON.stringify(missing)],
    );
    for (const row of rows) {
      const [cue, id] = [String(row.cue), Number(row.id)];
      remember(cue, id);
      found.set(cue, id);
    }
    return found;
  }

  /** What kinds are, by their number. */
  async function kindsOf(ids: Iterable<number>): Promise<ReadonlyMap<number, AnswerKind>> {
    const missing = [...ids].filter((id) => !bodies.has(id));
    if (missing.length === 0) return bodies;
    if (bodies.size + missing.length > REMEMBERED_MAX) bodies.clear();
    const found = new Map<number, AnswerKind>(bodies);
    const rows = await database.all(
      "SELECT id, body FROM answer_kind WHERE id IN (SELECT value FROM json_each(?))",
      [JSON.stringify(missing)],
    );
    for (const row of rows) found.set(Number(row.id), readKind(String(row.body)));
    for (const [id, kind] of found) bodies.set(id, kind);
    return found;
  }

  async function nextId(table: "cue_number" | "answer_kind"): Promise<number> {
    return Number((await database.all(`SELECT max(id) AS last FROM ${table}`))[0]?.last ?? 0) + 1;
  }

  /** @param wanted bodies by cue */
  async function number(wanted: ReadonlyMap<string, ReadonlySet<string>>): Promise<Numbering> {
    const ids = new Map(await cueIds(wanted.keys()));
    const newCues = [...wanted.keys()].filter((cue) => !ids.has(cue));
    if (newCues.length > 0) {
      const from = await nextId("cue_number");
      for (const [index, cue] of newCues.entries()) ids.set(cue, from + index);
    }
    const given = new Map<string, Map<string, number>>();
    const missing: [cue: string, body: string][] = [];
    for (const [cue, texts] of wanted) {
      const known = cues.get(cue)?.kinds;
      const own = new Map<string, number>();
      given.set(cue, own);
      for (const body of texts) {
        const id = known?.get(body);
        if (id === undefined) missing.push([cue, body]);
        else own.set(body, id);
      }
    }
    const newKinds: [id: number, cue: number, body: string][] = [];
    if (missing.length > 0) {
      const rows = await database.all(
        `SELECT asked.key AS place, answer_kind.id AS id FROM json_each(?) AS asked CROSS JOIN answer_kind
         ON answer_kind.cue = asked.value ->> 0 AND answer_kind.body = asked.value ->> 1`,
        [JSON.stringify(missing.map(([cue, body]) => [ids.get(cue), body]))],
      );
      const there = new Map(rows.map(({ place, id }) => [Number(place), Number(id)]));
      let next = there.size < missing.length ? await nextId("answer_kind") : 0;
      for (const [place, [cue, body]] of missing.entries()) {
        const id = there.get(place) ?? next++;
        given.get(cue)?.set(body, id);
        if (!there.has(place)) newKinds.push([id, ids.get(cue) ?? 0, body]);
      }
    }
    return {
      of(cue, body) {
        const [id, kind] = [ids.get(cue), given.get(cue)?.get(body)];
        if (id === undefined || kind === undefined) throw new Error(`Cannot number an answer to ${cue}`);
        return [id, kind];
      },
      statements: [
        ...(newCues.length === 0
          ? []
          : [
              {
                sql: "INSERT INTO cue_number (id, cue) SELECT value ->> 0, value ->> 1 FROM json_each(?)",
                args: [JSON.stringify(newCues.map((cue) => [ids.get(cue), cue]))],
              },
            ]),
        ...(newKinds.length === 0
          ? []
          : [
              {
                sql: `INSERT INTO answer_kind (id, cue, body)
                      SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)`,
                args: [JSON.stringify(newKinds)],
              },
            ]),
      ],
      remember() {
        for (const [cue, own] of given) {
          const numbered = remember(cue, ids.get(cue) ?? 0);
          for (const [body, id] of own) {
            if (!numbered.kinds.has(body)) kinds++;
            numbered.kinds.set(body, id);
          }
        }
      },
    };
  }

  return { cueIds, kindsOf, number };
}
