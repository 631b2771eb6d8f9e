/** For this folder's tests: an outbox on a real file, a poll in each mode, and time that tests move. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { silentLog } from "../../../shared/log.ts";
import type { Answer } from "../../../shared/protocol/answers.ts";
import { type Interaction, interactionSample } from "../../../shared/protocol/interaction.ts";
import { type Database, openDatabase } from "../../../shared/runtime/database.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import type { Known } from "../outbox/contract.ts";
import type { AnswerLogSettings } from "../outbox/log/answer-log.ts";
import type { LogFolder } from "../outbox/log/files.ts";
import type { CentralClock } from "../outbox/now-span.ts";
import { createOutbox, type OutboxSettings } from "../outbox/outbox.ts";
import { OUTBOX_MIGRATIONS } from "../outbox/outbox-tables.ts";
import { createLogFolder } from "../platform/log-files.ts";

export const AT = 1_795_431_900_000;

const modes = { first: "first", last: "last", many: "many" } as const;

/** Cues `first:x`, `last:x`, `many:x`; interactions `first`, `last`, `many` in version 1. */
export const known: Known = {
  cue: (id) => ((id.split(":")[0] as string) in modes ? { atMs: AT } : undefined),
  interaction(id, version) {
    const mode = modes[id as keyof typeof modes];
    if (!mode || version !== 1) return undefined;
    const answer = { mode, closeAfterMs: 60_000, acceptAfterCloseMs: 3_600_000, most: 3 };
    return { ...interactionSample, id, version, answer } as Interaction;
  },
};

let drawn = 0;
/** Keys that sort in the order they are drawn. */
export const newKey = () => `00000000-0000-4000-8000-${String(++drawn).padStart(12, "0")}`;

export const answer = (cue: string, option: string, more: Partial<Answer> = {}): Answer => ({
  key: newKey(),
  cue,
  interaction: cue.split(":")[0] as string,
  version: 1,
  options: [option],
  answeredAtMs: AT + 1_000,
  ...more,
});

/** Lets everything run that waits for promises alone. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 500; turn++) await Promise.resolve();
}

export async function withFile(run: (path: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-outbox-"));
  try {
    await run(join(folder, "outbox.db"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function openOutbox(
  path: string,
  settings: Partial<OutboxSettings & AnswerLogSettings> = {},
  wrap: (database: Database) => Database = (database) => database,
  onDamage: () => void = () => {},
  wrapFolder: (folder: LogFolder) => LogFolder = (folder) => folder,
  centralClock: () => CentralClock | undefined = () => undefined,
) {
  const time = createSimulatedTime(AT + 2_000);
  const database = await openDatabase(path, OUTBOX_MIGRATIONS);
  const { clock, timers } = time;
  const folder = wrapFolder(createLogFolder(join(dirname(path), "answers")));
  const outbox = await createOutbox(
    {
      ...{ database: wrap(database), folder, clock, timers, log: silentLog, newId: randomUUID },
      ...{ onDamage, centralClock },
    },
    settings,
  );
  /** Runs what is due until the work is done. */
  async function run<T>(work: Promise<T>): Promise<T> {
    let done = false;
    const end = () => {
      done = true;
    };
    work.then(end, end);
    while (!done) {
      time.advance(1);
      await settle();
      // Files are read and written meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return work;
  }
  const send = (box: string, ...answers: Answer[]) => run(outbox.append({ box, answers }, known));
  const statuses = async (box: string, ...answers: Answer[]) =>
    (await send(box, ...answers)).map((receipt) => receipt.status);
  return { outbox, database, time, run, send, statuses, close: () => run(outbox.close()) };
}
