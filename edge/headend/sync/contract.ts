/** What the other folders of the edge may use of `sync/`, and what they give it. */
import type { Manifest, Position, SignedManifest } from "../../../shared/publication/manifest.ts";
import type { Content } from "../../../shared/publication/part.ts";
import type { Report } from "../../../shared/uplink/hint.ts";

/** A publication whose signature and hashes hold. */
export interface VerifiedPublication {
  position: Position;
  manifest: Manifest;
  /** The same as central signed it. */
  signed: SignedManifest;
  content: Content;
}

/** One that is on the disk. */
export interface LoadedPublication extends VerifiedPublication {
  path: string;
}

/** The promoted copies on this edge's disk. */
export interface Publications {
  /**
   * The newest promoted copy that still holds; undefined when there is none. A damaged one is passed over,
   * reported in `damage` and the log, and left on the disk.
   */
  loadLastGood(): Promise<{ publication: LoadedPublication | undefined; damage: string[] }>;
  /**
   * Reads and verifies a candidate that the replica process named, or a promoted copy; from its packed form where that
   * holds.
   *
   * @throws {CuecastError} `manifest-refused`, `content-refused`, `air-damaged`
   */
  open(path: string): Promise<LoadedPublication>;
  /** The same from the database itself, whatever lies beside it; changes nothing. */
  openDatabase(path: string): Promise<LoadedPublication>;
  /**
   * Makes a candidate the last good one: renames it, syncs the folder, keeps the one before, prunes the rest.
   *
   * @returns its path from now on
   */
  promote(path: string, position: Position): Promise<string>;
  /** Gives a promoted copy that was read from its database the packed form that it lacks. Never throws. */
  pack(publication: LoadedPublication): Promise<void>;
}

export interface SyncState {
  /** Whether central answers the hint. */
  line: "up" | "down";
  /** Since when, edge's wall clock. */
  sinceMs: number;
  /** When a sync last ended well (a new publication, or none), edge's wall clock. */
  lastSyncMs?: number;
  /** What fails now, in words for a technician. */
  trouble?: string;
  /** Why central's hint fails now: the line alone. */
  lineTrouble?: string;
  /** A synced state that is not promoted, and why. */
  refused?: { epoch?: number; revision?: number; hash?: string; why: string };
  /** What central says is on air. */
  air?: Position;
  /** Central's clock minus this machine's, ms; the truth lies within `errorMs`. */
  centralClock?: { offsetMs: number; errorMs: number };
  /** tzdata release at central. */
  centralTimeZoneData?: string;
  syncs: number;
  failures: number;
  /** Replica processes that had to be ended. */
  kills: number;
}

/** What main tells central through the synchroniser; the rest it knows itself. */
export type OwnReport = Pick<Report, "url" | "software" | "timeZoneData" | "outbox">;

export interface Synchroniser {
  /** @param served what the serving process serves now, from `Publications.loadLastGood` */
  start(served: Position | undefined): void;
  /** A copy. */
  state(): SyncState;
  /** Syncs now instead of at the next turn. */
  syncNow(): void;
  /** Ends the loops and the replica process. */
  stop(): Promise<void>;
}
