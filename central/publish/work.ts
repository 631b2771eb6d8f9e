/**
 * Long work in steps, so that whoever has it done says whether others have their turn in between. Pure: the work is a
 * generator that stops where it may be left for a while, of contents that never change.
 */

/** Yields between two steps of some milliseconds, and returns what was asked for. */
export type Work<T> = Generator<undefined, T, undefined>;

/** In one piece. */
export function atOnce<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** @param breathe called between steps; waits when others should have their turn */
export async function inTurns<T>(work: Work<T>, breathe: () => Promise<void>): Promise<T> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await breathe();
  }
}
