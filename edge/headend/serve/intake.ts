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

/** What answers are judged by: the snapshot as it is when they are. */
const knownTo = ({ snapshot, clock }: IntakePorts): Known => ({
  cue: (id) => snapshot()?.cue(id, clock.wallMs())?.cue,
  interaction: (id, version) => snapshot()?.published(id, version)?.interaction,
});

/** How old central's last counts may be, with central away, until this edge's own go on in their place, ms. */
const NATIONAL_KEPT_MS = 15_000;
/** Cues whose own counts are compared. */
const CUES_MAX = 10_000;

/**
 * National counts, as long as central answers. While it is away, what is counted here goes on: once it is more than
 * central had told, or once something was counted since and central is away for a while. Where nothing moves any more,
 * central's last counts stay.
 *
 * @param moved whether answers were counted here since central told its counts
 */
export function chooseTally(
  own: Tally | undefined,
  national: NationalTally | undefined,
  nowMs: number,
  moved: boolean,
): CueTally | undefined {
  const total = own?.total ?? 0;
  const isOld = national && moved && total > 0 && nowMs - national.toldMs > NATIONAL_KEPT_MS;
  if (national && (national.current || (national.tally.total >= total && !isOld))) {
    const { tally, toldMs } = national;
    return { scope: "national", total: tally.total, options: tally.options, asOfMs: toldMs };
  }
  return own && { scope: "edge", total: own.total, options: own.options, asOfMs: nowMs };
}

const notOpen = (): Promise<never> =>
  Promise.reject(
    new CuecastError("Cannot store this now: the edge's outbox is not open; nothing of it was stored", {
      code: "outbox-unavailable",
      status: 503,
      retryable: true,
      retryAfterMs: RETRY_AFTER_MS,
    }),
  );

export function createIntake(ports: IntakePorts): Intake {
  /** What this edge had counted of a cue while central answered. */
  const countedMeanwhile = new Map<string, number>();
  const note = (cue: string, total: number) => {
    countedMeanwhile.delete(cue);
    countedMeanwhile.set(cue, total);
    if (countedMeanwhile.size > CUES_MAX)
      countedMeanwhile.delete(countedMeanwhile.keys().next().value as string);
  };
  const known = knownTo(ports);
  return {
    answers: (box, answers) => ports.outbox()?.append({ box, answers }, known) ?? notOpen(),
    airings: (box, airings) => ports.outbox()?.appendAirings({ box, airings: [...airings] }) ?? notOpen(),
    async tally(cue) {
      const national = await ports.national.of(cue);
      const own = ports.outbox()?.tally(cue);
      const total = own?.total ?? 0;
      if (national?.current) note(cue, total);
      const moved = total > (countedMeanwhile.get(cue) ?? 0);
      return chooseTally(own, national, ports.clock.wallMs(), moved);
    },
  };
}
