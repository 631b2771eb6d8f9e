/**
 * Keeps an outbox open: tries again while its disk refuses, and when its database is damaged sets that aside and
 * begins a new one.
 *
 * Problem: a damaged file refuses every answer until somebody comes. Idea: answers are not in it but in the log beside
 * it; a new database makes a new outbox id, and central counts an answer by its box and key however often it comes.
 * So the edge takes answers again at once, and the whole log goes up again. What was in the database alone (counts of
 * airings that central had not got, answers that central refused) stays in the file, which the status page names until
 * a technician removes it: lost perhaps, but never in silence.
 */
import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Outbox, Uplink } from "./contract.ts";
import type { DamagedOutboxes } from "./damaged.ts";

export interface OutboxKeeper {
  /** Undefined while there is none to write to. */
  outbox(): Outbox | undefined;
  uplink(): Uplink | undefined;
  /** Why there is none; undefined when there is. */
  trouble(): string | undefined;
  /** Files that were set aside, in words. */
  damaged(): readonly string[];
  /** Opens it, or begins to try. Never throws. */
  open(): Promise<void>;
  stop(): Promise<void>;
}

export interface OutboxKeeperPorts {
  /**
   * @param onDamage told when the file turns out to be damaged, while it is opened or later
   * @throws {CuecastError} when it cannot be opened
   */
  open(onDamage: () => void): Promise<Outbox>;
  files: DamagedOutboxes;
  /** Begins to send it up. */
  startUplink(outbox: Outbox): Uplink;
  timers: Timers;
  log: Log;
}

/** Reading the answers of a busy day back takes some seconds, ms. */
const OPENING_MS = 10_000;
/** How often an outbox that does not open is tried again, ms. */
const RETRY_MS = 10_000;
/** How often it is looked whether somebody took the damaged files away, ms. */
const LOOK_EVERY_MS = 60_000;
/** Most files set aside: a disk that damages one after the other is not to be filled with them. */
const SET_ASIDE_MAX = 5;

const NOTE = "counts of airings and refused answers may be in it alone; the answers are apart and go up";

export function createOutboxKeeper(ports: OutboxKeeperPorts): OutboxKeeper {
  const { files, timers, log } = ports;
  let outbox: Outbox | undefined;
  let uplink: Uplink | undefined;
  /** A start is no trouble: only one that takes long. */
  let trouble: string | undefined;
  let isOpening = true;
  const cancelOpening = timers.after(OPENING_MS, () => {
    if (isOpening) trouble ??= "not open yet";
  });
  let aside: string[] = [];
  let ended = false;
  let cancelRetry = () => {};
  let cancelLook = () => {};
  /** One opening or replacing after the other. */
  let turn: Promise<void> = Promise.resolve();

  function tell(state: string) {
    if (state !== trouble) log.error("outbox-not-open", { why: state });
    trouble = state;
  }

  /** @returns whether the way is free for a new one */
  async function setAside(): Promise<boolean> {
    try {
      aside = await files.list();
      if (aside.length >= SET_ASIDE_MAX) {
        tell(`it is damaged again, and ${aside.length} damaged ones were set aside before: replace the disk`);
        return false;
      }
      const file = await files.setAside();
      log.error("outbox-set-aside", { file });
      return true;
    } catch (error) {
      tell(`it is damaged, and cannot be set aside: ${errorMessage(error)}`);
      return false;
    }
  }

  /** Looks again now and then: a technician takes the files away. */
  function lookAgain(delayMs = LOOK_EVERY_MS) {
    cancelLook();
    cancelLook = timers.after(delayMs, () => {
      files.list().then(
        (found) => {
          aside = found;
          if (!ended) lookAgain();
        },
        () => !ended && lookAgain(),
      );
    });
  }

  async function openOnce(): Promise<void> {
    if (ended) return;
    let damaged = false;
    let opened: Outbox | undefined;
    try {
      opened = await ports.open(() => {
        damaged = true;
        const found = opened;
        if (found !== undefined && found === outbox) void begin(() => replace(found));
      });
      if (ended) return await opened.close();
    } catch (error) {
      tell(errorMessage(error));
      if (damaged && (await setAside())) return openOnce();
      if (!ended) cancelRetry = timers.after(RETRY_MS, () => begin(openOnce));
      return;
    }
    if (damaged) return replaceThis(opened, undefined);
    isOpening = false;
    outbox = opened;
    uplink = ports.startUplink(opened);
    trouble = undefined;
    lookAgain(0);
  }

  async function replace(old: Outbox): Promise<void> {
    // It is told for every write that failed: by now another may stand in its place.
    if (old !== outbox || ended) return;
    const sending = uplink;
    outbox = undefined;
    uplink = undefined;
    tell("its file is damaged");
    await replaceThis(old, sending);
  }

  async function replaceThis(old: Outbox, sending: Uplink | undefined): Promise<void> {
    // What it sends now may still arrive; boxes need not wait for that.
    void sending?.stop();
    await old.close().catch((error) => log.warn("outbox-not-closed", { why: errorMessage(error) }));
    if (await setAside()) await openOnce();
    else if (!ended) cancelRetry = timers.after(RETRY_MS, () => begin(openOnce));
  }

  function begin(work: () => Promise<void>): Promise<void> {
    turn = turn.then(work);
    return turn;
  }

  return {
    outbox: () => outbox,
    uplink: () => uplink,
    trouble: () => trouble,
    damaged: () => aside.map((file) => `${file}: ${NOTE}`),
    open: () => begin(openOnce),
    async stop() {
      ended = true;
      cancelOpening();
      cancelRetry();
      cancelLook();
      await uplink?.stop();
      await turn;
      await outbox?.close();
    },
  };
}
