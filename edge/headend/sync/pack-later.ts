/**
 * Writes the packed form of what is served, once it has been served for a while: where publications follow one another
 * by the minute, only the last of them is worth the writing.
 */
import type { Timers } from "../../../shared/time/timers.ts";
import type { LoadedPublication, Publications } from "./contract.ts";

const PACK_AFTER_MS = 60_000;

export interface PackLater {
  /** Takes the place of the one before, if that was not written yet. */
  served(publication: LoadedPublication): void;
  stop(): void;
}

export function createPackLater(ports: {
  publications: Pick<Publications, "pack">;
  timers: Timers;
}): PackLater {
  let cancel = () => {};
  return {
    served(publication) {
      cancel();
      cancel = ports.timers.after(PACK_AFTER_MS, () => void ports.publications.pack(publication));
    },
    stop: () => cancel(),
  };
}
