import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Database, openDatabase } from "../../shared/runtime/database.ts";
import { kindBody } from "./answer-kind.ts";
import { createAnswers } from "./answers.ts";
import { type AnswerRow, insertAnswers } from "./answers-narrow.ts";
import { RESULTS_MIGRATIONS } from "./tables.ts";

const OUTBOX = "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";
const body = (option: string) =>
  kindBody({
    ...{ interaction: "int-1", version: 1, options: [option], rating: undefined, dueMs: undefined },
    outbox: OUTBOX,
  });

async function withDatabase(run: (database: Database) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-answers-"));
  const database = await openDatabase(join(folder, "results.db"), RESULTS_MIGRATIONS);
  try {
    await run(database);
  } finally {
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

test("number() gives each cue and kind one number, and gives it again when its transaction failed", () =>
  withDatabase(async (database) => {
    const { number } = createAnswers(database);
    const wanted = new Map([
      ["c1", new Set([body("a"), body("b")])],
      ["c2", new Set([body("a")])],
    ]);
    const lost = await number(wanted);
    const kept = await number(wanted);
    assert.deepEqual(kept.of("c2", body("a")), lost.of("c2", body("a")));
    await database.batch(kept.statements);
    kept.remember();
    const again = await number(new Map([["c1", new Set([body("b"), body("c")])]]));
    assert.deepEqual(again.of("c1", body("b")), kept.of("c1", body("b")));
    const all = [
      ...[...wanted].flatMap(([cue, bodies]) => [...bodies].map((each) => kept.of(cue, each)[1])),
      again.of("c1", body("c"))[1],
    ];
    assert.equal(new Set(all).size, 4);
    // One that knows nothing yet, as after a start, finds them.
    const fresh = await createAnswers(database).number(wanted);
    assert.deepEqual(fresh.of("c1", body("a")), kept.of("c1", body("a")));
    assert.deepEqual(fresh.statements, []);
  }));

test("a page of boxes of a draw is read in the order of its index, without sorting the rest", () =>
  withDatabase(async (database) => {
    const asked: string[] = [];
    const answers = createAnswers({
      ...database,
      all(sql, args) {
        asked.push(sql);
        return database.all(sql, args);
      },
    });
    const numbering = await answers.number(new Map([["c1", new Set([body("a")])]]));
    const [cue, kind] = numbering.of("c1", body("a"));
    const rows = Array.from(
      { length: 5 },
      (_, index): AnswerRow => [cue, `box-${index}`, `k${index}`, kind, index + 1, 0, 0, "counted"],
    );
    await database.batch([...numbering.statements, insertAnswers(rows)]);
    const boxes = async (after: string) => (await answers.counted("c1", after, 2)).map(({ box }) => box);
    assert.deepEqual(await boxes(""), ["box-0", "box-1"]);
    assert.deepEqual(await boxes("box-3"), ["box-4"]);
    assert.deepEqual(await boxes("box-4"), []);
    const paged = asked.find((sql) => sql.includes("group_concat")) ?? "";
    const plan = await database.all(`EXPLAIN QUERY PLAN ${paged}`, ["c1", "", 2]);
    assert.deepEqual(
      plan.filter(({ detail }) => String(detail).includes("TEMP B-TREE")),
      [],
    );
  }));
