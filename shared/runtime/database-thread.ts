/**
 * A database that is open in a thread of its own: libSQL works on whatever thread asks it, and while it writes
 * twenty thousand answers, or counts some, nobody else should wait. What it does is `database.ts`'s.
 */
import { Worker } from "node:worker_threads";
import { CuecastError } from "../errors.ts";
import type { Queries, Row, Statement } from "./database.ts";

export type ThreadCommand =
  | { do: "open"; path: string; migrations: readonly string[][] }
  | { do: "all"; statement: Statement }
  | { do: "batch"; statements: Statement[] }
  | { do: "close" };
/** An error as it crosses: its class does not. */
export interface ThreadError {
  message: string;
  code?: string;
  expected: boolean;
  cause?: ThreadError;
}
export type ThreadReply = { rows: Row[][] } | { error: ThreadError };

function revived({ message, code, expected, cause }: ThreadError): Error {
  const before = cause && revived(cause);
  if (expected && code !== undefined) return new CuecastError(message, { code, cause: before });
  return Object.assign(new Error(message, before && { cause: before }), code !== undefined && { code });
}

/**
 * As `openDatabase`. A thread that ends by itself has met a bug, and the process ends with it.
 *
 * @throws {CuecastError} as `openDatabase`
 */
export async function openDatabaseInThread(path: string, migrations: readonly string[][]): Promise<Queries> {
  const thread = new Worker(new URL("./database-thread.main.ts", import.meta.url));
  /** In the order in which they were asked, which is the order of the replies. */
  const waiting: { resolve(rows: Row[][]): void; reject(error: unknown): void }[] = [];
  thread.on("message", (reply: ThreadReply) => {
    const next = waiting.shift();
    if ("rows" in reply) next?.resolve(reply.rows);
    else next?.reject(revived(reply.error));
  });
  let closed = false;
  const ask = (command: ThreadCommand): Promise<Row[][]> => {
    if (closed) return Promise.reject(new Error(`Cannot ask ${path}: it is closed`));
    return new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      thread.postMessage(command);
    });
  };
  const close = () => {
    if (closed) return;
    // What was asked before is done before.
    thread.postMessage({ do: "close" } satisfies ThreadCommand);
    closed = true;
  };
  await ask({ do: "open", path, migrations }).catch((error) => {
    close();
    throw error;
  });
  return {
    all: async (sql, args = []) => (await ask({ do: "all", statement: { sql, args } }))[0] ?? [],
    batch: (statements) => ask({ do: "batch", statements }),
    close,
  };
}
