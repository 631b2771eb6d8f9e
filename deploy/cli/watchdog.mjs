/**
 * Ends an edge that hangs. It stands unattended, and whoever starts it again (systemd, a container's restart policy) looks
 * for an end alone. The launcher, which waits for that end, asks the edge's admin port; any reply at all will do.
 */
import { readFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";

/**
 * Asked every so often, ms; a reply within; and how many in a row may be missing: 40 s of a port that refuses, over a
 * minute of one that takes what it is asked and says nothing.
 */
export const WATCHDOG = { everyMs: 10_000, withinMs: 10_000, missesMax: 4 };

/**
 * @param {string} url
 * @param {number} withinMs
 * @returns {Promise<boolean>} whether anything answered
 */
function answers(url, withinMs) {
  return new Promise((resolve) => {
    const asked = get(url, { timeout: withinMs, agent: false }, (reply) => {
      reply.resume();
      resolve(true);
    });
    asked.once("timeout", () => asked.destroy());
    asked.once("error", () => resolve(false));
    asked.once("close", () => resolve(false));
  });
}

/**
 * Where the edge of this process says that it is asked; undefined before it has started.
 *
 * @param {string} dataDir
 * @param {number | undefined} pid what another process wrote there is not its address
 * @returns {string | undefined}
 */
function adminUrlOf(dataDir, pid) {
  try {
    const started = JSON.parse(readFileSync(join(dataDir, "started.json"), "utf8"));
    return started.pid === pid && typeof started.adminUrl === "string" ? started.adminUrl : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Begins to count with the first reply: an edge that starts is not asked of more than that. The address is read until it
 * is there and then kept: that its file goes, or that another edge writes its own, says nothing of this one.
 *
 * @param {string} dataDir
 * @param {number | undefined} pid of the edge
 * @param {(silentForMs: number) => void} onHung called once
 * @returns {() => void} stops it
 */
export function startWatchdog(dataDir, pid, onHung, { everyMs, withinMs, missesMax } = WATCHDOG) {
  let misses = 0;
  let isArmed = false;
  let heardMs = 0;
  /** @type {string | undefined} */
  let url;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  async function look() {
    url ??= adminUrlOf(dataDir, pid);
    if (url !== undefined && (await answers(url, withinMs))) {
      isArmed = true;
      misses = 0;
      heardMs = performance.now();
    } else if (isArmed && ++misses >= missesMax) {
      onHung(Math.round(performance.now() - heardMs));
      return;
    }
    if (timer !== undefined) arm();
  }
  function arm() {
    timer = setTimeout(look, everyMs);
    timer.unref();
  }
  arm();
  return () => {
    clearTimeout(timer);
    timer = undefined;
  };
}
