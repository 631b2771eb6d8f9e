/**
 * The way from the routes to the outbox. While the outbox cannot be opened (a full or broken disk), answers
 * are refused with 503 and nothing is acknowledged; pulls go on.
 */
import { CuecastError } from "../../../shared/errors.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Tally } from "../../../shared/uplink/batch.ts";
import type { Known, NationalResults, NationalTally, Outbox } from "../outbox/contract.ts";
import type { CueTally } from "./results-view.ts";
import type { Intake } from "./routes.ts";
import type { Snapshot } from "./snapshot.ts";

/** What boxes wait when there is no outbox, before their own spread, ms. */
const RETRY_AFTER_MS = 10_000;

export interface IntakePorts {
  /** Undefined while it cannot be opened. */
  outbox(): Outbox | undefined;
  national: Pick<NationalResults, "of">;
  snapshot(): Snapshot | undefined;
  clock: Clock;
}

/** What answers are judged by: the snapshot as it is now. */
function knownTo(snapshot: Snapshot | undefined, nowMs: number): Known {
  return {
    cue: (id) => snapshot?.cue(id, nowMs)?.cue,
    interaction: (id, version) => snapshot?.published(id, version)?.interaction,
  };
}

/**
 * National counts, as long as central answers. While it is away, what was counted here goes on once it is more than
 * central had told.
 */
export function chooseTally(
  own: Tally | undefined,
  national: NationalTally | undefined,
  nowMs: number,
): CueTally | undefined {
  if (national && (national.current || national.tally.total >= (own?.total ?? 0))) {
    const { tally, toldMs } = national;
    return { scope: "national", total: tally.total, options: tally.options, asOfMs: toldMs };
  }
  return own && { scope: "edge", total: own.total, options: own.options, asOfMs: nowMs };
}

export function createIntake(ports: IntakePorts): Intake {
  const open = (): Outbox => {
    const outbox = ports.outbox();
    if (outbox) return outbox;
    throw new CuecastError("Cannot store this now: the edge's outbox is not open; nothing of it was stored", {
      code: "outbox-unavailable",
      status: 503,
      retryable: true,
      retryAfterMs: RETRY_AFTER_MS,
    });
  };
  return {
    answers: async (box, answers) =>
      open().append({ box, answers }, knownTo(ports.snapshot(), ports.clock.wallMs())),
    airings: async (box, airings) => open().appendAirings({ box, airings: [...airings] }),
    async tally(cue) {
      const national = await ports.national.of(cue);
      return chooseTally(ports.outbox()?.tally(cue), national, ports.clock.wallMs());
    },
  };
}
