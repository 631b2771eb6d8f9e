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

/** Steps by which this process stands back behind the serving one, which then has three times its share. */
const NICER = 5;
/** The same once many boxes ask: nine times. For good: only root may take it back, and it does no harm where nobody asks. */
const NICER_ASKED = 10;
/** What Linux knows: who has it runs where nobody else wants to. */
const NICENESS_MAX = 19;

const sync = createReplica();
let ownNiceness: number | undefined;

/** Replies go first: with few cores a sync takes longer, and not they. What it starts has the same. */
function standBack(steps: number): void {
  try {
    ownNiceness ??= getPriority();
    setPriority(Math.min(NICENESS_MAX, ownNiceness + steps));
  } catch {
    // A container may forbid it: then they share alike.
  }
}
standBack(NICER);

async function answer(line: string): Promise<SyncReply> {
  try {
    const command = v.parse(syncCommandSchema, JSON.parse(line));
    if (command.isAsked) standBack(NICER_ASKED);
    return await sync(command);
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
