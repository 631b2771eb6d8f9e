/**
 * What becomes of a guide: read whole, compared, judged, then taken, held back for a person, or only looked at;
 * and what it changes on air goes on air by itself. One import at a time: each compares with what is stored.
 *
 * The file is put right, compared and judged channel by channel; what is to be written of each is written aside at
 * once, and only named as the guide when all are judged. Rows are let go of, unless the channel may be held back. So
 * memory holds no more than the file's own programmes, and nobody waits for more than one channel's work.
 */
import { CuecastError, errorMessage } from "../../shared/errors.ts";
import type { Channel } from "../../shared/guide/channel.ts";
import type { Log } from "../../shared/log.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Timers } from "../../shared/time/timers.ts";
import { createLock } from "../publish/lock.ts";
import type { Publisher } from "../publish/publish.ts";
import type { Drafts } from "../store/drafts.ts";
import { type GuideImports, type StoredImport, touchedStatement } from "../store/guide-imports.ts";
import type { StagedGuide } from "../store/guide-store.ts";
import type { Settings } from "../store/settings.ts";
import { createBreather } from "./breather.ts";
import type { ReaderProgress } from "./guide-reader.ts";
import {
  compareRows,
  type GuideWork,
  type ReadGuide,
  type StoredOf,
  type WorkSettings,
} from "./guide-work.ts";
import type { ImportReport, ImportState, ImportSummary } from "./import-report.ts";
import { createLook, type Incoming } from "./look.ts";
import type { RowSpool } from "./row-spool.ts";

/** Imports that may wait for a person at once. */
export const HELD_MAX = 50;
/** Rows that may wait for a person, all imports together, bytes. */
export const HELD_BYTES_MAX = 268_435_456;
/** How long an import waits for a person, ms: a week; what it says is past by then. */
export const HELD_FOR_MS = 604_800_000;
/** How long a programme is kept after its end, ms: a week of answers may still come for its cues. */
const PROGRAMME_KEPT_MS = 604_800_000;
/** Guides read at once; each takes memory. */
const READING_MAX = 4;

export interface TakeOptions extends Partial<Omit<WorkSettings, "zones" | "nowMs" | "keptFromMs">> {
  dryRun?: boolean | undefined;
  /** A person has seen what it does: nothing is held back. */
  anyway?: boolean | undefined;
  /** The guide source that brings it; what that source had waiting is superseded. */
  source?: string | undefined;
}

/** An import that is under way. */
export interface RunningImport {
  source?: string | undefined;
  startedAtMs: number;
  bytes: number;
  plainBytes: number;
  programmes: number;
  megabytesPerSecond: number;
}

export interface Importer {
  /** @throws {CuecastError} when the file is refused whole, or 409 `too-much-held` */
  take(bytes: AsyncIterable<Uint8Array>, options?: TakeOptions): Promise<ImportReport>;
  /** @throws {CuecastError} 404 `unknown-import`, 409 `import-settled`, `import-overtaken` */
  accept(id: string, who: string): Promise<ImportReport>;
  /** @throws {CuecastError} as `accept` */
  refuse(id: string, who: string): Promise<ImportSummary>;
  /** What became of an import; undefined when there is none. */
  stateOf(id: string): Promise<ImportState | undefined>;
  /** The newest first; with `before`, an id, those behind it. */
  list(most: number, before?: string): Promise<ImportSummary[]>;
  /** What an operator should know: who waits, and why what is due is not on air. */
  standing(): Promise<{
    waiting: { id: string; source?: string | undefined; why: string }[];
    notOnAir?: string | undefined;
  }>;
  /** Those under way. */
  running(): RunningImport[];
  /** Puts on air what an earlier try could not, and lets go of what waited too long. Now and then. */
  tidyUp(): Promise<void>;
}

interface Ports {
  drafts: Drafts;
  imports: GuideImports;
  settings: Settings;
  publisher: Publisher;
  work: GuideWork;
  clock: Clock;
  timers: Timers;
  log: Log;
}

export function createImporter(ports: Ports): Importer {
  const { drafts, imports, settings, publisher, work, clock, log } = ports;
  const look = createLook(ports);
  const inTurn = createLock();
  const running = new Set<RunningImport>();
  let saidOfPublishing: string | undefined;

  /** Bytes that are there already are read without a turn of the loop: every now and then it gets one. */
  async function* paced(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const breathe = createBreather(ports);
    for await (const piece of bytes) {
      await breathe();
      yield piece;
    }
  }

  /** Frees what was written aside and is not wanted, and what was replaced; where that fails, `tidyUp` does it later. */
  async function freeing<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } finally {
      await drafts.freeGuide().catch((error) => log.warn("guide-not-freed", { why: errorMessage(error) }));
    }
  }

  /** Makes what was written aside the guide, in one transaction, and notes what is to go on air. */
  async function write(channels: readonly Channel[], staged: StagedGuide, publish: boolean): Promise<void> {
    if (channels.length === 0 && staged.size === 0) return;
    const touched = touchedStatement([...staged.keys()], clock.wallMs(), publish);
    await drafts.putGuide(channels, staged, [touched]);
  }

  /** Puts what is due on air. @returns what a report says of it */
  async function putOnAir(comment: string): Promise<Pick<ImportReport, "published" | "publishing">> {
    const due = await imports.due();
    if (due.length === 0 || !publisher.onAir()) return {};
    try {
      const { changed, position } = await publisher.publishGuide(due, comment);
      await imports.clearDue(due);
      saidOfPublishing = undefined;
      return changed ? { published: { epoch: position.epoch, revision: position.revision } } : {};
    } catch (error) {
      const why = errorMessage(error);
      if (why !== saidOfPublishing) log.warn("guide-not-on-air", { why });
      saidOfPublishing = why;
      return { publishing: why };
    }
  }

  /** Imports of which this one holds every channel that waits say nothing new any more. */
  async function supersede(channels: readonly string[], source: string | undefined): Promise<void> {
    const all = new Set(channels);
    for (const { id, source: from, report } of await imports.held()) {
      const waiting = report.reasons.flatMap((reason) => reason.channels);
      if ((source !== undefined && from === source) || waiting.every((channel) => all.has(channel))) {
        await imports.settle(id, "superseded");
      }
    }
  }

  async function checkRoom(rows: RowSpool, held: readonly string[]): Promise<void> {
    const waiting = await imports.held();
    const bytes = held.reduce((sum, channel) => sum + (rows.bytesOf(channel)?.length ?? 0), 0);
    const all = waiting.reduce((sum, { heldBytes }) => sum + heldBytes, bytes);
    if (waiting.length < HELD_MAX && all <= HELD_BYTES_MAX) return;
    throw new CuecastError(
      `Cannot hold this guide back for a person: ${waiting.length} imports wait already; accept or refuse some`,
      { code: "too-much-held", status: 409 },
    );
  }

  async function takeRead(
    incoming: Incoming,
    { dryRun, anyway, source }: TakeOptions,
  ): Promise<ImportReport> {
    const limits = await settings.guideLimits();
    const { report: looked, ...found } = await look(incoming, anyway ? undefined : limits, dryRun);
    const { all, staged, held, rows } = found;
    if (dryRun) return { ...looked, state: "dry-run", imported: false };
    const keep = new Set(held);
    const taken = new Map([...staged].filter(([channel]) => !keep.has(channel)));
    const nothing = held.length > 0 && taken.size === 0;
    const state: ImportState = held.length === 0 ? "accepted" : nothing ? "pending" : "partly";
    await supersede(all, source);
    if (held.length > 0) await checkRoom(rows, held);
    if (!nothing) await write(incoming.channels, taken, limits.publish);
    const onAir = taken.size === 0 ? {} : await putOnAir(commentOf(looked.cues, source));
    const report: ImportReport = { ...looked, ...onAir, state, imported: !nothing };
    const somethingNew = staged.size > 0 || incoming.channels.length > 0;
    if (!somethingNew) return report;
    const entry = { state, atMs: clock.wallMs(), source, report };
    const id = await imports.add(entry, rows, held);
    log.info("guide-imported", { id, state, source: source ?? "", ...looked.programmes });
    return { ...report, id };
  }

  async function waiting(id: string): Promise<StoredImport> {
    const found = await imports.one(id);
    if (!found) {
      throw new CuecastError(`Cannot find import ${id}: there is none`, {
        code: "unknown-import",
        status: 404,
      });
    }
    if (found.heldBytes > 0) return found;
    throw new CuecastError(`Cannot decide on import ${id}: it is ${found.state} already`, {
      code: "import-settled",
      status: 409,
    });
  }

  async function accept(id: string, who: string): Promise<ImportReport> {
    const found = await waiting(id);
    const rows = await imports.rowsOf(id);
    const newer = await imports.touchedSince(rows.channels(), found.atMs);
    if (newer.length > 0) {
      throw new CuecastError(
        `Cannot accept import ${id}: a later guide changed ${newer.slice(0, 5).join(", ")}; refuse it and import again`,
        { code: "import-overtaken", status: 409 },
      );
    }
    const { defects, stats } = found.report;
    const keptFromMs = clock.wallMs() - PROGRAMME_KEPT_MS;
    const incoming = {
      compare: (storedOf: StoredOf) => compareRows(rows.all(), storedOf, keptFromMs),
      ...{ channels: [], known: [], outcome: () => ({ defects, stats: { ...stats, channels: 0 } }) },
    };
    const { report: looked, staged } = await look(incoming, undefined);
    await write([], staged, (await settings.guideLimits()).publish);
    const onAir = await putOnAir(`accepted by ${who}: ${commentOf(looked.cues, found.source)}`);
    const report: ImportReport = { ...looked, ...onAir, state: "accepted", imported: true, id };
    await imports.settle(id, "accepted", who, report);
    return report;
  }

  const summary = ({
    id,
    state,
    source,
    atMs,
    decidedBy,
    report,
    heldBytes,
  }: StoredImport): ImportSummary => ({
    ...{ id, state, source, atMs, decidedBy, report },
    ...(heldBytes > 0 && { expiresAtMs: atMs + HELD_FOR_MS }),
  });

  return {
    take: async (bytes, options = {}) => {
      if (running.size >= READING_MAX) {
        throw new CuecastError(`Cannot import now: ${READING_MAX} guides are being imported already`, {
          code: "too-many-imports",
          status: 503,
          retryable: true,
          retryAfterMs: 10_000,
        });
      }
      const startedMs = clock.monotonicMs();
      const nowMs = clock.wallMs();
      const now: RunningImport = {
        ...(options.source !== undefined && { source: options.source }),
        ...{ startedAtMs: nowMs, bytes: 0, plainBytes: 0, programmes: 0, megabytesPerSecond: 0 },
      };
      const zones = new Map<string, string>();
      for (const { id, xmltvId = id, guideRef = id, zone } of await drafts.channels()) {
        if (zone !== undefined) zones.set(xmltvId, zone).set(guideRef, zone);
      }
      const { zone, clock: feedClock, defaultLengthMs, limits } = options;
      const keptFromMs = nowMs - PROGRAMME_KEPT_MS;
      const asked = { zone, clock: feedClock, defaultLengthMs, limits };
      const reading: WorkSettings = { zones, nowMs, keptFromMs, ...asked };
      const onProgress = ({ bytes: received, plainBytes, programmes }: ReaderProgress) => {
        const ms = Math.max(1, clock.monotonicMs() - startedMs);
        const megabytesPerSecond = Math.round(plainBytes / ms / 100) / 10;
        Object.assign(now, { bytes: received, plainBytes, programmes, megabytesPerSecond });
      };
      running.add(now);
      try {
        // Read out of turn: a slow line must not keep another guide from the screens.
        const use = (guide: ReadGuide) =>
          inTurn(async () => {
            const known = await drafts.channels();
            const channels = await guide.putRight(known);
            return await freeing(() => takeRead({ ...guide, channels, known }, options));
          });
        return await work.withGuide(paced(bytes), reading, onProgress, use, createBreather(ports));
      } finally {
        running.delete(now);
      }
    },
    accept: (id, who) => inTurn(() => freeing(() => accept(id, who))),
    refuse: (id, who) =>
      inTurn(async () => {
        await waiting(id);
        await imports.settle(id, "refused", who);
        return summary((await imports.one(id)) as StoredImport);
      }),
    stateOf: async (id) => (await imports.one(id))?.state,
    list: async (most, before) => (await imports.list(most, before)).map(summary),
    standing: async () => ({
      waiting: (await imports.held()).map(({ id, source, report }) => ({
        ...{ id, source },
        why: report.reasons.map(({ message }) => message).join("; "),
      })),
      notOnAir: saidOfPublishing,
    }),
    running: () => [...running],
    tidyUp: () =>
      inTurn(async () => {
        await drafts.freeGuide();
        await putOnAir("guide, once it could be");
        for (const { id, atMs } of await imports.held()) {
          if (atMs + HELD_FOR_MS < clock.wallMs()) await imports.settle(id, "expired");
        }
      }),
  };
}

function commentOf({ moved, vanished, appeared }: ImportReport["cues"], source: string | undefined): string {
  const from = source === undefined ? "guide" : `guide of ${source}`;
  const cues = [`${moved} moved`, `${vanished} vanished`, `${appeared} appeared`].filter(
    (words) => !words.startsWith("0 "),
  );
  return cues.length === 0 ? from : `${from}: cues ${cues.join(", ")}`;
}
