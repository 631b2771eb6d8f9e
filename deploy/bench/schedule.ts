/**
 * Measures the schedule engine on what an edge holds: guides as the bytes that were published, read into programmes
 * for one channel's turn. A part of `npm run bench`; alone: `… schedule.ts [--json FILE]`. Two processes, so that
 * neither has the other's garbage: one expands and settles a million cues on 500 channels over eight days, the other
 * does what an edge does: schedules ready in turns, a channel that changed, the hour and the day that roll over.
 */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import process from "node:process";
import { promisify } from "node:util";
import { printTable } from "../cli/print.ts";
import type { Bench, Figure } from "./figures.ts";
import { measureMillion } from "./schedule-million.ts";
import { measureTurns } from "./schedule-turns.ts";

const PARTS: Record<string, (note: Bench["note"]) => void | Promise<void>> = {
  million: measureMillion,
  turns: measureTurns,
};

const run = promisify(execFile);

/** Each part in a process of its own. */
export async function measureSchedule(): Promise<Figure[]> {
  // To tell what is held from what is not collected yet.
  const options =
    "Deno" in globalThis ? ["run", "--allow-all", "--no-check", "--v8-flags=--expose-gc"] : ["--expose-gc"];
  const figures: Figure[] = [];
  for (const part of Object.keys(PARTS)) {
    const { stdout } = await run(process.execPath, [...options, import.meta.filename, "--part", part], {
      maxBuffer: 1e6,
    });
    figures.push(...(JSON.parse(stdout) as Figure[]));
  }
  return figures;
}

/** In this process: what the one that asks is to read. */
async function measurePart(part: string): Promise<void> {
  const figures: Figure[] = [];
  await PARTS[part]?.((what, value, unit, more) => {
    const rounded = Math.round(value * 100) / 100;
    figures.push({ what, value: rounded, unit, ...(more !== undefined && { note: more }) });
  });
  console.log(JSON.stringify(figures));
}

if (import.meta.main) {
  const argument = (flag: string) => {
    const at = process.argv.indexOf(flag);
    return at > 0 ? process.argv[at + 1] : undefined;
  };
  const part = argument("--part");
  if (part !== undefined) await measurePart(part);
  else {
    const figures = await measureSchedule();
    printTable(
      ["figure", "value", "", "note"],
      figures.map(({ what, value, unit, note }) => [what, String(value), unit, note ?? ""]),
    );
    const file = argument("--json");
    if (file) await writeFile(file, `${JSON.stringify({ figures }, null, 2)}\n`);
  }
}
