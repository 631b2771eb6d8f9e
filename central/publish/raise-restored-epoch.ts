/** After a restore: what was on air in the backup goes on in a new epoch, once. */
import type { Log } from "../../shared/log.ts";
import type { Position } from "../../shared/publication/manifest.ts";
import type { Publisher } from "./publish.ts";

/** Left by a restore. */
export interface Restored {
  madeAtMs: number;
  onAir?: Position | undefined;
}

interface Ports {
  publisher: Pick<Publisher, "onAir" | "continueInNewEpoch">;
  log: Log;
  /** Removes what the restore left. */
  forget(): Promise<void>;
}

export async function raiseRestoredEpoch(
  restored: Restored,
  { publisher, log, forget }: Ports,
): Promise<void> {
  const raised = (publisher.onAir()?.epoch ?? 0) > (restored.onAir?.epoch ?? 0);
  // Raised by a start that was cut off before it could forget.
  if (!raised) {
    const madeAt = new Date(restored.madeAtMs).toISOString();
    const published = await publisher.continueInNewEpoch(`restored from the backup of ${madeAt}`);
    log.warn("epoch-raised-after-restore", { madeAt, epoch: published?.position.epoch });
  }
  await forget();
}
