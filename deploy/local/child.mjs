/**
 * Starts a child process that cannot outlive its parent and can always be stopped; knows nothing of what
 * the child does.
 *
 * Three things go wrong with a plain `spawn`: Ctrl-C in a terminal hits every process of the group at
 * once, so that a child dies while its parent is still asking it something; npm and npx pass the same
 * signal on a second time; and a parent that dies of SIGKILL leaves its children running. Hence each child
 * gets a process group of its own and one signal from its parent, and holds the other end of a pipe: its
 * stdin ends when the parent is gone, whatever it died of. `CUECAST_STDIN_IS_PARENT=1` tells the child so.
 */
import { spawn } from "node:child_process";
import process from "node:process";

/** Tells a child that the end of its stdin is the end of its parent, and that it must stop then. */
export const STDIN_IS_PARENT = "CUECAST_STDIN_IS_PARENT";

/** How long a child may take to stop before it is killed, ms, unless told. */
export const STOP_WITHIN_MS = 10_000;

/** How long after a child's exit its last lines are waited for, ms. */
const LAST_LINES_WITHIN_MS = 1_000;

/** Longer lines are cut into pieces of this many characters: a child must not fill our memory. */
const LINE_CHARACTERS_MAX = 64 * 1024;

/**
 * @typedef {object} Exit how a child ended
 * @property {number | null} code exit code; null when a signal ended it; 127 when it could not be started
 * @property {NodeJS.Signals | null} signal
 * @property {boolean} killed whether it was ended with SIGKILL because it did not stop in time
 */

/**
 * @typedef {object} ChildSettings
 * @property {string} name stands before each of its lines
 * @property {string} command the program itself, not a wrapper
 * @property {readonly string[]} [args]
 * @property {Record<string, string | undefined>} [env] on top of this process's environment
 * @property {string} [cwd]
 * @property {"lines" | "inherit" | "ignore"} [output] `lines` unless told
 * @property {(line: string, stream: "stdout" | "stderr") => void} [onLine] prints `name | line` unless told
 * @property {number} [stopWithinMs] STOP_WITHIN_MS unless told
 * @property {import("node:stream").Readable} [input] what comes from it reaches the child's stdin; its end does not,
 *   because the end of a child's stdin is the end of its parent
 */

/**
 * @typedef {object} Child
 * @property {string} name
 * @property {number | undefined} pid undefined when it could not be started
 * @property {Promise<Exit>} exited settles when the child has ended and its last line was handed on; never rejects
 * @property {() => boolean} running
 * @property {(signal: NodeJS.Signals) => void} signal to the child alone; nothing when it has ended
 * @property {() => Promise<Exit>} stop SIGTERM, and SIGKILL to its whole group when the time is up; may repeat
 * @property {() => void} kill SIGKILL to its whole group, now
 */

/**
 * @param {ChildSettings} settings
 * @returns {Child}
 */
export function startChild({
  name,
  command,
  args = [],
  env = {},
  cwd,
  output = "lines",
  onLine,
  stopWithinMs,
  input,
}) {
  const sink = output === "lines" ? "pipe" : output;
  const started = spawn(command, [...args], {
    cwd,
    detached: true,
    env: { ...process.env, ...env, [STDIN_IS_PARENT]: "1" },
    stdio: ["pipe", sink, sink],
  });
  // The child may close its end first; that is its exit, not an error of ours.
  started.stdin?.on("error", () => {});
  if (started.stdin) input?.pipe(started.stdin, { end: false });
  const print = onLine ?? ((line, stream) => process[stream].write(`${name} | ${line}\n`));
  if (output === "lines") {
    readLines(started.stdout, (line) => print(line, "stdout"));
    readLines(started.stderr, (line) => print(line, "stderr"));
  }

  let ended = false;
  let killed = false;
  /** @type {Promise<Exit>} */
  const exited = new Promise((resolve) => {
    started.once("error", (error) => {
      ended = true;
      print(`Cannot start ${command}: ${error.message}`, "stderr");
      resolve({ code: 127, signal: null, killed: false });
    });
    // What it left running holds its output open and holds up "close": end what is in its group, and
    // wait for the rest no longer than its last lines need.
    started.once("exit", (code, signal) => {
      ended = true;
      killGroup(started.pid);
      started.stdin?.destroy();
      const timer = setTimeout(() => {
        started.stdout?.destroy();
        started.stderr?.destroy();
        resolve({ code, signal, killed });
      }, LAST_LINES_WITHIN_MS);
      started.once("close", () => clearTimeout(timer));
    });
    started.once("close", (code, signal) => resolve({ code, signal, killed }));
  });

  /** @type {Promise<Exit> | undefined} */
  let stopping;
  const child = {
    name,
    pid: started.pid,
    exited,
    running: () => !ended,
    /** @param {NodeJS.Signals} signal */
    signal: (signal) => {
      // Not `started.kill()`: Deno 2.9 then reports that signal as the end, however the child ended.
      if (!ended && started.pid !== undefined) send(started.pid, signal);
    },
    kill: () => {
      if (ended) return;
      killed = true;
      killGroup(started.pid);
    },
    stop: () => {
      stopping ??= stopOnce();
      return stopping;
    },
  };
  async function stopOnce() {
    child.signal("SIGTERM");
    const timer = setTimeout(child.kill, stopWithinMs ?? STOP_WITHIN_MS);
    const exit = await exited;
    clearTimeout(timer);
    return exit;
  }
  return child;
}

/** @param {number | undefined} pid */
function killGroup(pid) {
  if (pid !== undefined) send(-pid, "SIGKILL");
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended already.
  }
}

/**
 * Hands on whole lines, without their ends; the last one even when nothing ends it.
 *
 * @param {import("node:stream").Readable | null} stream
 * @param {(line: string) => void} onLine
 */
export function readLines(stream, onLine) {
  if (stream === null) return;
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (/** @type {string} */ text) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
    while (rest.length > LINE_CHARACTERS_MAX) {
      onLine(rest.slice(0, LINE_CHARACTERS_MAX));
      rest = rest.slice(LINE_CHARACTERS_MAX);
    }
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
