/** How much processor time processes have used, read from /proc. */
import { readdir, readFile } from "node:fs/promises";

/** Ticks a second of Linux on every platform that we run on. */
const TICKS_PER_SECOND = 100;

/** Of one line of `/proc/PID/stat`: its parent, and its user + system time, ms; undefined when it has ended. */
function readStat(text: string): { name: string; parent: number; ms: number } | undefined {
  const name = text.slice(text.indexOf("(") + 1, text.lastIndexOf(")"));
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields.length < 13) return undefined;
  return {
    name,
    parent: Number(fields[1]),
    ms: ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND,
  };
}

/** user + system time of a process alone, ms; 0 when it has ended. */
export async function ownProcessorTimeMs(pid: number): Promise<number> {
  return readStat(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""))?.ms ?? 0;
}

/** user + system time of each thread of a process that still runs, by its number. */
export async function threadTimesMs(pid: number): Promise<Map<string, { name: string; ms: number }>> {
  const threads = new Map<string, { name: string; ms: number }>();
  for (const id of await readdir(`/proc/${pid}/task`)) {
    const stat = readStat(await readFile(`/proc/${pid}/task/${id}/stat`, "utf8").catch(() => ""));
    if (stat) threads.set(id, { name: stat.name, ms: stat.ms });
  }
  return threads;
}

/** A process and its children that still run. */
export async function processTree(pid: number): Promise<number[]> {
  return [...(await timesOfTree(pid)).keys()];
}

/** user + system time of a process and its children that still run, ms; a process that has ended counts 0. */
export async function processorTimeMs(pid: number): Promise<number> {
  let total = 0;
  for (const ms of (await timesOfTree(pid)).values()) total += ms;
  return total;
}

async function timesOfTree(pid: number): Promise<Map<number, number>> {
  const found = new Map<number, number>();
  const children = new Map<number, number[]>();
  const own = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const text = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    const stat = readStat(text);
    if (!stat) continue;
    children.set(stat.parent, [...(children.get(stat.parent) ?? []), Number(name)]);
    own.set(Number(name), stat.ms);
  }
  const waiting = [pid];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    found.set(next, own.get(next) ?? 0);
    waiting.push(...(children.get(next) ?? []));
  }
  return found;
}

/** Resident memory of one process, bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(text)?.[1] ?? Number.NaN) * 1024;
}
