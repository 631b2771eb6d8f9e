/**
 * Turns signals into one orderly stop: the first asks, a second one insists. Also tells a process that
 * its parent is gone, by the end of its stdin (the contract of `child.mjs`).
 */
import process from "node:process";
import { STDIN_IS_PARENT } from "./child.mjs";

/** npm and npx pass on the signal that the terminal has sent already: one within this time is the same one. */
export const SAME_SIGNAL_MS = 1_000;

const SIGNALS = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * @param {object} handlers
 * @param {(reason: NodeJS.Signals | "parent gone") => void} handlers.stop begins an orderly stop; called once
 * @param {(signal: NodeJS.Signals) => void} handlers.insist called for each later signal: end it now
 * @param {() => number} [handlers.nowMs] monotonic, ms
 * @returns {() => void} stops listening
 */
export function onStopSignal({ stop, insist, nowMs = () => performance.now() }) {
  /** @type {number | undefined} */
  let firstMs;
  /** @param {NodeJS.Signals | "parent gone"} reason */
  const ask = (reason) => {
    firstMs = nowMs();
    stop(reason);
  };
  const listeners = SIGNALS.map((name) => {
    const listener = () => {
      if (firstMs === undefined) ask(name);
      else if (nowMs() - firstMs > SAME_SIGNAL_MS) insist(name);
    };
    process.on(name, listener);
    return { name, listener };
  });
  const parentGone = () => {
    if (firstMs === undefined) ask("parent gone");
  };
  const watchesParent = process.env[STDIN_IS_PARENT] === "1";
  if (watchesParent) {
    process.stdin.on("end", parentGone).on("close", parentGone).on("error", parentGone);
    process.stdin.resume();
  }
  return () => {
    for (const { name, listener } of listeners) process.off(name, listener);
    if (watchesParent) {
      process.stdin.off("end", parentGone).off("close", parentGone).off("error", parentGone);
      process.stdin.pause();
    }
  };
}

/**
 * Ends this process the way a child of it ended, so that whoever waits for it learns the truth.
 *
 * @param {{ code: number | null, signal: NodeJS.Signals | null }} exit
 */
export function exitAs({ code, signal }) {
  if (signal === null) process.exit(code ?? 1);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // A signal that does not end a process (SIGCHLD, say) leaves us here.
  setTimeout(() => process.exit(1), 1_000);
}
