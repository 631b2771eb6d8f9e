/**
 * Answers that central refused one by one and that an edge keeps apart in `outbox.db`: seen, sent again, dropped. Beside a
 * running edge as well as without one: SQLite's own locks keep the two apart, and central counts an answer by its box and
 * key, however often it comes.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Client, createClient } from "@libsql/client";
import type { Central } from "../../edge/headend/central.ts";
import { CuecastError, errorMessage } from "../../shared/errors.ts";
import { SYSTEM_WORDS, systemState } from "../../shared/system-state.ts";
import type { UplinkAnswer } from "../../shared/uplink/batch.ts";

export interface SetAside {
  number: number;
  atMs: number;
  /** Central's words. */
  reason: string;
  /** As it was sent: central, which may be of a newer release, judges whether it is one. */
  answer: Partial<UplinkAnswer>;
}

/** As many are looked at in one run. */
export const SHOWN_MAX = 10_000;

export interface SetAsideAnswers {
  /** By number, at most `SHOWN_MAX` of them; `number`: that one alone. */
  list(number?: number): Promise<SetAside[]>;
  /**
   * Sends them to central, one by one, and takes away what it took.
   *
   * @throws {CuecastError} as `Central.batch`, but for refusals: what was taken until then is away
   */
  send(
    central: Pick<Central, "batch">,
    number?: number,
  ): Promise<{ taken: number; refused: { number: number; reason: string }[] }>;
  /** @returns how many are gone; those that the edge would send again at once stay, and are counted */
  drop(number?: number): Promise<{ dropped: number; ahead: number }>;
  close(): void;
}

const isRefusal = (error: unknown) => error instanceof CuecastError && error.code === "central-refused";

/** What is no object was damaged on the disk, and is refused like an empty one. */
function parse(body: string): Partial<UplinkAnswer> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

const ONE = "(?1 IS NULL OR number = ?1)";
const numbered = (number: number | undefined) => [number ?? null];

function asked(client: Client, folder: string): SetAsideAnswers {
  /** The system's words for what it refused. */
  async function execute(sql: string, args: (number | null)[] = []) {
    try {
      return await client.execute({ sql, args });
    } catch (error) {
      const state = systemState(error);
      throw new CuecastError(
        `Cannot use ${join(folder, "outbox.db")}: ${state ? SYSTEM_WORDS[state] : errorMessage(error)}`,
        { code: "outbox-unusable", cause: error },
      );
    }
  }
  async function list(number?: number): Promise<SetAside[]> {
    const sql = `SELECT number, at_ms, reason, body FROM set_aside WHERE ${ONE} ORDER BY number LIMIT ${SHOWN_MAX}`;
    return (await execute(sql, numbered(number))).rows.map((row) => ({
      number: Number(row.number),
      atMs: Number(row.at_ms),
      reason: String(row.reason),
      answer: parse(String(row.body)),
    }));
  }
  return {
    list,
    async send(central, number) {
      const [state] = (await execute("SELECT outbox FROM state WHERE id = 1")).rows;
      const refused: { number: number; reason: string }[] = [];
      let taken = 0;
      for (const { number: each, answer } of await list(number)) {
        try {
          const answers = [answer as UplinkAnswer];
          await central.batch({ outbox: String(state?.outbox), answers, airings: [], tallies: [] });
        } catch (error) {
          if (!isRefusal(error)) throw error;
          refused.push({ number: each, reason: errorMessage(error) });
          continue;
        }
        await execute("DELETE FROM set_aside WHERE number = ?1", [each]);
        taken++;
      }
      return { taken, refused };
    },
    async drop(number) {
      // One that central's cursor has not passed would be taken from the log and sent again.
      const ahead = "number > (SELECT acknowledged FROM state WHERE id = 1)";
      const gone = await execute(`DELETE FROM set_aside WHERE ${ONE} AND NOT ${ahead}`, numbered(number));
      const left = await execute(
        `SELECT count(*) AS n FROM set_aside WHERE ${ONE} AND ${ahead}`,
        numbered(number),
      );
      return { dropped: gone.rowsAffected, ahead: Number(left.rows[0]?.n ?? 0) };
    },
    close: () => client.close(),
  };
}

/** @throws {CuecastError} `no-outbox` when there is none, `outbox-unusable` */
export async function openSetAside(folder: string): Promise<SetAsideAnswers> {
  const path = join(folder, "outbox.db");
  // The client would make a missing file.
  if (!(await stat(path).catch(() => undefined))) {
    throw new CuecastError(`Cannot look for answers in ${folder}: it has no outbox.db`, {
      code: "no-outbox",
      status: 400,
    });
  }
  const client = createClient({ url: pathToFileURL(path).href, concurrency: 1, intMode: "number" });
  const answers = asked(client, folder);
  try {
    await client.execute("PRAGMA busy_timeout=5000");
    await client.execute("PRAGMA synchronous=FULL");
    await answers.list(0);
  } catch (error) {
    client.close();
    throw error instanceof CuecastError
      ? error
      : new CuecastError(`Cannot use ${path}: ${errorMessage(error)}`, {
          code: "outbox-unusable",
          cause: error,
        });
  }
  return answers;
}
