/**
 * The replica process: the only one that opens what is being synced. Commands come in on stdin, replies go
 * out on stdout, a JSON line each; it ends when stdin ends.
 */
import { createInterface } from "node:readline";
import * as v from "valibot";
import { errorMessage } from "../../../shared/errors.ts";
import { createReplica } from "../platform/replica.ts";
import { type SyncReply, syncCommandSchema } from "./replica-messages.ts";

const sync = createReplica();

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
