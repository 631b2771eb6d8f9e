/**
 * The work of the replica process: sync the embedded replica, copy it, verify the copy, name it.
 *
 * What trips here (DESIGN.md section 9): opening hangs while the primary is black-holed, so the primary is
 * asked over HTTP first, and the parent kills this process when it hangs all the same; a bad token shows only
 * as a timeout of the handshake; the database file and its companions belong together.
 */
import { mkdir, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client/sqlite3";
import { CuecastError, causeMessage, errorMessage } from "../../../shared/errors.ts";
import { SELECT_MANIFEST_BYTES } from "../../../shared/publication/air-tables.ts";
import { syncFolder } from "../../../shared/runtime/files.ts";
import type { SyncCommand, SyncReply } from "../sync/replica-messages.ts";
import { checkContinues, verifyAir } from "../sync/verify-air.ts";
import { readAirFile } from "./air-file.ts";
import { packedPath, writePackedCopy } from "./packed-copy.ts";

/** See `SyncCommand.probeMs`. */
const PROBE_MS = 5_000;

const SELECT_HASH = "SELECT hash FROM manifest WHERE id = 1";

/** Codes after which the replica itself may be bad: it is wiped and synced from scratch, once. */
const PERHAPS_REPLICA = [
  "replica-damaged",
  "replica-astray",
  "air-damaged",
  "air-empty",
  "manifest-refused",
  "content-refused",
];

/** Of these, the ones where wiping never is in vain. */
const ALWAYS_WIPED = ["replica-damaged", "replica-astray"];

const unreachable = (url: string, state: string, cause?: unknown) =>
  new CuecastError(`Cannot sync from ${new URL(url).origin}: ${state}`, {
    code: "air-unreachable",
    retryable: true,
    cause,
  });

/** @returns the hash of the manifest that the primary itself holds; undefined when it holds none */
async function probe({ url, token, probeMs = PROBE_MS }: SyncCommand): Promise<string | undefined> {
  const origin = new URL(url).origin;
  let status: number;
  let text: string;
  try {
    const reply = await fetch(new URL("/v2/pipeline", url), {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({
        baton: null,
        requests: [{ type: "execute", stmt: { sql: SELECT_HASH } }, { type: "close" }],
      }),
      signal: AbortSignal.timeout(probeMs),
    });
    status = reply.status;
    text = await reply.text();
  } catch (cause) {
    const timedOut = cause instanceof Error && cause.name === "TimeoutError";
    throw unreachable(url, timedOut ? `no answer in ${probeMs} ms` : causeMessage(cause), cause);
  }
  if (status === 401 || status === 403) {
    throw new CuecastError(`Cannot sync from ${origin}: it refuses this edge's token`, {
      code: "air-refused-token",
      retryable: true,
    });
  }
  if (status !== 200) throw unreachable(url, `it answers with status ${status}`);
  try {
    const value = JSON.parse(text).results?.[0]?.response?.result?.rows?.[0]?.[0]?.value;
    return typeof value === "string" ? value : undefined;
  } catch (cause) {
    throw unreachable(url, "what answers there is no libSQL server", cause);
  }
}

/** The client's words as one of our codes. */
function clientError(url: string, thrown: unknown): CuecastError {
  if (thrown instanceof CuecastError) return thrown;
  const words = errorMessage(thrown);
  if (/snapshot not found/i.test(words)) {
    return unreachable(url, "the server is compacting its log; the next try succeeds", thrown);
  }
  if (/ENOSPC|SQLITE_FULL|(disk|database) is full|No space/i.test(words)) {
    return new CuecastError("Cannot sync: this edge's disk is full", { code: "disk-full", retryable: true });
  }
  if (/Handshake|trying to connect|dns error|transport|Unavailable|timed? ?out|sync error/i.test(words)) {
    return unreachable(url, words, thrown);
  }
  return new CuecastError(`Cannot use the replica: ${words}`, { code: "replica-damaged", cause: thrown });
}

/** Brings the replica up to date. @returns the hash of the manifest in it, undefined when there is none */
async function pull(file: string, command: SyncCommand): Promise<string | undefined> {
  const client = createClient({
    url: pathToFileURL(file).href,
    syncUrl: command.url,
    authToken: command.token,
    intMode: "number",
  });
  try {
    await client.sync();
    const [row] = (await client.execute(SELECT_MANIFEST_BYTES)).rows;
    return row ? new TextDecoder().decode(row.hash as ArrayBuffer) : undefined;
  } catch (error) {
    if (/no such table/i.test(errorMessage(error))) return undefined;
    throw error;
  } finally {
    client.close();
  }
}

/**
 * A self-contained copy of the replica, on disk when it resolves.
 *
 * @param file nobody may be syncing it
 * @param into replaced when it exists
 */
export async function copyReplica(file: string, into: string): Promise<void> {
  await mkdir(dirname(into), { recursive: true, mode: 0o700 });
  await rm(into, { force: true });
  await rm(packedPath(into), { force: true });
  const client = createClient({ url: pathToFileURL(file).href, concurrency: 1 });
  try {
    await client.execute({ sql: "VACUUM INTO ?", args: [into] });
  } finally {
    client.close();
  }
  const written = await open(into, "r+");
  try {
    await written.sync();
  } finally {
    await written.close();
  }
  await syncFolder(dirname(into));
}

type Done = Extract<SyncReply, { ok: true }>;

/** @param tell position of what was read, before it is judged */
async function once(command: SyncCommand, tell: (position: Done["position"]) => void): Promise<Done> {
  await mkdir(command.replica, { recursive: true, mode: 0o700 });
  const file = join(command.replica, "air.db");
  try {
    const hash = await pull(file, command);
    // A primary that got an older copy back has fewer frames than the replica: syncing then brings nothing,
    // says nothing, and would later mix the two pasts. Asked after the pull: before it, a publication in
    // between would look the same; when it changed meanwhile, the next sync will tell.
    if (hash !== (await probe(command)) && hash !== undefined) {
      const astray = (await pull(file, command)) !== (await probe(command));
      if (astray) {
        throw new CuecastError("Cannot use the replica: it holds another publication than central's air", {
          code: "replica-astray",
          retryable: true,
        });
      }
    }
    if (command.served && hash === command.served.hash) {
      return { ok: true, result: "same", position: command.served };
    }
    await copyReplica(file, command.into);
  } catch (error) {
    throw clientError(command.url, error);
  }
  const candidate = verifyAir(await readAirFile(command.into), command.publicationKey);
  tell(candidate.position);
  checkContinues(command.served, candidate);
  // Done without where there is no room for it.
  await writePackedCopy(command.into, candidate).catch(() => rm(packedPath(command.into), { force: true }));
  return { ok: true, result: "candidate", position: candidate.position, path: command.into };
}

/** Never throws: what fails is in the reply. */
export function createReplica() {
  /** What was wiped for in vain: the fault is not the replica's, and wiping again would only cost. */
  const wipedFor = new Set<string>();

  return async function sync(command: SyncCommand): Promise<SyncReply> {
    let position: Done["position"] | undefined;
    const tell = (told: Done["position"]) => {
      position = told;
    };
    const failed = async (thrown: unknown): Promise<SyncReply> => {
      await rm(command.into, { force: true }).catch(() => {});
      const known = thrown instanceof CuecastError;
      return {
        ok: false,
        code: known ? thrown.code : "sync-failed",
        message: known ? thrown.message : `Cannot sync: ${errorMessage(thrown)}`,
        ...(position && { position }),
      };
    };
    try {
      await probe(command);
      if (command.fresh) await rm(command.replica, { recursive: true, force: true });
      return await once(command, tell);
    } catch (error) {
      const reason = error instanceof CuecastError ? `${error.code} ${error.message}` : "";
      // An edge that serves nothing yet, at a central that published nothing yet: nothing is wrong.
      const young = error instanceof CuecastError && error.code === "air-empty" && !command.served;
      const wipe = error instanceof CuecastError && PERHAPS_REPLICA.includes(error.code) && !young;
      if (!wipe || (wipedFor.has(reason) && !ALWAYS_WIPED.includes(error.code))) return failed(error);
      try {
        await rm(command.replica, { recursive: true, force: true });
        const done = await once(command, tell);
        wipedFor.clear();
        return { ...done, wiped: errorMessage(error) };
      } catch (again) {
        if (wipedFor.size > 100) wipedFor.clear();
        wipedFor.add(reason);
        return failed(again);
      }
    }
  };
}
