/**
 * The `authoring` database: drafts, people, edges, and every past publication. Never leaves central.
 * Its tables only; the files beside it read and write them.
 */

/** Each runs once, in order, for ever: add, never edit. */
export const AUTHORING_MIGRATIONS: readonly string[][] = [
  [
    "CREATE TABLE region (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE channel (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
    `CREATE TABLE programme (channel TEXT NOT NULL, id TEXT NOT NULL, start_ms INTEGER NOT NULL,
       end_ms INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (channel, id)) WITHOUT ROWID`,
    "CREATE INDEX programme_by_time ON programme (channel, start_ms)",
    `CREATE TABLE interaction (id TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
       created_at_ms INTEGER NOT NULL, PRIMARY KEY (id, version)) WITHOUT ROWID`,
    `CREATE TABLE placement (id TEXT PRIMARY KEY, body TEXT NOT NULL,
       state TEXT NOT NULL CHECK (state IN ('active', 'withdrawn'))) WITHOUT ROWID`,
    `CREATE TABLE publication (epoch INTEGER NOT NULL, revision INTEGER NOT NULL, hash TEXT NOT NULL,
       manifest TEXT NOT NULL, signature TEXT NOT NULL, predecessor TEXT,
       state TEXT NOT NULL CHECK (state IN ('intended', 'on-air', 'abandoned')), kind TEXT NOT NULL,
       comment TEXT, published_at_ms INTEGER NOT NULL, PRIMARY KEY (epoch, revision)) WITHOUT ROWID`,
    "CREATE TABLE part (hash TEXT PRIMARY KEY, body BLOB NOT NULL)",
    `CREATE TABLE person (name TEXT PRIMARY KEY, salt TEXT NOT NULL, hash TEXT NOT NULL,
       created_at_ms INTEGER NOT NULL) WITHOUT ROWID`,
    `CREATE TABLE session (hash TEXT PRIMARY KEY, person TEXT NOT NULL, expires_at_ms INTEGER NOT NULL)
       WITHOUT ROWID`,
    `CREATE TABLE api_token (hash TEXT PRIMARY KEY, name TEXT NOT NULL, created_at_ms INTEGER NOT NULL)
       WITHOUT ROWID`,
    `CREATE TABLE edge (id TEXT PRIMARY KEY, region TEXT NOT NULL, url TEXT, token_hash TEXT NOT NULL UNIQUE,
       enrolled_at_ms INTEGER NOT NULL, revoked_at_ms INTEGER, last_seen_ms INTEGER, report TEXT,
       epoch INTEGER, revision INTEGER, hash TEXT) WITHOUT ROWID`,
    `CREATE TABLE enrol_code (hash TEXT PRIMARY KEY, region TEXT NOT NULL, expires_at_ms INTEGER NOT NULL,
       used_at_ms INTEGER) WITHOUT ROWID`,
    `CREATE TABLE audit (id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL,
       detail TEXT NOT NULL)`,
  ],
  [
    // Who was let in before there were roles could do everything.
    "ALTER TABLE person ADD COLUMN role TEXT NOT NULL DEFAULT 'admin'",
    "ALTER TABLE session ADD COLUMN created_at_ms INTEGER",
    "ALTER TABLE session ADD COLUMN address TEXT",
    "ALTER TABLE api_token ADD COLUMN role TEXT NOT NULL DEFAULT 'admin'",
    "ALTER TABLE api_token ADD COLUMN expires_at_ms INTEGER",
    "ALTER TABLE api_token ADD COLUMN created_by TEXT",
    "ALTER TABLE audit ADD COLUMN subject TEXT",
    "ALTER TABLE audit ADD COLUMN address TEXT",
    "ALTER TABLE audit ADD COLUMN changes TEXT",
    "CREATE INDEX audit_by_subject ON audit (subject, id)",
    "CREATE TABLE image (sha256 TEXT PRIMARY KEY, type TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, name TEXT NOT NULL, bytes BLOB NOT NULL, created_at_ms INTEGER NOT NULL)",
  ],
  [
    `CREATE TABLE guide_import (id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL, source TEXT,
       at_ms INTEGER NOT NULL, report TEXT NOT NULL, decided_by TEXT, held_bytes INTEGER NOT NULL)`,
    `CREATE TABLE guide_held (import INTEGER NOT NULL, channel TEXT NOT NULL, body BLOB NOT NULL,
       PRIMARY KEY (import, channel)) WITHOUT ROWID`,
    // When a guide last changed a channel, and whether that is still to be put on air.
    `CREATE TABLE guide_touched (channel TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, due INTEGER NOT NULL)
       WITHOUT ROWID`,
    "CREATE TABLE setting (name TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE guide_source (id TEXT PRIMARY KEY, body TEXT NOT NULL, state TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX programme_by_id ON programme (id)",
  ],
  [
    "CREATE TABLE channel_group (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE channel_rule (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
  ],
  // Each import paid for it, and nothing asked by it.
  ["DROP INDEX programme_by_id"],
  [
    "CREATE TABLE box_revocation (hash TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, by_whom TEXT NOT NULL) WITHOUT ROWID",
    `CREATE TABLE webhook (id TEXT PRIMARY KEY, body TEXT NOT NULL, secret TEXT NOT NULL,
       created_at_ms INTEGER NOT NULL) WITHOUT ROWID`,
    // state: waiting, delivered, dead.
    `CREATE TABLE webhook_delivery (id TEXT PRIMARY KEY, webhook TEXT NOT NULL, event TEXT NOT NULL, type TEXT NOT NULL,
       body TEXT NOT NULL, at_ms INTEGER NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL, next_ms INTEGER,
       ended_ms INTEGER, status INTEGER, why TEXT) WITHOUT ROWID`,
    "CREATE INDEX webhook_delivery_due ON webhook_delivery (next_ms) WHERE state = 'waiting'",
    "CREATE INDEX webhook_delivery_by_time ON webhook_delivery (webhook, at_ms)",
  ],
  [
    // A channel's programmes as one body (guide-store.ts): a row for each took as long to write as to read the file.
    "CREATE TABLE guide_body (id INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL)",
    "CREATE TABLE guide_channel (channel TEXT PRIMARY KEY, body INTEGER NOT NULL) WITHOUT ROWID",
    `INSERT INTO guide_channel (channel, body)
       SELECT channel, row_number() OVER (ORDER BY channel) FROM (SELECT DISTINCT channel FROM programme)`,
    `INSERT INTO guide_body (id, body)
       SELECT c.body, CAST('[' || (SELECT group_concat(p.body, ',' || char(10)) FROM
         (SELECT body FROM programme WHERE channel = c.channel ORDER BY start_ms, id) AS p) || ']' AS BLOB)
       FROM guide_channel AS c`,
    "DROP TABLE programme",
  ],
  [
    // Of an identity provider: its issuer and who it is there.
    "ALTER TABLE person ADD COLUMN subject TEXT",
    "CREATE UNIQUE INDEX person_by_subject ON person (subject) WHERE subject IS NOT NULL",
  ],
  [
    "CREATE TABLE interaction_tag (interaction TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (interaction, tag)) WITHOUT ROWID",
  ],
  [
    // Absent: all that its role may.
    "ALTER TABLE api_token ADD COLUMN scope TEXT",
    // Who answers for it, and takes it along when shut out.
    "ALTER TABLE api_token ADD COLUMN person TEXT",
    "UPDATE api_token SET person = created_by WHERE created_by IN (SELECT name FROM person)",
  ],
  // JSON: what was withdrawn, or gone back to; null of all others and of those from before.
  ["ALTER TABLE publication ADD COLUMN about TEXT"],
  [
    "CREATE TABLE interaction_archive (interaction TEXT PRIMARY KEY, at_ms INTEGER NOT NULL, by_whom TEXT NOT NULL) WITHOUT ROWID",
  ],
];
