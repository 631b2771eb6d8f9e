/** A million cues: read from the guides' bytes, expanded, settled and indexed, all held at once. */
import process from "node:process";
import { pause } from "../../edge/headend/platform/gzip.ts";
import { createGuideIndexes } from "../../edge/headend/serve/guide-index.ts";
import { type PublicationView, readPublication } from "../../edge/headend/serve/publication-view.ts";
import { compileHorizon } from "../../shared/schedule/channel-horizon.ts";
import type { Placement } from "../../shared/schedule/placement.ts";
import { createPlanner } from "../../shared/schedule/planner.ts";
import type { Bench } from "./figures.ts";
import {
  CHANNELS,
  DAYS,
  drawEdition,
  FROM_MS,
  PROGRAMMES_A_DAY,
  REGION,
  UNTIL_MS,
} from "./schedule-content.ts";
import { timed } from "./taken.ts";

const plannerOf = ({ placements, groups, rules }: PublicationView) =>
  createPlanner({ placements: placements.values(), groups, rules: rules.values(), region: REGION });

/** After a collection of garbage. */
function heldBytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export async function measureMillion(note: Bench["note"]): Promise<void> {
  const { publication } = drawEdition();
  const view = await readPublication(publication, pause);
  const before = heldBytes();
  const [horizons, all] = timed(() => {
    const planner = plannerOf(view);
    const indexes = createGuideIndexes();
    return CHANNELS.map((channel) =>
      compileHorizon(planner, channel, indexes(view.guides.get(channel)), FROM_MS, UNTIL_MS),
    );
  });
  const { rss } = process.memoryUsage();
  const held = heldBytes();

  const quarters = view.placements.get("quarters") as Placement;
  const [, once] = timed(() => plannerOf(view).timed.of(quarters, FROM_MS, UNTIL_MS));

  let cues = 0;
  let lost = 0;
  for (const horizon of horizons) {
    for (const count of Object.values(horizon.suppressed(FROM_MS, UNTIL_MS))) lost += count;
    cues += horizon.cues(FROM_MS, UNTIL_MS).length;
  }
  cues += lost;
  const settled = `${CHANNELS.length} channels, ${DAYS} days, ${PROGRAMMES_A_DAY} programmes a day`;
  note("cues read, expanded, settled and indexed", cues, "", `${settled}; ${lost} suppressed by rules`);
  note("… in", all.ms, "ms", `one core, computing ${Math.round(all.cpuMs)}; the target is 2,000`);
  note("… cues a second", cues / (all.ms / 1000), "/s");
  note("… held for each cue", (held - before) / cues, "bytes");
  note("… resident memory of the process", rss / 1e6, "MB", "with the guides; the target is 400");
  note("a rule of 15 minutes on 500 channels, expanded once", once.ms, "ms");
}
