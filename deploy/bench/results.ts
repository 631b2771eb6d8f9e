/**
 * `results` of a large archive: a real central over so many millions of answers (CUECAST_BENCH_MILLIONS, 1 unless told),
 * a fifth of them to one cue, at most two millions, and what people and edges ask of it. The answers are written
 * straight into `results.db` while central is stopped, as its intake would have kept them.
 */
import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { RESULTS_MIGRATIONS } from "../../central/results/tables.ts";
import { type Database, openDatabase } from "../../shared/runtime/database.ts";
import { fill, place } from "../rehearsal/content.ts";
import { createRig, type Rig, until } from "../rehearsal/rig.ts";
import { type Bench, quantile } from "./figures.ts";
import { residentBytes } from "./processor-time.ts";

const ANSWERS = Number(process.env.CUECAST_BENCH_MILLIONS ?? 1) * 1_000_000;
const LARGE_MOST = 2_000_000;
const SMALL_ANSWERS = 10_000;
const OUTBOXES = 20;
const LARGE = "large:once";
const TURNS = 5;

interface CueAnswers {
  id: number;
  cue: string;
  answers: number;
  atMs: number;
}

/** Random pseudonyms and keys, of the length that boxes use; answers a second behind each other's thousands. */
const FILL = `WITH RECURSIVE each (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM each WHERE n < ?1)
  INSERT INTO answer (cue, box, key, kind, number, answered_ms, received_ms, verdict)
  SELECT ?2, hex(randomblob(18)), hex(randomblob(18)), ?3 + n % ${2 * OUTBOXES}, ?4 + n, ?5 + n % 30000, ?5 + n % 30000 + 40,
    CASE WHEN n % 50 = 0 THEN 'duplicate' ELSE 'counted' END FROM each`;

/** One cue as its answers, counts and airings are kept. */
function statementsOf({ id, cue, answers, atMs }: CueAnswers, before: number, outboxes: readonly string[]) {
  const kinds = outboxes.flatMap((outbox) =>
    ["a", "b"].map((option) => JSON.stringify(["poll", 1, [option], null, atMs, outbox])),
  );
  const firstKind = (id - 1) * kinds.length;
  const counted = answers - Math.floor(answers / 50);
  return [
    { sql: "INSERT INTO cue_number (id, cue) VALUES (?, ?)", args: [id, cue] },
    {
      sql: "INSERT INTO answer_kind (id, cue, body) SELECT ? + key, ?, value FROM json_each(?)",
      args: [firstKind, id, JSON.stringify(kinds)],
    },
    { sql: FILL, args: [answers, id, firstKind, before, atMs] },
    {
      sql: "INSERT INTO tally VALUES (?1, 'poll', 1, '', ?2), (?1, 'poll', 1, 'a', ?2 / 2), (?1, 'poll', 1, 'b', ?2 - ?2 / 2)",
      args: [cue, counted],
    },
    {
      sql: "INSERT INTO verdict_count VALUES (?1, 'counted', ?2), (?1, 'duplicate', ?3)",
      args: [cue, counted, answers - counted],
    },
    {
      sql: `INSERT INTO airing_count SELECT ?1, value, 'poll', 1, ?2, json_object('shown', ?2), '[1,0,0,0,0,0,0,0,0]'
            FROM json_each(?3)`,
      args: [cue, answers, JSON.stringify(outboxes)],
    },
    { sql: "INSERT INTO cue_seen VALUES (?1, ?2, ?2)", args: [cue, atMs] },
  ];
}

async function fillResults(database: Database, nowMs: number): Promise<void> {
  const outboxes = Array.from({ length: OUTBOXES }, () => randomUUID());
  await database.batch([
    {
      sql: "INSERT INTO outbox (id, edge, taken, seen_ms) SELECT value, 'bench', ?, ? FROM json_each(?)",
      args: [ANSWERS, nowMs, JSON.stringify(outboxes)],
    },
  ]);
  const large = Math.min(ANSWERS / 5, LARGE_MOST);
  let [before, id] = [0, 1];
  const add = async (cue: string, answers: number, atMs: number) => {
    await database.batch(statementsOf({ id, cue, answers, atMs }, before, outboxes));
    before += answers;
    id++;
  };
  await add(LARGE, large, nowMs);
  while (before < ANSWERS) {
    await add(`small-${id}:once`, Math.min(SMALL_ANSWERS, ANSWERS - before), nowMs - id * 60_000);
  }
}

export async function results({ note, runtime }: Bench): Promise<void> {
  process.env.CUECAST_REHEARSE_RUNTIME = runtime;
  const rig = await createRig();
  try {
    const nowMs = Date.now();
    await fill(rig, nowMs);
    await place(rig, "large", { when: { kind: "instant", atMs: nowMs - 1000 } });
    await rig.publish();
    await rig.central.stop();
    const path = join(rig.dir, "central", "results.db");
    const database = await openDatabase(path, RESULTS_MIGRATIONS);
    const from = performance.now();
    await fillResults(database, nowMs);
    const [found] = await database.all(
      "SELECT box FROM answer WHERE cue = (SELECT id FROM cue_number WHERE cue = ?) AND verdict = 'counted' LIMIT 1",
      [LARGE],
    );
    database.close();
    note(
      "answers written",
      ANSWERS / 1e6,
      "million",
      `in ${Math.round((performance.now() - from) / 1000)} s`,
    );
    note("results.db", (await stat(path)).size / 1e9, "GB", "");
    const started = performance.now();
    await rig.startCentral();
    note("central's start until it is ready", performance.now() - started, "ms");
    await askAll(rig, note, String(found?.box));
    note("central's memory afterwards", (await residentBytes(rig.central.pid ?? 0)) / 1e6, "MB");
  } finally {
    await rig.stop();
  }
}

/** Each asked several times: the first finds nothing of it in central's memory. */
async function askAll(rig: Rig, note: Bench["note"], box: string): Promise<void> {
  const measure = async (what: string, turns: number, ask: (turn: number) => Promise<unknown>) => {
    const tookMs: number[] = [];
    for (let turn = 0; turn < turns; turn++) {
      const from = performance.now();
      await ask(turn);
      tookMs.push(performance.now() - from);
    }
    const more = `first ${Math.round(tookMs[0] ?? 0)} ms, worst ${Math.round(Math.max(...tookMs))} ms`;
    note(what, quantile(tookMs, 0.5), "ms", turns > 1 ? more : "");
  };
  const get = (path: string) => rig.api.get(`/api/v1/results${path}`);
  await measure("the latest fifty cues", TURNS, () => get("?limit=50"));
  await measure("the counts of the large cue", TURNS, () => get(`/${LARGE}`));
  await measure("the counts of a small one", TURNS, (turn) => get(`/small-${turn + 2}:once`));
  await measure("the large cue over time and by region", TURNS, () => get(`/${LARGE}/series`));
  await measure("a small one over time and by region", TURNS, (turn) =>
    get(`/small-${turn + 2}:once/series`),
  );
  await measure("the large cue as CSV", TURNS, () => rig.api.text(`/api/v1/results/${LARGE}/export`));
  await until(
    "the large cue to be closed",
    async () => ((await get(`/${LARGE}`)) as { closed: boolean }).closed,
    90_000,
  );
  const draw = (await rig.api.send("POST", `/api/v1/results/${LARGE}/draws`, {
    winners: 10,
    among: "all",
  })) as {
    id: string;
  };
  await measure("ten winners of the large cue", 1, () =>
    rig.api.send("POST", `/api/v1/results/${LARGE}/draws/${draw.id}/pick`, {}),
  );
  await measure("erasing one box", 1, () => rig.api.send("DELETE", `/api/v1/boxes/${box}`));
}
