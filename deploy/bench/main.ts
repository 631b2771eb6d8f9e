/**
 * `npm run bench`: the figures that we state, measured on the real parts, with the peer in the same run. Prints each
 * as it comes, then a table, and with `--json FILE` writes the figures. `npm run bench -- NAME` runs one, `-- NAME/PART`
 * of `pulls` and `fleet` what has PART in its name (`pulls/304`, `fleet/idle`). Needs `wrk` and `nginx`; what is missing
 * is named in the table.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { printLine, printTable } from "../cli/print.ts";
import { answers } from "./answers.ts";
import { boxesComeAndGo, coldStart, coldStartOfPlacements } from "./cold-start.ts";
import type { Bench, Figure } from "./figures.ts";
import { fleet } from "./fleet.ts";
import { intake } from "./intake.ts";
import { overload, slowSockets } from "./overload.ts";
import { publish } from "./publish.ts";
import { pulls } from "./pulls.ts";
import { results } from "./results.ts";
import { measureSchedule } from "./schedule.ts";
import { endStartedWithUs } from "./started.ts";
import { takePublication } from "./take-publication.ts";
import { system } from "./whole-system.ts";
import { workers } from "./workers.ts";

const BENCHES: Record<string, (bench: Bench) => Promise<unknown>> = {
  schedule: async (bench) => {
    for (const { what, value, unit, note } of await measureSchedule()) bench.note(what, value, unit, note);
  },
  pulls,
  answers,
  overload,
  slow: slowSockets,
  boxes: boxesComeAndGo,
  start: coldStart,
  fleet,
  intake,
  publish,
  results,
  placements: coldStartOfPlacements,
  take: takePublication,
  system,
  workers,
};

const words = process.argv.slice(2);
const at = words.indexOf("--json");
const file = at < 0 ? undefined : words.splice(at, 2)[1];
const asked = (words.length > 0 ? words : Object.keys(BENCHES)).map((word) => {
  const [name = "", ...part] = word.split("/");
  return { word, name, part: part.join("/") };
});
const unknown = asked.filter(({ name }) => !Object.hasOwn(BENCHES, name)).map(({ word }) => word);
if (unknown.length > 0) {
  printLine(`Cannot measure ${unknown.join(", ")}: there are ${Object.keys(BENCHES).join(", ")}`);
  process.exit(2);
}
const runtime = process.env.CUECAST_RUNTIME === "node" ? "node" : "deno";
const rowOf = ({ what, value, unit, note }: Figure) => [
  what,
  Number.isNaN(value) ? "–" : String(value),
  unit,
  note ?? "",
];
const all: (Figure & { bench: string })[] = [];
let dir = "";
const removeDir = () => rm(dir, { recursive: true, force: true, maxRetries: 5 });
const stopListening = endStartedWithUs(removeDir);
for (const { word, name, part } of asked) {
  printLine(`Measuring: ${word} …`);
  dir = await mkdtemp(join(tmpdir(), `cuecast-bench-${name}-`));
  try {
    await BENCHES[name]?.({
      note(what, value, unit, more) {
        const figure = { what, value: Math.round(value * 100) / 100, unit, note: more };
        all.push({ bench: name, ...figure });
        printLine(`  ${rowOf(figure).join("  ").trimEnd()}`);
      },
      wants: (what) => what.includes(part),
      dir,
      seconds: Number(process.env.CUECAST_BENCH_SECONDS ?? 5),
      runtime,
    });
  } finally {
    await removeDir();
  }
}
stopListening();
const machine = `${cpus().length} × ${cpus()[0]?.model}`;
printLine();
printLine(`${new Date().toISOString().slice(0, 10)}, ${machine}, ${runtime}`);
printTable(["figure", "value", "", "note"], all.map(rowOf));
if (file) {
  await writeFile(file, `${JSON.stringify({ at: new Date(), machine, runtime, figures: all }, null, 2)}\n`);
}
