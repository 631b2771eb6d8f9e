/**
 * The outbox's files that were set aside: `outbox-damaged-<time>.db`, what SQLite keeps beside it, and a note
 * `outbox-damaged-<time>.txt` once it was read.
 */
import { readdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Client, createClient, type InValue } from "@libsql/client";
import * as v from "valibot";
import { syncFolder, writeFileAside } from "../../../shared/runtime/files.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import { type UplinkAnswer, uplinkAnswerSchema } from "../../../shared/uplink/batch.ts";
import type { DamagedOutboxes } from "../outbox/damaged.ts";

const BESIDE = ["-wal", "-shm", ""];
const PREFIX = "outbox-damaged-";
/** Rows read at once; around damage fewer, so that little of what is whole is missed. */
const PAGE_ROWS = 200;
const NOTE_MAX = 500;

function answerOf(body: unknown): UplinkAnswer[] {
  try {
    const parsed = v.safeParse(uplinkAnswerSchema, JSON.parse(String(body)));
    return parsed.success ? [parsed.output] : [];
  } catch {
    return [];
  }
}

/** Reads from both ends towards the damage; a page that cannot be read is tried again with fewer rows. */
async function* readQueued(client: Client): AsyncGenerator<UplinkAnswer[], number | undefined> {
  const rows = async (sql: string, args: InValue[]) =>
    (await client.execute({ sql, args })).rows as Record<string, unknown>[];
  const state = await rows("SELECT last_number, acknowledged FROM state WHERE id = 1", []).catch(() => []);
  const acknowledged = Number(state[0]?.acknowledged ?? 0);
  const aside = await rows("SELECT count(*) AS n FROM set_aside WHERE number > ?", [acknowledged]).catch(
    () => [],
  );
  let low = acknowledged;
  let high = Number.MAX_SAFE_INTEGER;
  for (const order of ["ASC", "DESC"]) {
    for (let most = PAGE_ROWS; most > 0; ) {
      const sql = `SELECT number, body FROM queued WHERE number > ? AND number < ? ORDER BY number ${order} LIMIT ?`;
      const page = await rows(sql, [low, high, most]).catch(() => undefined);
      if (!page) most = Math.floor(most / 4);
      else if (page.length === 0) break;
      else {
        yield page.flatMap(({ body }) => answerOf(body));
        const end = Number(page.at(-1)?.number);
        if (order === "ASC") low = end;
        else high = end;
      }
    }
  }
  if (state[0] === undefined) return undefined;
  return Math.max(0, Number(state[0].last_number) - acknowledged - Number(aside[0]?.n ?? 0));
}

/** @param folder the data directory, where `outbox.db` lies */
export function createDamagedOutboxes(folder: string, clock: Clock): DamagedOutboxes {
  const noteOf = (file: string) => join(folder, file.replace(/\.db$/, ".txt"));
  return {
    async setAside() {
      const at = new Date(clock.wallMs()).toISOString().replace(/[-:]/g, "");
      const file = `${PREFIX}${at}.db`;
      // The main one last: until then the next start finds it and sets the rest aside again.
      for (const end of BESIDE) {
        const path = join(folder, `outbox.db${end}`);
        if (await stat(path).catch(() => undefined)) await rename(path, join(folder, `${file}${end}`));
      }
      await syncFolder(folder);
      return file;
    },
    async list() {
      const names = (await readdir(folder)).filter((name) => name.startsWith(PREFIX) && name.endsWith(".db"));
      return Promise.all(
        names.sort().map(async (file) => ({
          file,
          note: await readFile(noteOf(file), "utf8").then(
            (text) => text.trim().slice(0, NOTE_MAX),
            () => undefined,
          ),
        })),
      );
    },
    async *read(file) {
      let client: Client | undefined;
      try {
        client = createClient({
          url: pathToFileURL(join(folder, file)).href,
          intMode: "number",
          concurrency: 1,
        });
        return yield* readQueued(client);
      } catch {
        // Not even its beginning is a database's.
        return undefined;
      } finally {
        client?.close();
      }
    },
    note: (file, note) => writeFileAside(noteOf(file), `${note}\n`),
  };
}
