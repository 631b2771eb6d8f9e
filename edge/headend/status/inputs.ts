/** What the parts of an edge know of themselves: what the report is made of. */

import type { Reason } from "../../../shared/schedule/reason.ts";
import type { WorkersCount } from "../workers/pool.ts";
import type { ClockStep } from "./own-clock.ts";
import type { RecentEntry } from "./recent-log.ts";

/** What the parts of an edge know; gathered by the main at the moment of asking. */
export interface StatusInputs {
  nowMs: number;
  startedAtMs: number;
  software: string;
  runtime: string;
  timeZoneData?: string | undefined;
  identity?: { edge: string; region: string } | undefined;
  /** Why the code that this edge was started with did not enrol it anew; absent where none was to. */
  codeRefused?: string | undefined;
  central: {
    /** Without credentials. */
    url?: string | undefined;
    up: boolean;
    sinceMs?: number | undefined;
    /** Why the last try failed. */
    why?: string | undefined;
    timeZoneData?: string | undefined;
  };
  snapshot?:
    | {
        epoch: number;
        revision: number;
        hash: string;
        publishedAtMs: number;
        regionKnown: boolean;
        counts: { channels: number; placements: number; interactions: number; programmes: number };
        /** Of the line-up's schedules alone. */
        left: {
          recurrenceWithoutEnd: boolean;
          recurrenceEndsMs?: readonly number[];
          guideUntilMs?: number;
          withoutGuide?: readonly string[];
        };
        /** Cues of the windows being served that do not appear, by reason: central explains each. */
        suppressed?: Partial<Record<Reason, number>>;
        troubles: readonly string[];
      }
    | undefined;
  sync: {
    /** Why a synced state was refused; absent when the last was promoted. */
    refused?: string | undefined;
    /** Why syncing itself fails. */
    failed?: string | undefined;
    /** When a sync last ended well. */
    lastSyncMs?: number | undefined;
    syncs?: number;
    failures?: number;
    /** Replica processes that had to be ended. */
    kills?: number;
  };
  outbox: {
    /** A UUID made with the outbox's file; absent while it cannot be opened. */
    id?: string | undefined;
    waiting: number;
    oldestAtMs?: number | undefined;
    /** Of its files, remembered keys included. */
    bytes?: number | undefined;
    /** Answers that central refused and that were put out of the way. */
    setAside?: number;
    /** Files of it that were damaged and set aside, and what was read from each. */
    damaged?: readonly string[] | undefined;
    /** Why nothing can be stored now. */
    trouble?: string | undefined;
    /** Why nothing can be sent up now. */
    uplinkTrouble?: string | undefined;
  };
  /** Copies on the disk that did not hold when this edge started. */
  damage?: readonly string[];
  traffic: {
    pulls: number;
    notModified: number;
    pullsPerSecond: number;
    shed: number;
    failures: number;
    /** When the last of them was seen; absent where that is not known. */
    lastFailureMs?: number | undefined;
    /** Undefined while it is too early to tell. */
    boxes?: number | undefined;
    /** Pulls a second over the last half hour, a reading every ten seconds, oldest first. */
    rates?: readonly number[];
  };
  /** This edge's clock minus central's, ms; the truth lies within `errorMs`. */
  clockOffsetMs?: number | undefined;
  clockErrorMs?: number | undefined;
  /** How far this edge's clock stands behind its own past, ms. */
  clockBehindMs?: number | undefined;
  clockStep?: ClockStep | undefined;
  /** Of the file system that holds the data directory. */
  disk?: { freeBytes: number; totalBytes: number } | undefined;
  /** When the certificate that boxes see ends; absent without TLS of its own. */
  certificateEndsAtMs?: number | undefined;
  /** Of all its processes that answer boxes, and this one. */
  residentBytes?: number | undefined;
  /** Processes that answer boxes; absent where this one does. */
  workers?: WorkersCount | undefined;
  recent?: readonly RecentEntry[];
}
