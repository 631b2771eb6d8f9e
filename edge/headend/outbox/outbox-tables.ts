/** The outbox's tables, and the statements that read and write a whole group at once. */

/**
 * For `openDatabase`. Answers, their keys and what counts of them are in the answer log (`log/`); here is the rest:
 * how far central is, tallies, airings, what central refused.
 */
export const OUTBOX_MIGRATIONS: readonly string[][] = [
  [
    `CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), outbox TEXT NOT NULL, last_number INTEGER NOT NULL,
       acknowledged INTEGER NOT NULL, change INTEGER NOT NULL, rows INTEGER NOT NULL)`,
    `CREATE TABLE answer_key (box TEXT NOT NULL, key TEXT NOT NULL, status TEXT NOT NULL, reason TEXT,
       forget_ms INTEGER NOT NULL, UNIQUE (box, key))`,
    "CREATE INDEX answer_key_forget ON answer_key (forget_ms)",
    `CREATE TABLE vote (box TEXT NOT NULL, cue TEXT NOT NULL, interaction TEXT NOT NULL, version INTEGER NOT NULL,
       key TEXT NOT NULL, answered_ms INTEGER NOT NULL, choice TEXT NOT NULL, count INTEGER NOT NULL,
       forget_ms INTEGER NOT NULL, UNIQUE (box, cue))`,
    "CREATE INDEX vote_forget ON vote (forget_ms)",
    "CREATE TABLE queued (number INTEGER PRIMARY KEY, received_ms INTEGER NOT NULL, body TEXT NOT NULL)",
    `CREATE TABLE set_aside (number INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, reason TEXT NOT NULL,
       body TEXT NOT NULL)`,
    `CREATE TABLE tally (cue TEXT NOT NULL, interaction TEXT NOT NULL, version INTEGER NOT NULL,
       total INTEGER NOT NULL, options TEXT NOT NULL, updated_ms INTEGER NOT NULL, change INTEGER NOT NULL,
       sent INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (cue, interaction, version)) WITHOUT ROWID`,
    "CREATE INDEX tally_unsent ON tally (change) WHERE change > sent",
    `CREATE TABLE airing_key (box TEXT NOT NULL, key TEXT NOT NULL, forget_ms INTEGER NOT NULL,
       UNIQUE (box, key))`,
    "CREATE INDEX airing_key_forget ON airing_key (forget_ms)",
    `CREATE TABLE airing_count (cue TEXT NOT NULL, interaction TEXT NOT NULL, version INTEGER NOT NULL,
       outcomes TEXT NOT NULL, firing_errors TEXT NOT NULL, updated_ms INTEGER NOT NULL, change INTEGER NOT NULL,
       sent INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (cue, interaction, version)) WITHOUT ROWID`,
    "CREATE INDEX airing_count_unsent ON airing_count (change) WHERE change > sent",
  ],
  // Keys and votes of a group, as JSON, until they are in their tables: `recent.ts`.
  ["CREATE TABLE journal (id INTEGER PRIMARY KEY, keys TEXT NOT NULL, votes TEXT NOT NULL)"],
  // Keys and votes are the answer log's. What waits in `queued` is taken over at the start: `older-queue.ts`. Central
  // counts a key once, so one that is forgotten here costs a second receipt at most.
  [
    ...["journal", "vote", "answer_key"].map((table) => `DROP TABLE ${table}`),
    "ALTER TABLE state ADD COLUMN seed_high INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE state ADD COLUMN seed_low INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE state ADD COLUMN counted_sequence INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE state ADD COLUMN counted_at INTEGER NOT NULL DEFAULT 0",
    "UPDATE state SET seed_high = abs(random() % 4294967296), seed_low = abs(random() % 4294967296)",
  ],
  // JSON: answers by verdict that the edge judged itself. Absent: none, or from before they were counted.
  ["ALTER TABLE tally ADD COLUMN others TEXT"],
];

/** Run once on the connection: none of them weakens durability. */
export const OUTBOX_PRAGMAS: readonly string[] = [
  // KiB: the pages of the airings' index in random order; 2 MB by default.
  "PRAGMA cache_size = -16384",
];

// CROSS JOIN keeps SQLite from scanning the table instead of the few asked for.
/** One argument: JSON of [[box, key], …]. */
export const SELECT_AIRING_KEYS = `SELECT k.box, k.key FROM json_each(?) AS asked
  CROSS JOIN airing_key AS k ON k.box = asked.value->>0 AND k.key = asked.value->>1`;
/** One argument: JSON of [[cue, interaction, version], …]. */
export const SELECT_AIRING_COUNTS = `SELECT c.* FROM json_each(?) AS asked CROSS JOIN airing_count AS c
  ON c.cue = asked.value->>0 AND c.interaction = asked.value->>1 AND c.version = asked.value->>2`;

/** id, JSON of keys, JSON of votes. */
/** The outbox id; nothing when there is a state already. Where the log ends, tallies begin: `counted_sequence` -1. */
export const BEGIN_STATE = `INSERT OR IGNORE INTO state
    (id, outbox, last_number, acknowledged, change, rows, seed_high, seed_low, counted_sequence)
  VALUES (1, ?, 0, 0, 0, 0, abs(random() % 4294967296), abs(random() % 4294967296), -1)`;
/** Up to where in the log tallies are counted, the last number then, `change`. */
export const PUT_COUNTED = `UPDATE state SET counted_sequence = ?, counted_at = ?, last_number = max(last_number, ?),
  change = ? WHERE id = 1`;
/** JSON rows. */
export const PUT_TALLIES = `INSERT INTO tally
    (cue, interaction, version, total, options, updated_ms, change, sent, others)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8
  FROM json_each(?) WHERE true
  ON CONFLICT DO UPDATE SET total = excluded.total, options = excluded.options, others = excluded.others,
    updated_ms = excluded.updated_ms, change = excluded.change, sent = excluded.sent`;
export const PUT_AIRING_KEYS = `INSERT OR REPLACE INTO airing_key (box, key, forget_ms)
  SELECT value->>0, value->>1, value->>2 FROM json_each(?)`;
/** JSON rows, `updated_ms`, `change`. */
export const PUT_AIRING_COUNTS = `INSERT INTO airing_count
    (cue, interaction, version, outcomes, firing_errors, updated_ms, change)
  SELECT value->>0, value->>1, value->>2, value->>3, value->>4, ?2, ?3 FROM json_each(?1) WHERE true
  ON CONFLICT DO UPDATE SET outcomes = excluded.outcomes, firing_errors = excluded.firing_errors,
    updated_ms = excluded.updated_ms, change = excluded.change`;
/** `change`, how many keys of airings more. */
export const PUT_AIRING_STATE = "UPDATE state SET change = ?, rows = rows + ? WHERE id = 1";

/** Marks what was sent, unless it changed since. JSON of [[cue, interaction, version], …], the mark. */
export const MARK_AIRINGS_SENT = `UPDATE airing_count SET sent = ?2
  WHERE (cue, interaction, version) IN (SELECT value->>0, value->>1, value->>2 FROM json_each(?1))`;

/** Most rows of a table removed in one turn, so that no answer waits long behind it. */
export const PRUNE_MAX = 2_000;
/** Now. Gives a row per row removed. */
export const PRUNE_AIRING_KEYS = `DELETE FROM airing_key WHERE rowid IN
  (SELECT rowid FROM airing_key WHERE forget_ms <= ? LIMIT ${PRUNE_MAX}) RETURNING 1 AS removed`;
/** Updated before. */
export const pruneCounts = (table: "tally" | "airing_count") => `DELETE FROM ${table}
  WHERE (cue, interaction, version) IN (SELECT cue, interaction, version FROM ${table}
    WHERE updated_ms <= ? AND sent >= change LIMIT ${PRUNE_MAX}) RETURNING cue, interaction, version`;
