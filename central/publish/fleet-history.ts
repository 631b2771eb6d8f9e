/**
 * What a publication must not contradict: what enrolled edges say that they have served. Read once all of them have
 * reported, or have had the time to.
 */

import { CuecastError } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import type { Position } from "../../shared/publication/manifest.ts";
import type { Fleet } from "../store/fleet.ts";
import type { Past } from "../store/past.ts";
import { believable, historyConflict } from "./history-conflict.ts";
import type { OnAir } from "./on-air.ts";
import type { RollCall } from "./roll-call.ts";

export interface FleetHistory {
  /**
   * @param there what `air` holds
   * @throws {CuecastError} 409 `history-conflict`
   */
  refuseConflict(onAir: OnAir | undefined, there: Position | undefined): Promise<void>;
  /** Above all epochs that central, `air` or an edge has seen. */
  nextEpoch(there: Position | undefined): Promise<number>;
}

interface Ports {
  past: Past;
  fleet: Fleet;
  rollCall: RollCall;
  log: Log;
}

export function createFleetHistory({ past, fleet, rollCall, log }: Ports): FleetHistory {
  /** What edges say that they served, as far as it can be. */
  async function claims(there: Position | undefined): Promise<{ id: string; highest: Position }[]> {
    const [newest] = await past.list(1);
    const epoch = Math.max(newest?.epoch ?? 0, there?.epoch ?? 0);
    return (await fleet.list()).flatMap(({ id, highest, revokedAtMs }) => {
      if (!highest || revokedAtMs !== undefined) return [];
      if (believable(highest, epoch)) return [{ id, highest }];
      log.error("edge-not-believed", { edge: id, epoch: highest.epoch, revision: highest.revision });
      return [];
    });
  }

  async function refuseConflict(onAir: OnAir | undefined, there: Position | undefined): Promise<void> {
    await rollCall.complete();
    const edges = await claims(there);
    const known = new Map<string, string>();
    for (const { highest } of edges) {
      const publication = await past.at(highest.epoch, highest.revision);
      if (publication?.state === "on-air")
        known.set(`${highest.epoch}/${highest.revision}`, publication.hash);
    }
    const conflict = historyConflict(onAir, there, edges, (epoch, revision) =>
      known.get(`${epoch}/${revision}`),
    );
    if (conflict) {
      throw new CuecastError(`Cannot publish: ${conflict}`, { code: "history-conflict", status: 409 });
    }
  }

  async function nextEpoch(there: Position | undefined): Promise<number> {
    await rollCall.complete();
    const [newest] = await past.list(1);
    const edges = (await claims(there)).map(({ highest }) => highest.epoch);
    return Math.max(0, newest?.epoch ?? 0, there?.epoch ?? 0, ...edges) + 1;
  }

  return { refuseConflict, nextEpoch };
}
