/** What the other folders of the edge may use of `outbox/`, and what they give it. */
import type { AiringsRequest } from "../../../shared/protocol/airings.ts";
import type { Answer, Receipt } from "../../../shared/protocol/answers.ts";
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import type { AiringCount, Tally, UplinkAnswer } from "../../../shared/uplink/batch.ts";

/** What the snapshot served now knows: answers are judged by it. */
export interface Known {
  /** Undefined when this edge does not know the cue. */
  cue(id: string): { atMs: number } | undefined;
  /** Undefined when this edge does not know that version. */
  interaction(id: string, version: number): Interaction | undefined;
}

export interface OutboxState {
  /** The outbox id: a UUID made with the file. */
  id: string;
  /** Answers not yet acknowledged by central. */
  waiting: number;
  /** When the oldest of them came in; undefined when none waits. */
  oldestAtMs?: number;
  lastNumber: number;
  acknowledged: number;
  /** Answers and airings remembered. */
  rows: number;
  /** Answers that central refused and that were set aside. */
  setAside: number;
  /** What could not be read of the answers on disk, in words. */
  damaged: readonly string[];
  /** Answers by their receipt, since the process started. */
  receipts: Record<Receipt["status"], number>;
  /** Airings taken since the process started. */
  airings: number;
  /** Why nothing can be stored now, in words for a technician. */
  trouble?: string;
}

export interface Counts {
  airings: AiringCount[];
  tallies: Tally[];
  /** The last number that they count. */
  talliedTo: number;
  /** Hand it back to `countsSent`. */
  mark: number;
}

/** Every write is on disk before its promise resolves. */
export interface Outbox {
  /**
   * Receipts in the order of `request.answers`, once all are on disk.
   *
   * @throws {CuecastError} `outbox-unavailable` or `outbox-full`, 503, retryable: nothing of the body is stored
   */
  append(request: { box: string; answers: readonly Answer[] }, known: Known): Promise<Receipt[]>;
  /** How many airings of the body are on disk: all of them. @throws as `append` */
  appendAirings(request: AiringsRequest): Promise<number>;
  /** What this outbox counted for a cue; of several versions the highest. Undefined when nothing. */
  tally(cue: string): Tally | undefined;
  state(): OutboxState;
  /** Whether anything waits to be sent: cheap. */
  pending(): { answers: boolean; counts: boolean };
  /** Called after each write that leaves something to send. */
  onPending(call: () => void): void;

  /** For the uplink: answers after the acknowledged number, by number. */
  take(answersMax: number, bytesMax: number): Promise<UplinkAnswer[]>;
  /** For the uplink: counts that changed since they were sent. */
  takeCounts(most: number): Promise<Counts>;
  countsSent(counts: Counts): Promise<void>;
  /** Central has everything up to `number`. */
  acknowledge(number: number): Promise<void>;
  /** Central has only what is up to `number`: sends the rest again, as far as it is still there. */
  rewind(number: number): Promise<void>;
  /** Puts an answer that central refuses out of the way, for good. */
  setAside(number: number, reason: string): Promise<void>;

  /** Writes what was taken in, then closes the file. */
  close(): Promise<void>;
}

export interface UplinkState {
  batches: number;
  failures: number;
  /** When central last took a batch, edge's wall clock. */
  lastTakenMs?: number;
  trouble?: string;
}

export interface Uplink {
  start(): void;
  state(): UplinkState;
  stop(): Promise<void>;
}

/** What central counted of a cue. */
export interface NationalTally {
  tally: Tally;
  /** When it said so, edge's wall clock. */
  toldMs: number;
  /** Whether central has answered since: then it is what holds, however much was counted here. */
  current: boolean;
}

/** National counts of the cues that boxes ask for. */
export interface NationalResults {
  /**
   * What central said last. The first time it waits for central, a second at most, unless central is known to be
   * away; undefined when it has told no count.
   */
  of(cue: string): Promise<NationalTally | undefined>;
  /** Central's words in its reply to a batch. */
  told(tallies: readonly Tally[]): void;
  stop(): void;
}
