/**
 * Keeps an edge on what central publishes: one long poll for a hint, a sync when it comes and every now and
 * then without, and a token for `air` that is renewed in time.
 *
 * Two loops that know little of each other. The hint loop learns what is on air and carries the report up;
 * the sync loop does the work, one sync at a time. A state that is refused is asked for again only at the
 * usual turn, and a hint counts as heard once a sync was tried for it, so that neither loop spins. An edge that central
 * lets in no more reads `air` no more, though its token for it may last another hour; it asks on whether it is let in.
 */
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import type { Position } from "../../../shared/publication/manifest.ts";
import { type BackoffSettings, backoffMs } from "../../../shared/time/backoff.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import {
  bestSample,
  errorBoundMs,
  type TimeSample,
  timeSample,
  withSample,
} from "../../../shared/time/offset.ts";
import type { Random } from "../../../shared/time/random.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { AirAccess } from "../../../shared/uplink/enrolment.ts";
import type { Central } from "../central.ts";
import type { OwnReport, Synchroniser, SyncState } from "./contract.ts";
import { REFUSALS, type SyncReply } from "./replica-messages.ts";
import type { ReplicaProcess } from "./replica-process.ts";

export interface SynchroniserPorts {
  central: Pick<Central, "hint" | "renew">;
  replica: ReplicaProcess;
  /** Loads, compiles, swaps and keeps a verified candidate. Throws when it cannot be served. */
  promote(path: string, position: Position): Promise<void>;
  /** Keeps a renewed token beyond a restart. */
  saveAccess(access: AirAccess): Promise<void>;
  report(): OwnReport;
  /** Whether boxes ask a lot now. */
  isAsked?(): boolean;
  clock: Clock;
  timers: Timers;
  random: Random;
  log: Log;
}

export interface SynchroniserSettings {
  access: AirAccess;
  publicationKey: string;
  /** Folder of the embedded replica. */
  replicaFolder: string;
  /** Where the replica process puts a verified copy; same file system as the promoted ones. */
  candidatePath: string;
  syncEveryMs?: number;
  hintWaitMs?: number;
  backoff?: BackoffSettings;
}

/** Renewed when this is left, or a fifth of what a token lasts in all when that is less. */
const RENEW_BEFORE_MS = 600_000;
/** In a row of failed syncs, central is asked after the first, and then after as many more. */
const MOVED_EVERY = 10;
/**
 * How long after a hint central is not asked again, unless the sync for it has ended, ms: it is told what is served once,
 * with the same poll that goes on waiting. A poll begun before would be cut for it, and its connection with it.
 */
const HEARD_WAIT_MS = 1_000;
/** Least time between two long polls that brought nothing, ms: a central that does not wait is not hammered. */
const HINT_GAP_MS = 1_000;
const TROUBLE_MAX = 500;
const CLOCK_SAMPLES_MAX = 8;
/** A replica that lost its newest pages says that it is up to date: after this many syncs in vain it is wiped. */
const BEHIND_MAX = 5;

export function createSynchroniser(ports: SynchroniserPorts, settings: SynchroniserSettings): Synchroniser {
  const { central, replica, clock, timers, random, log } = ports;
  const { syncEveryMs = 60_000, hintWaitMs = 25_000 } = settings;
  const backoff = settings.backoff ?? { baseMs: 1_000, maxMs: 60_000 };
  // A central that has started waits 20 s to hear what its edges serve, before it publishes.
  const hintBackoff = settings.backoff ?? { baseMs: 1_000, maxMs: 15_000 };
  const state: SyncState = { line: "down", sinceMs: clock.wallMs(), syncs: 0, failures: 0, kills: 0 };
  let access = settings.access;
  let accessLifeMs = access.expiresAtMs - clock.wallMs();
  let served: Position | undefined;
  /** What the hint loop has heard of; only it writes this, or the two loops could set each other off. */
  let known: Position | undefined;
  let syncTrouble: string | undefined;
  let hintTrouble: string | undefined;
  /** Central said that it lets this edge in no more: what air holds is no longer for it, though its token may last. */
  let revoked = false;
  let failuresInRow = 0;
  let behindInRow = 0;
  /** Replica processes that died or hung, one after the other: a damaged replica may do that to libSQL. */
  let endedInRow = 0;
  let syncing: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let clockSamples: TimeSample[] = [];
  let cancelSync = () => {};
  let wakeHint = () => {};
  let wakeHeard = () => {};
  let hintLoop: Promise<void> = Promise.resolve();
  const abort = new AbortController();
  /** The long poll under way, and what it told of us. */
  let poll: { abort: AbortController; told: string } | undefined;

  function measuredClock() {
    const nowMs = clock.monotonicMs();
    const best = bestSample(clockSamples, nowMs);
    return best && { offsetMs: best.offsetMs + nowMs - clock.wallMs(), errorMs: errorBoundMs(best, nowMs) };
  }

  const trouble = () => state.refused?.why ?? syncTrouble ?? hintTrouble;
  const ownState = () => `${served?.hash} ${trouble()}`;

  /** Central is told at once where a publication landed, not when the long poll under way comes back. */
  function tellNews() {
    wakeHeard();
    if (poll && poll.told !== ownState()) poll.abort.abort();
  }

  function line(up: boolean) {
    const now = up ? "up" : "down";
    if (state.line === now) return;
    state.line = now;
    state.sinceMs = clock.wallMs();
    // A line that is lost stays among the last warnings once it is back.
    log[up ? "info" : "warn"]("central-line", { line: now, trouble: hintTrouble });
  }

  async function renew() {
    const { air } = await central.renew();
    access = air;
    accessLifeMs = air.expiresAtMs - clock.wallMs();
    await ports.saveAccess(air);
    log.info("air-token-renewed", { expiresAtMs: air.expiresAtMs });
  }

  async function ask(): Promise<SyncReply> {
    const command = {
      do: "sync" as const,
      url: access.url,
      token: access.token,
      publicationKey: settings.publicationKey,
      replica: settings.replicaFolder,
      into: settings.candidatePath,
    };
    const fresh = [behindInRow, endedInRow].some((times) => times > 0 && times % BEHIND_MAX === 0);
    const isAsked = ports.isAsked?.() ?? false;
    return replica.sync({
      ...command,
      ...(served && { served }),
      ...(fresh && { fresh }),
      ...(isAsked && { isAsked }),
    });
  }

  async function syncOnce() {
    const leftMs = access.expiresAtMs - clock.wallMs();
    // A sync that failed may have asked where air was before it moved: central, when it answers, knows where it is.
    const mayHaveMoved =
      syncTrouble !== undefined && failuresInRow % MOVED_EVERY === 1 && state.line === "up";
    if (mayHaveMoved || leftMs < Math.min(RENEW_BEFORE_MS, Math.max(0, accessLifeMs) / 5)) {
      // The old one may still do: a central that is away is no reason not to try.
      await renew().catch((error) => log.warn("air-token-not-renewed", { error: errorMessage(error) }));
    }
    let reply = await ask();
    if (!reply.ok && reply.code === "air-refused-token") {
      await renew();
      reply = await ask();
    }
    if (!reply.ok) {
      const refusal = REFUSALS.includes(reply.code);
      if (refusal) {
        if (state.refused?.why !== reply.message) {
          // Before the first publication there is nothing to take, and nothing is wrong.
          const say = served ? log.error : log.info;
          say("publication-refused", { why: reply.message });
        }
        state.refused = { ...reply.position, why: reply.message };
        return;
      }
      throw new CuecastError(reply.message, { code: reply.code, retryable: true });
    }
    if (reply.wiped !== undefined) log.warn("replica-wiped", { why: reply.wiped });
    if (reply.result === "candidate" && reply.path !== undefined) {
      await ports.promote(reply.path, reply.position);
      const { epoch, revision } = reply.position;
      log.info("publication-promoted", { epoch, revision });
    }
    served = reply.position;
    state.refused = undefined;
    state.lastSyncMs = clock.wallMs();
    state.syncs++;
  }

  async function turn() {
    try {
      await syncOnce();
      if (syncTrouble !== undefined) log.info("sync-recovered");
      syncTrouble = undefined;
      endedInRow = 0;
      // Central's word travels faster than air's replication: what it hinted at may not be there yet.
      const behind = state.air && !state.refused && served?.hash !== state.air.hash;
      behindInRow = behind ? behindInRow + 1 : 0;
      failuresInRow = behindInRow;
    } catch (error) {
      if (stopped) return;
      failuresInRow++;
      const ended = error instanceof CuecastError && ["replica-died", "replica-stuck"].includes(error.code);
      endedInRow = ended ? endedInRow + 1 : 0;
      state.failures++;
      const words = errorMessage(error).slice(0, TROUBLE_MAX);
      if (words !== syncTrouble) log.warn("sync-failed", { error: words });
      syncTrouble = words;
    }
    state.kills = replica.kills();
  }

  function arm(delayMs: number) {
    cancelSync();
    cancelSync = timers.after(delayMs, () => {
      if (stopped || syncing) return;
      again = false;
      syncing = turn().then(() => {
        syncing = undefined;
        if (stopped) return;
        tellNews();
        if (revoked) return;
        // 80 to 120 % of the usual turn, so that a region's edges do not march in step.
        const usualMs = syncEveryMs * (0.8 + 0.4 * random());
        arm(again ? 0 : failuresInRow > 0 ? backoffMs(failuresInRow, backoff, random) : usualMs);
      });
    });
  }

  function syncNow() {
    if (syncing) again = true;
    else if (!stopped && !revoked) arm(0);
  }

  function shutOut(isRevoked: boolean) {
    if (revoked === isRevoked) return;
    revoked = isRevoked;
    if (revoked) {
      log.error("edge-revoked", { why: hintTrouble });
      cancelSync();
    } else {
      log.info("edge-let-in-again");
      syncNow();
    }
  }

  /** @param onWake gets what ends it early */
  const pause = (delayMs: number, onWake: (wake: () => void) => void) =>
    new Promise<void>((resolve) => {
      const cancel = timers.after(delayMs, resolve);
      onWake(() => {
        cancel();
        resolve();
      });
    });
  const rest = (delayMs: number) =>
    pause(delayMs, (wake) => {
      wakeHint = wake;
    });

  async function listen() {
    let failures = 0;
    while (!stopped) {
      const startedMs = clock.monotonicMs();
      const words = trouble();
      // The first one after a silence comes back at once: it says that the line is up.
      const waitMs = state.line === "up" ? hintWaitMs : 0;
      const own = { abort: new AbortController(), told: ownState() };
      poll = own;
      try {
        const reply = await central.hint(
          {
            ...(known && { known }),
            waitMs,
            report: {
              ...ports.report(),
              ...(served && { serves: served }),
              ...(words !== undefined && { trouble: words.slice(0, TROUBLE_MAX) }),
              timeMs: clock.wallMs(),
            },
          },
          AbortSignal.any([abort.signal, own.abort.signal]),
        );
        poll = undefined;
        if (stopped) return;
        failures = 0;
        hintTrouble = undefined;
        shutOut(false);
        const heldMs = reply.waitedMs ?? (waitMs === 0 ? 0 : undefined);
        if (heldMs !== undefined) {
          const receivedMs = clock.monotonicMs();
          const sample = timeSample(reply.timeMs, Math.min(receivedMs, startedMs + heldMs), receivedMs);
          clockSamples = withSample(clockSamples, sample, CLOCK_SAMPLES_MAX);
        }
        if (reply.timeZoneData !== undefined) state.centralTimeZoneData = reply.timeZoneData;
        line(true);
        state.air = reply.air;
        if (reply.air && reply.air.hash !== known?.hash) {
          known = reply.air;
          if (reply.air.hash === served?.hash) continue;
          syncNow();
          await pause(HEARD_WAIT_MS, (wake) => {
            wakeHeard = wake;
          });
        } else if (waitMs > 0 && clock.monotonicMs() - startedMs < HINT_GAP_MS) await rest(HINT_GAP_MS);
      } catch (error) {
        poll = undefined;
        if (stopped) return;
        if (own.abort.signal.aborted) continue;
        failures++;
        hintTrouble = errorMessage(error);
        // 403 may be the word of something between; only central says 401.
        if (error instanceof CuecastError && error.code === "central-refused-token" && error.status === 401) {
          shutOut(true);
        }
        line(false);
        const retryAfterMs = error instanceof CuecastError ? error.retryAfterMs : undefined;
        await rest(backoffMs(failures, hintBackoff, random, retryAfterMs));
      }
    }
  }

  return {
    start(from) {
      served = from;
      known = from;
      arm(0);
      hintLoop = listen();
    },
    state() {
      const words = trouble();
      const { trouble: _, ...rest } = state;
      const centralClock = measuredClock();
      return {
        ...rest,
        ...(words !== undefined && { trouble: words }),
        ...(hintTrouble !== undefined && { lineTrouble: hintTrouble }),
        ...(centralClock && { centralClock }),
      };
    },
    syncNow,
    async stop() {
      stopped = true;
      cancelSync();
      abort.abort();
      wakeHint();
      wakeHeard();
      replica.stop();
      await Promise.allSettled([syncing, hintLoop]);
    },
  };
}
