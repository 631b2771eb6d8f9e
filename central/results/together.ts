/**
 * Tasks of one kind that wait for their turn, done together. What fails together is done again one by one, so that
 * each fails or succeeds by itself: the work must be all or nothing.
 */
import type { createLock } from "../publish/lock.ts";

interface Waiting<Task, Result> {
  task: Task;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * @param inTurn what else takes turns with it
 * @param work results in the order of the tasks; it does all of them, or throws and has done none
 * @param most tasks of one turn
 */
export function createTogether<Task, Result>(
  inTurn: ReturnType<typeof createLock>,
  work: (tasks: readonly Task[]) => Promise<Result[]>,
  most: number,
): (task: Task) => Promise<Result> {
  const waiting: Waiting<Task, Result>[] = [];

  async function settle(group: readonly Waiting<Task, Result>[]): Promise<void> {
    if (group.length === 0) return;
    try {
      const results = await work(group.map(({ task }) => task));
      for (const [index, { resolve }] of group.entries()) resolve(results[index] as Result);
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      else for (const each of group) await settle([each]);
    }
  }

  return (task) =>
    new Promise((resolve, reject) => {
      waiting.push({ task, resolve, reject });
      // A turn for each: one that finds nothing left ends at once.
      void inTurn(() => settle(waiting.splice(0, most)));
    });
}
