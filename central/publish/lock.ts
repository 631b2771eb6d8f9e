/** One at a time, in the order asked. */

export type Lock = <T>(task: () => Promise<T>) => Promise<T>;

/** @returns runs each task after the one before has ended, whatever became of that */
export function createLock(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const next = last.then(task, task);
    last = next.catch(() => {});
    return next;
  };
}
