/**
 * Programs that are none of ours do not end with their parent: databases, nginx, wrk. What is listed here is stopped
 * when a benchmark is told to end, or killed when it ends otherwise.
 */
import { onStopSignal } from "../local/signals.mjs";

interface Started {
  pid: number;
  stop(): Promise<unknown>;
}

const all = new Set<Started>();
/** How long they may take to end, ms. */
const END_WITHIN_MS = 5_000;

/** Lists it until it is stopped. */
export function started<T extends Started>(part: T): T {
  const listed = {
    ...part,
    async stop() {
      await part.stop();
      all.delete(listed);
    },
  };
  all.add(listed);
  return listed;
}

function killAll() {
  for (const { pid } of all) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended already.
    }
  }
}

/**
 * @param tidy what is left to do when all have ended
 * @returns stops listening: without that this process does not end by itself
 */
export function endStartedWithUs(tidy: () => Promise<unknown>): () => void {
  process.on("exit", killAll);
  const end = async () => {
    const late = new Promise((resolve) => setTimeout(resolve, END_WITHIN_MS));
    await Promise.race([Promise.allSettled([...all].map((part) => part.stop())), late]);
    killAll();
    await tidy();
    process.exit(130);
  };
  return onStopSignal({ stop: () => void end(), insist: () => process.exit(130) });
}
