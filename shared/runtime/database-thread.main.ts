/** The thread that holds a database open: does what it is told, one thing after the other, and ends when it is closed. */
import process from "node:process";
import { parentPort } from "node:worker_threads";
import { CuecastError } from "../errors.ts";
import { type Database, openDatabase, type Row } from "./database.ts";
import type { ThreadCommand, ThreadError, ThreadReply } from "./database-thread.ts";

const DEPTH_MAX = 5;
const port = parentPort;
if (!port) throw new Error("Cannot hold a database: this is no thread");

let database: Database | undefined;

async function obey(command: ThreadCommand): Promise<Row[][]> {
  if (command.do === "open") {
    database = await openDatabase(command.path, command.migrations);
    return [];
  }
  if (!database) throw new Error("Cannot ask a database: it is not open");
  if (command.do === "all") return [await database.all(command.statement.sql, command.statement.args)];
  if (command.do === "batch") return database.batch(command.statements);
  return [];
}

function crossing(thrown: unknown, depth = 0): ThreadError {
  const { code, cause } = (thrown ?? {}) as { code?: unknown; cause?: unknown };
  return {
    message: thrown instanceof Error ? thrown.message : String(thrown),
    ...(typeof code === "string" && { code }),
    expected: thrown instanceof CuecastError,
    ...(cause !== undefined && depth < DEPTH_MAX && { cause: crossing(cause, depth + 1) }),
  };
}

let last = Promise.resolve();
port.on("message", (command: ThreadCommand) => {
  last = last.then(async () => {
    if (command.do === "close") {
      database?.close();
      // Of the thread alone.
      process.exit(0);
    }
    const reply = await obey(command).then(
      (rows): ThreadReply => ({ rows }),
      (error): ThreadReply => ({ error: crossing(error) }),
    );
    port.postMessage(reply);
  });
});
