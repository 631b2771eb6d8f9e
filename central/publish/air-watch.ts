/**
 * Whether `air` holds what central believes to be on air. When it does not (it was restored older, or somebody wrote
 * into it), edges are told of what is there: they sync at once, refuse it, and say why, instead of finding it at some
 * later sync.
 */
import { errorMessage } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import type { Position } from "../../shared/publication/manifest.ts";

export interface AirWatch {
  /** Reads `air`; resolves whatever comes of it. */
  look(): Promise<void>;
  /** What edges find when they sync now, as far as is known. */
  position(): Position | undefined;
}

export function createAirWatch(ports: {
  onAir(): Position | undefined;
  /** What `air` holds; undefined when it is empty. */
  there(): Promise<Position | undefined>;
  /** Runs a task while nothing is published. */
  exclusive<T>(task: () => Promise<T>): Promise<T>;
  /** After what edges find has changed. */
  onChanged(): void;
  log: Log;
}): AirWatch {
  const { onAir, log } = ports;
  /** Other than what is believed, as last seen. */
  let other: Position | undefined;
  let away = false;
  const differs = (there: Position | undefined) => there !== undefined && there.hash !== onAir()?.hash;

  return {
    async look() {
      try {
        const there = await ports.exclusive(async () => (onAir() ? await ports.there() : undefined));
        away = false;
        const found = differs(there) ? there : undefined;
        if (found?.hash === other?.hash) return;
        other = found;
        if (found) log.error("air-differs", { epoch: found.epoch, revision: found.revision });
        ports.onChanged();
      } catch (error) {
        // Edges serve on; said once, and by the status as long as it lasts.
        if (!away) log.warn("air-away", { why: errorMessage(error) });
        away = true;
      }
    },
    position: () => (differs(other) ? other : onAir()),
  };
}
