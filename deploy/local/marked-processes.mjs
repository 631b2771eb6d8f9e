/** Finds the processes that come of one start, by a mark in the environment that each hands on to its children. */
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";

/**
 * The running processes with this in their environment, ourselves left out.
 *
 * @param {string} name
 * @param {string} value
 * @returns {{ pid: number, line: string }[]} with their command lines
 */
export function markedProcesses(name, value) {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
        if (!environment.includes(`${name}=${value}`)) return [];
        // A process that has ended and waits for its parent to notice has no command line any more.
        const line = readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ").trim();
        return line === "" ? [] : [{ pid: Number(pid), line }];
      } catch {
        return [];
      }
    });
}
