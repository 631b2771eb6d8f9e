/** How long a page's frames take while it is worked: wall clock between frames, and what the page computed for each. */
import type { Page } from "playwright-core";

export interface FrameTimes {
  frames: number;
  /** Between two frames, ms. */
  medianMs: number;
  p95Ms: number;
  worstMs: number;
  /** Processor time of the page's own thread for each frame, ms: the figure to trust where others use the machine. */
  computedMs: number;
}

/** @param step source of a function of the frame's number, run in the page before each frame */
export async function frameTimes(page: Page, frames: number, step: string): Promise<FrameTimes> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const busyS = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
  };
  const beforeS = await busyS();
  const times = (await page.evaluate(`new Promise((done) => {
    const step = ${step};
    const times = [];
    let last;
    const frame = (now) => {
      if (last !== undefined) times.push(now - last);
      last = now;
      if (times.length >= ${frames}) done(times);
      else { step(times.length); requestAnimationFrame(frame); }
    };
    requestAnimationFrame(frame);
  })`)) as number[];
  const computedMs = ((await busyS()) - beforeS) * 1_000;
  await session.detach();
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return {
    frames: times.length,
    medianMs: at(0.5),
    p95Ms: at(0.95),
    worstMs: at(1),
    computedMs: computedMs / times.length,
  };
}
