/**
 * The replica process: the only one that opens what is being synced. Commands come in on stdin, replies go
 * out on stdout, a JSON line each; it ends when stdin ends.
 */
import { getPriority, setPriority } from "node:os";
import { createInterface } from "node:readline";
import * as v from "valibot";
import { errorMessage } from "../../../shared/errors.ts";
import { createReplica } from "../platform/replica.ts";
import { type SyncReply, syncCommandSchema } from "./replica-messages.ts";

/** Steps by which this process stands back behind the serving one, which then has nine times its share. */
const NICER = 10;
/** What Linux knows: who has it runs where nobody else wants to. */
const NICENESS_MAX = 19;

const sync = createReplica();
// Replies go first: with few cores a sync takes longer, and not they. What it starts has the same.
try {
  setPriority(Math.min(NICENESS_MAX, getPriority() + NICER));
} catch {
  // A container may forbid it: then they share alike.
}

async function answer(line: string): Promise<SyncReply> {
  try {
    return await sync(v.parse(syncCommandSchema, JSON.parse(line)));
  } catch (error) {
    return { ok: false, code: "bad-command", message: `Cannot take the command: ${errorMessage(error)}` };
  }
}

// Ctrl-C reaches the whole group; the parent ends this process in its own order.
process.on("SIGINT", () => {});
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
}
process.exit(0);
