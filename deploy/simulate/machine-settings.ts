/** What a simulated box is given: the world around it, and what is said of it beforehand. */
import type { Coverage } from "./coverage.ts";
import type { Dice } from "./dice.ts";
import type { Edge } from "./edge.ts";
import type { EventQueue } from "./event-queue.ts";
import type { PlantedBug } from "./planted.ts";
import type { Trace } from "./trace.ts";
import type { Watcher } from "./watcher.ts";

export interface MachineSettings {
  name: string;
  /** ms since the Unix epoch at the start of virtual time. */
  startMs: number;
  channels: readonly string[];
  edges: ReadonlyMap<string, Edge>;
  queue: EventQueue;
  dice: Dice;
  trace: Trace;
  watcher: Watcher;
  /** False: a line without loss, 20 ms each way. */
  faults: boolean;
  /** Its storage has as many marks as are kept. */
  worn?: boolean | undefined;
  planted: PlantedBug | undefined;
  coverage: Coverage;
  /** Told what happens to this box, in words. */
  notes?: ((text: string) => void) | undefined;
  /** Parts per million by which its monotonic clock runs fast; drawn unless told. */
  ppm?: number;
  /** It was configured with every edge; drawn unless told. */
  knowsAllEdges?: boolean;
}
