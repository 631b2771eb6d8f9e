/**
 * How many bytes of posted bodies are in hand at once, and how often one source may post.
 * What is over the limit is told when to come back, each at another moment, so that no herd returns.
 */
import { CuecastError } from "../../../shared/errors.ts";
import { BODY_BYTES_MAX } from "../../../shared/protocol/answers.ts";
import type { HotRequest } from "../../../shared/runtime/hot.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Random } from "../../../shared/time/random.ts";

export interface AdmissionSettings {
  /** Bodies being read or stored, bytes. 16 MiB is 256 of the largest, or some 50,000 of one answer. */
  inFlightBytesMax: number;
  /** Posts a second that one address may send, with bursts of ten seconds' worth; 0: no limit. */
  postsPerSourcePerSecond: number;
}

export const ADMISSION_DEFAULTS: AdmissionSettings = {
  inFlightBytesMax: 16_777_216,
  // Off: behind a proxy or a carrier's NAT all boxes share an address.
  postsPerSourcePerSecond: 0,
};

/** Least wait that is asked for, and what is spread beyond it, ms. */
const RETRY_AFTER_MS = 1_000;
const RETRY_SPREAD_MS = 9_000;
/** Addresses remembered; the one longest unseen is forgotten first. */
const SOURCES_MAX = 10_000;
const BURST_SECONDS = 10;
/** What a body without a length may turn out to be. */
const BYTES_UNKNOWN = BODY_BYTES_MAX;

export type Asked = Pick<HotRequest, "header" | "address">;

export interface Admission {
  /**
   * Takes a post in.
   *
   * @param request its `Content-Length` says what it will weigh
   * @returns call it when the post is done
   * @throws {CuecastError} 503 `busy` or 429 `too-many`, with a spread `retryAfterMs`
   */
  enter(request: Asked): () => void;
  /** Bytes in hand. */
  inFlightBytes(): number;
}

/** @param ports `source`: the address that a request counts for; who is connected unless told */
export function createAdmission(
  ports: { clock: Clock; random: Random; source?: (request: Asked) => string },
  settings: AdmissionSettings,
): Admission {
  const { clock, random, source: sourceOf = ({ address }: Asked) => address } = ports;
  const perSecond = settings.postsPerSourcePerSecond;
  const sources = new Map<string, { left: number; atMs: number }>();
  let inFlight = 0;

  const retryAfterMs = () => RETRY_AFTER_MS + Math.floor(random() * RETRY_SPREAD_MS);

  const take = (source: string) => {
    const nowMs = clock.monotonicMs();
    const most = perSecond * BURST_SECONDS;
    const bucket = sources.get(source) ?? { left: most, atMs: nowMs };
    bucket.left = Math.min(most, bucket.left + ((nowMs - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = nowMs;
    // Deleting first keeps the map in order of last use.
    sources.delete(source);
    if (sources.size >= SOURCES_MAX) sources.delete(sources.keys().next().value as string);
    sources.set(source, bucket);
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  };

  return {
    enter(request) {
      if (perSecond > 0 && !take(sourceOf(request))) {
        throw new CuecastError("Cannot take this now: too many requests from this address", {
          code: "too-many",
          status: 429,
          retryable: true,
          retryAfterMs: retryAfterMs(),
        });
      }
      const declared = Number(request.header("content-length") ?? Number.NaN);
      const bytes = declared >= 0 && declared <= BODY_BYTES_MAX ? declared : BYTES_UNKNOWN;
      if (inFlight + bytes > settings.inFlightBytesMax) {
        throw new CuecastError("Cannot take this now: the edge is busy; nothing of it was stored", {
          code: "busy",
          status: 503,
          retryable: true,
          retryAfterMs: retryAfterMs(),
        });
      }
      inFlight += bytes;
      let done = false;
      return () => {
        if (!done) inFlight -= bytes;
        done = true;
      };
    },
    inFlightBytes: () => inFlight,
  };
}
