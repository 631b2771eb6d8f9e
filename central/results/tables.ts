/** The `results` database: answers, what they add up to, and what boxes did. Never leaves central. */

/** Each runs once, in order, for ever: add, never edit. */
export const RESULTS_MIGRATIONS: readonly string[][] = [
  [
    // verdict: counted, duplicate, late, rejected, unknown.
    `CREATE TABLE answer (box TEXT NOT NULL, key TEXT NOT NULL, cue TEXT NOT NULL, interaction TEXT NOT NULL,
       version INTEGER NOT NULL, options TEXT, rating INTEGER, answered_ms INTEGER NOT NULL,
       received_ms INTEGER NOT NULL, outbox TEXT NOT NULL, number INTEGER NOT NULL, verdict TEXT NOT NULL,
       PRIMARY KEY (box, key)) WITHOUT ROWID`,
    "CREATE INDEX answer_by_cue ON answer (cue, box)",
    "CREATE INDEX answer_by_number ON answer (outbox, number)",
    "CREATE INDEX answer_unknown ON answer (cue) WHERE verdict = 'unknown'",
    `CREATE TABLE outbox (id TEXT PRIMARY KEY, edge TEXT NOT NULL, taken INTEGER NOT NULL, gap_from INTEGER,
       seen_ms INTEGER NOT NULL) WITHOUT ROWID`,
    // The empty option holds the total.
    `CREATE TABLE tally (cue TEXT NOT NULL, interaction TEXT NOT NULL, version INTEGER NOT NULL,
       option TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (cue, interaction, version, option)) WITHOUT ROWID`,
    `CREATE TABLE verdict_count (cue TEXT NOT NULL, verdict TEXT NOT NULL, count INTEGER NOT NULL,
       PRIMARY KEY (cue, verdict)) WITHOUT ROWID`,
    `CREATE TABLE tally_provisional (cue TEXT NOT NULL, outbox TEXT NOT NULL, interaction TEXT NOT NULL,
       version INTEGER NOT NULL, total INTEGER NOT NULL, options TEXT NOT NULL,
       PRIMARY KEY (cue, outbox, interaction, version)) WITHOUT ROWID`,
    `CREATE TABLE airing_count (cue TEXT NOT NULL, outbox TEXT NOT NULL, interaction TEXT NOT NULL,
       version INTEGER NOT NULL, total INTEGER NOT NULL, outcomes TEXT NOT NULL, firing_errors TEXT NOT NULL,
       PRIMARY KEY (cue, outbox, interaction, version)) WITHOUT ROWID`,
    "CREATE TABLE cue_seen (cue TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX cue_seen_by_time ON cue_seen (at_ms)",
    `CREATE TABLE alarm (kind TEXT NOT NULL, outbox TEXT NOT NULL, detail TEXT NOT NULL, first_ms INTEGER NOT NULL,
       last_ms INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (kind, outbox, detail)) WITHOUT ROWID`,
  ],
  [
    // Cues whose answers were removed by retention, with what `series.ts` told of them then.
    "CREATE TABLE sealed_cue (cue TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, series TEXT NOT NULL) WITHOUT ROWID",
    // Keyed hashes: of a box, and of a box with a cue.
    "CREATE TABLE erased_box (hash TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE erased_answer (hash TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID",
  ],
  // Cues of which webhooks were told that they closed.
  ["CREATE TABLE cue_told (cue TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID"],
  [
    "CREATE TABLE draw (id TEXT PRIMARY KEY, cue TEXT NOT NULL, body TEXT NOT NULL, made_ms INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX draw_by_cue ON draw (cue)",
    // No box: erased, or past the answers' retention.
    "CREATE TABLE draw_winner (draw TEXT NOT NULL, place INTEGER NOT NULL, box TEXT, PRIMARY KEY (draw, place)) WITHOUT ROWID",
    "CREATE INDEX draw_winner_by_box ON draw_winner (box)",
  ],
  // By which moment of the cue the box showed it; absent from boxes that do not tell.
  ["ALTER TABLE answer ADD COLUMN due_ms INTEGER"],
  // A number that comes again is told by its outbox's cursor: an entry of 120 bytes an answer is saved.
  ["DROP INDEX answer_by_number"],
  // Rows in the order in which they came, and one index that keeps the answers of a cue together: who answers now touches
  // few pages, however many answers are kept. By (box, key) each answer fell on two pages of its own.
  [
    `CREATE TABLE answer_kept (box TEXT NOT NULL, key TEXT NOT NULL, cue TEXT NOT NULL, interaction TEXT NOT NULL,
       version INTEGER NOT NULL, options TEXT, rating INTEGER, answered_ms INTEGER NOT NULL,
       received_ms INTEGER NOT NULL, outbox TEXT NOT NULL, number INTEGER NOT NULL, verdict TEXT NOT NULL,
       due_ms INTEGER)`,
    `INSERT INTO answer_kept SELECT box, key, cue, interaction, version, options, rating, answered_ms, received_ms,
       outbox, number, verdict, due_ms FROM answer`,
    "DROP TABLE answer",
    "ALTER TABLE answer_kept RENAME TO answer",
    "CREATE UNIQUE INDEX answer_once ON answer (cue, box, key)",
    "CREATE INDEX answer_unknown ON answer (cue, box) WHERE verdict = 'unknown'",
  ],
  // Narrow rows: what many answers to a cue have in common is kept once, and a cue is a number in row and index. Answers
  // from before stay where they are until their retention removes them: to move millions would keep a start waiting.
  [
    "ALTER TABLE answer RENAME TO answer_before",
    "CREATE TABLE cue_number (id INTEGER PRIMARY KEY, cue TEXT NOT NULL UNIQUE)",
    // body: JSON, as `answer-kind.ts` has it.
    `CREATE TABLE answer_kind (id INTEGER PRIMARY KEY, cue INTEGER NOT NULL, body TEXT NOT NULL,
       UNIQUE (cue, body))`,
    // One box may answer one cue several times; that a key comes in once is the intake's care, the only writer.
    `CREATE TABLE answer (cue INTEGER NOT NULL, box TEXT NOT NULL, key TEXT NOT NULL, kind INTEGER NOT NULL,
       number INTEGER NOT NULL, answered_ms INTEGER NOT NULL, received_ms INTEGER NOT NULL, verdict TEXT NOT NULL)`,
    "CREATE INDEX answer_of_box ON answer (cue, box)",
    "CREATE INDEX answer_unjudged ON answer (cue, box) WHERE verdict = 'unknown'",
  ],
  // Who took part in a draw, as it was at the picking: boxes sorted, a newline after each, a few thousand to a page.
  [
    `CREATE TABLE draw_entries (draw TEXT NOT NULL, first TEXT NOT NULL, count INTEGER NOT NULL, boxes TEXT NOT NULL,
       PRIMARY KEY (draw, first)) WITHOUT ROWID`,
  ],
  // `counted_to`: the last number of the outbox that the tally counts; `others`: JSON, answers by verdict that the edge
  // judged itself. Neither from older edges.
  [
    "ALTER TABLE tally_provisional ADD COLUMN counted_to INTEGER",
    "ALTER TABLE tally_provisional ADD COLUMN others TEXT",
  ],
  // The cue's moment; null: as far as is known it never was on air. What was judged before was; when it fired is about
  // when something came in.
  [
    "ALTER TABLE cue_seen ADD COLUMN due_ms INTEGER",
    "CREATE INDEX cue_seen_due ON cue_seen (due_ms, cue) WHERE due_ms IS NOT NULL",
    "CREATE INDEX cue_seen_unknown ON cue_seen (at_ms, cue) WHERE due_ms IS NULL",
    `UPDATE cue_seen SET due_ms = at_ms WHERE EXISTS (SELECT 1 FROM verdict_count AS judged
       WHERE judged.cue = cue_seen.cue AND verdict <> 'unknown' AND count > 0)`,
  ],
];
