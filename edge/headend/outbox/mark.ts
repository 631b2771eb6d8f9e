/**
 * `outbox.json` beside the answer log: which database goes with it, and how far that was.
 *
 * Problem: SQLite takes a log (`outbox.db-wal`) that is damaged or gone for one that ends earlier, and a database of
 * another edge for this one's, without a word; counts of airings are in the database alone. Idea: now and then write
 * down beside it what it certainly holds. Leaves to others what is done about it.
 */
import * as v from "valibot";
import { CuecastError } from "../../../shared/errors.ts";
import type { Kept } from "./kept.ts";
import type { LogFolder } from "./log/files.ts";

export const MARK_NAME = "outbox.json";

/** Of an outbox that is begun anew beside answers. */
export const OUTBOX_LACKED = "outbox.db was not there beside answers, or held nothing; they go up again";
export const OUTBOX_OLDER =
  "outbox.db: it is older than it was; its outbox.db-wal was damaged or taken away, or an older copy put in its place. Counts of airings since then are lost, and what central refused since then is asked again";
export const OUTBOX_ANOTHER = "its file is that of another outbox than the answers beside it";

const markSchema = v.object({
  /** The outbox id. */
  outbox: v.string(),
  /** `change` of its state: it rises with every group. */
  change: v.pipe(v.number(), v.safeInteger()),
});
export type Mark = v.InferOutput<typeof markSchema>;

/** Against what was written down: begun now, as far or further, of an earlier moment, or another outbox. */
export type Standing = "begun" | "same" | "older" | "another";

/** @param mark undefined where none can be read: of an older release, or damaged */
export function standingOf(
  { id, change, acknowledged }: Pick<Kept, "id" | "change" | "acknowledged">,
  mark: Mark | undefined,
): Standing {
  if (mark !== undefined && mark.outbox === id) return change < mark.change ? "older" : "same";
  // Nothing was ever written to it; what an older release left without a mark has a past.
  if (change === 0 && acknowledged === 0) return "begun";
  return mark === undefined ? "same" : "another";
}

export function parseMark(text: string): Mark | undefined {
  try {
    return v.parse(markSchema, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** @throws the system's error */
export async function readMark(folder: LogFolder): Promise<Mark | undefined> {
  if (!(await folder.list()).includes(MARK_NAME)) return undefined;
  const file = await folder.open(MARK_NAME);
  try {
    return parseMark(new TextDecoder().decode(await file.read(0, await file.size())));
  } finally {
    file.close();
  }
}

export const outboxAnother = () =>
  new CuecastError(`Cannot use the outbox: ${OUTBOX_ANOTHER}`, { code: "outbox-another" });

export interface MarkWriter {
  /**
   * Writes down what the database holds, one after the other; what cannot be written is written the next time. Never
   * rejects. No answer need wait for it: the database only goes on meanwhile.
   *
   * @param held `change` on disk
   */
  write(held: Mark): Promise<void>;
}

export function createMarkWriter(folder: LogFolder): MarkWriter {
  let written: Mark | undefined;
  let turn: Promise<void> = Promise.resolve();
  async function put(held: Mark) {
    if (written?.outbox === held.outbox && written.change === held.change) return;
    try {
      await folder.put(MARK_NAME, new TextEncoder().encode(`${JSON.stringify(held)}\n`));
      written = held;
    } catch {
      // A full or failing disk is told by what boxes need of it.
    }
  }
  return {
    write(held) {
      turn = turn.then(() => put(held));
      return turn;
    },
  };
}
