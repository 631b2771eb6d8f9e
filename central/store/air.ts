/**
 * The `air` database in its libSQL server: what is published now, and nothing else. Every call ends in time:
 * the `fetch` given to it must give up by itself.
 */
import { type Client, createClient, type InStatement } from "@libsql/client/http";
import { CuecastError, errorMessage } from "../../shared/errors.ts";
import {
  AIR_TABLES,
  contentFromRows,
  manifestFromRows,
  SELECT_MANIFEST,
} from "../../shared/publication/air-tables.ts";
import type { Manifest, SignedManifest } from "../../shared/publication/manifest.ts";
import type { Content, Difference } from "../../shared/publication/part.ts";

export interface AirStore {
  /**
   * Makes the tables where they are missing. A server that lost its data has no log at all, and a replica that
   * syncs from nothing keeps what it had: only the tables' own log makes edges see that the rest is gone.
   */
  prepare(): Promise<void>;
  /** What the server holds; undefined when it is empty. */
  readManifest(): Promise<SignedManifest | undefined>;
  /** Everything it holds; for new epochs and reconciling. */
  readContent(): Promise<Content>;
  /**
   * One transaction: the difference and the manifest, or nothing.
   *
   * @param predecessor hash of the manifest that must be there now; undefined: none
   * @throws {CuecastError} `air-moved` when another manifest is there; `air-unreachable` when the outcome is
   *   not known
   */
  apply(
    predecessor: string | undefined,
    difference: Difference,
    manifest: Manifest,
    signed: SignedManifest,
  ): Promise<void>;
}

export interface AirAddress {
  url: string;
  /** A fresh read-write token. */
  token(): Promise<string>;
}

/** Rows and characters per statement: parameters that the server parses without a hitch. */
const CHUNK_ROWS_MAX = 2_000;
const CHUNK_CHARS_MAX = 1_000_000;
/**
 * Written in one request, characters: a request is held three times over in memory, as its texts, as JSON and as bytes.
 * What is larger goes in several, within one transaction all the same.
 */
const REQUEST_CHARS_MAX = 4_000_000;
/** Bytes per read: the server refuses replies over 10 MB. */
const READ_BYTES_MAX = 3_000_000;
const READ_ROWS_MAX = 10_000;

/** Fails the transaction when the manifest is not the one that was seen: malformed JSON is an error. */
const GUARD = `SELECT CASE WHEN now.hash IS ? THEN 1 ELSE json('{' || coalesce(now.hash, '')) END
  FROM (SELECT (SELECT hash FROM manifest WHERE id = 1) AS hash) AS now`;

type Insert = { sql: string; args: (string | number | null | Uint8Array)[] };

function* putStatements(put: Difference["put"]): Generator<Insert> {
  let rows: [string, string, string][] = [];
  let chars = 0;
  const flush = (): Insert => {
    const args = [JSON.stringify(rows)];
    rows = [];
    chars = 0;
    return {
      sql: `INSERT OR REPLACE INTO entry (part, key, body)
            SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)`,
      args,
    };
  };
  for (const { part, key, body } of put) {
    if (typeof body !== "string") {
      yield {
        sql: "INSERT OR REPLACE INTO entry (part, key, body) VALUES (?, ?, ?)",
        args: [part, key, body],
      };
      continue;
    }
    rows.push([part, key, body]);
    chars += body.length;
    if (rows.length >= CHUNK_ROWS_MAX || chars >= CHUNK_CHARS_MAX) yield flush();
  }
  if (rows.length > 0) yield flush();
}

function* removeStatements(remove: Difference["remove"]): Generator<Insert> {
  for (let from = 0; from < remove.length; from += CHUNK_ROWS_MAX) {
    const rows = remove.slice(from, from + CHUNK_ROWS_MAX).map(({ part, key }) => [part, key]);
    yield {
      sql: `DELETE FROM entry WHERE (part, key) IN
            (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
      args: [JSON.stringify(rows)],
    };
  }
}

const charsOf = ({ args }: Insert) =>
  args.reduce<number>(
    (sum, arg) => sum + (typeof arg === "string" || arg instanceof Uint8Array ? arg.length : 0),
    0,
  );

/** Statements as they are made, in groups of about so many characters. */
function* requests(statements: Iterable<Insert>, charsMax: number): Generator<Insert[], void, undefined> {
  let group: Insert[] = [];
  let chars = 0;
  for (const statement of statements) {
    group.push(statement);
    chars += charsOf(statement);
    if (chars < charsMax) continue;
    yield group;
    group = [];
    chars = 0;
  }
  if (group.length > 0) yield group;
}

/** All groups in one transaction; one that is alone in one request. */
async function writeAll(client: Client, groups: Iterator<InStatement[]>): Promise<void> {
  const first = groups.next();
  if (first.done) return;
  let next = groups.next();
  if (next.done) {
    await client.batch(first.value, "write");
    return;
  }
  const transaction = await client.transaction("write");
  try {
    await transaction.batch(first.value);
    for (; !next.done; next = groups.next()) await transaction.batch(next.value);
    await transaction.commit();
  } finally {
    // Rolls back what was not committed.
    transaction.close();
  }
}

/**
 * @param fetch for what may take long
 * @param quickFetch for what a healthy server answers at once
 * @param requestCharsMax written in one request
 */
export function createAirStore(
  address: AirAddress,
  fetch: typeof globalThis.fetch,
  quickFetch: typeof globalThis.fetch = fetch,
  requestCharsMax = REQUEST_CHARS_MAX,
): AirStore {
  async function withClient<T>(run: (client: Client) => Promise<T>, by = fetch): Promise<T> {
    const client = createClient({ url: address.url, authToken: await address.token(), fetch: by });
    try {
      return await run(client);
    } catch (cause) {
      if (cause instanceof CuecastError) throw cause;
      if (/malformed JSON/.test(errorMessage(cause))) {
        throw new CuecastError("Cannot write into air: another publication is in it than expected", {
          code: "air-moved",
          status: 409,
          cause,
        });
      }
      throw new CuecastError(`Cannot reach air at ${address.url}: ${errorMessage(cause)}`, {
        code: "air-unreachable",
        status: 503,
        retryable: true,
        cause,
      });
    } finally {
      client.close();
    }
  }
  /** An empty server has no tables yet. */
  const orEmpty = async <T>(empty: T, run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      if (/no such table/.test(errorMessage(error))) return empty;
      throw error;
    }
  };

  return {
    prepare: () =>
      withClient(async (client) => {
        await client.batch(
          AIR_TABLES.map((sql) => ({ sql, args: [] })),
          "write",
        );
      }, quickFetch),
    readManifest: () =>
      withClient(
        (client) =>
          orEmpty(undefined, async () => manifestFromRows((await client.execute(SELECT_MANIFEST)).rows)),
        quickFetch,
      ),
    readContent: () =>
      withClient((client) =>
        orEmpty(new Map(), async () => {
          const rows: Record<string, unknown>[] = [];
          let last: { part: string; key: string } | undefined;
          while (true) {
            const after = last ? "WHERE (part, key) > (?, ?)" : "";
            const args = last ? [last.part, last.key] : [];
            const sizes = (
              await client.execute({
                sql: `SELECT part, key, length(CAST(body AS BLOB)) AS size FROM entry ${after}
                      ORDER BY part, key LIMIT ${READ_ROWS_MAX}`,
                args,
              })
            ).rows;
            if (sizes.length === 0) break;
            let bytes = 0;
            let count = 0;
            for (const row of sizes) {
              bytes += Number(row.size);
              if (count > 0 && bytes > READ_BYTES_MAX) break;
              count++;
            }
            const page = await client.execute({
              sql: `SELECT part, key, body FROM entry ${after} ORDER BY part, key LIMIT ${count}`,
              args,
            });
            rows.push(...page.rows);
            const end = page.rows.at(-1);
            if (!end) break;
            last = { part: String(end.part), key: String(end.key) };
          }
          return contentFromRows(rows);
        }),
      ),
    apply: (predecessor, difference, manifest, signed) =>
      withClient(async (client) => {
        const { epoch, revision } = manifest;
        function* statements(): Generator<Insert, void, undefined> {
          yield* AIR_TABLES.map((sql) => ({ sql, args: [] }));
          yield { sql: GUARD, args: [predecessor ?? null] };
          yield* removeStatements(difference.remove);
          yield* putStatements(difference.put);
          yield {
            sql: `INSERT OR REPLACE INTO manifest (id, epoch, revision, hash, body, signature)
                  VALUES (1, ?, ?, ?, ?, ?)`,
            args: [epoch, revision, signed.hash, signed.body, signed.signature],
          };
        }
        await writeAll(client, requests(statements(), requestCharsMax));
      }),
  };
}
