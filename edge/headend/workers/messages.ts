/**
 * What main and its workers say to one another: JSON lines, main's on a worker's stdin, a worker's on its stdout. A
 * worker is this same program, so what comes from it is taken as it is; a line that is no JSON ends it.
 */
import type { LogFields } from "../../../shared/log.ts";
import type { AiringsRequest } from "../../../shared/protocol/airings.ts";
import type { AnswersRequest, Receipt } from "../../../shared/protocol/answers.ts";
import type { Reason } from "../../../shared/schedule/reason.ts";
import type { Counters } from "../serve/counters.ts";
import type { CueTally } from "../serve/results-view.ts";

export interface WorkerSettings {
  host: string;
  /** 0: any that is free. */
  port: number;
  /** PEM. */
  tls?: { cert: string; key: string } | undefined;
  region: string;
  /** PEM: publications are verified by each worker. */
  publicationKey: string;
  boxTokens: "off" | "required";
  /** Each of them alone keeps count. */
  postsPerSourcePerSecond: number;
  trustedProxies: string;
  /** PEM. */
  boxKey: string;
  distDir: string;
  software: string;
  /** This worker's part of what may be in hand. */
  inFlightBytesMax: number;
}

/** An error that a box is told. */
export interface ToldError {
  message: string;
  code: string;
  status: number;
  retryable: boolean;
  retryAfterMs?: number | undefined;
}

/** What a worker asks of main, for a box that waits. */
export type Ask =
  | { id: number; answers: AnswersRequest }
  | { id: number; airings: AiringsRequest }
  | { id: number; tally: string };

export type Told = { id: number } & (
  | { receipts: Receipt[] }
  | { accepted: number }
  | { tally: CueTally | null }
  | { error: ToldError }
);

export type ToWorker =
  /** Loads the publication, if there is one, and listens. */
  | { do: "begin"; settings: WorkerSettings; path?: string | undefined }
  /** Reads, verifies and compiles the publication in this file, and goes on with the one before. */
  | { do: "load"; path: string }
  /** Serves what was loaded. */
  | { do: "switch" }
  | { do: "told"; told: Told[] }
  /** Ends in order. */
  | { do: "stop" };

export interface WorkerFigures {
  counters: Counters;
  inFlightBytes: number;
  residentBytes: number;
  suppressed: Partial<Record<Reason, number>>;
}

export type FromWorker =
  | { is: "listening"; port: number }
  | { is: "loaded" }
  /** Cannot begin or load. */
  | { is: "refused"; error: ToldError }
  | { is: "asking"; asks: Ask[] }
  | { is: "counting"; figures: WorkerFigures }
  | {
      is: "logging";
      level: "debug" | "info" | "warn" | "error";
      event: string;
      fields?: LogFields | undefined;
    };
