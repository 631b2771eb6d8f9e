/**
 * Measures importing a guide as an operator meets it: a generated XMLTV file streamed to the route of a real
 * central process, its memory read from the system. `… guide-import.ts [megabytes] [deno|node]`: the file, the
 * same file again, then one in which every fifth programme is 10 minutes later.
 */
import { readFileSync, rmSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";
import { createApi } from "../cli/api.ts";
import { fileUpload } from "../cli/upload.ts";
import { type Runtime, startPart } from "../local/part.ts";

const CHANNELS = 500;
/** Today: what ended over a week ago would be left out. */
const FROM_MS = Math.floor(Date.now() / 86_400_000) * 86_400_000;
const SLOT_MS = 1_200_000;
const LATE_MS = 600_000;
/** Others ask ten times a second each: more would be a load of its own, which the import's time had to carry. */
const OTHERS_PAUSE_MS = 100;

interface Waits {
  longest: number;
  p99: number;
}

export interface GuideImportFigures {
  what: string;
  megabytes: number;
  programmes: number;
  /** From the first byte sent to the report, by the clock. */
  seconds: number;
  megabytesPerSecond: number;
  /** By the central process's own processor time, which other work on the machine hardly changes. */
  megabytesPerCpuSecond: number;
  /** Resident memory of the central process: before, and the most while it imported. */
  rssBeforeMegabytes: number;
  rssPeakMegabytes: number;
  rssGrowthMegabytes: number;
  /** What others waited for meanwhile, ms: a health check, and an editor who saves a region; the longest, and the 99th of 100. */
  healthMs: Waits;
  saveMs: Waits;
}

/** An XMLTV file of about so many bytes, channel by channel, in pieces of 64 KiB. */
export async function* generatedGuide(bytes: number, late: boolean, seed = 1): AsyncGenerator<Uint8Array> {
  const random = createSeededRandom(seed);
  const encoder = new TextEncoder();
  const words = "今晚 城市 江南 新闻 Stories from the river and its people 故事 春天 market evening".split(
    " ",
  );
  const text = (count: number) =>
    Array.from({ length: count }, () => words[Math.floor(random() * words.length)]).join(" ");
  let piece = '<?xml version="1.0" encoding="UTF-8"?>\n<tv>\n';
  for (let channel = 0; channel < CHANNELS; channel++) {
    piece += `<channel id="ch${channel}.cn"><display-name lang="zh">频道 ${channel}</display-name></channel>\n`;
  }
  let made = 0;
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let slot = 0; made < (bytes * (channel + 1)) / CHANNELS; slot++) {
      const shift = late && slot % 5 === 0 ? LATE_MS : 0;
      piece += `<programme start="${time(slot, shift)}" stop="${time(slot + 1, 0)}" channel="ch${channel}.cn">\n`;
      piece += `  <title lang="zh">${text(3)} ${slot}</title>\n  <desc lang="zh">${text(22)}</desc>\n`;
      piece += `  <category lang="zh">${text(1)}</category>\n</programme>\n`;
      if (piece.length < 32_768) continue;
      const encoded = encoder.encode(piece);
      made += encoded.length;
      piece = "";
      // As from a file or a socket: other work gets its turn between two pieces.
      await new Promise((resolve) => setImmediate(resolve));
      yield encoded;
    }
  }
  yield encoder.encode(`${piece}</tv>\n`);
}

function time(slot: number, shiftMs: number): string {
  return `${new Date(FROM_MS + slot * SLOT_MS + shiftMs).toISOString().slice(0, 19).replace(/[-:T]/g, "")} +0800`;
}

/** A field of /proc/PID/status, MB. */
function memory(pid: number, field: "VmRSS" | "VmHWM"): number {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(text)?.[1] ?? 0) / 1000;
}

/** Processor time of a process so far, s (proc(5): fields 14 and 15, in hundredths). */
function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export async function measureGuideImport(megabytes: number, runtime: Runtime): Promise<GuideImportFigures[]> {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-guide-bench-"));
  const data = join(folder, "central");
  const words = ["central", "--data", data, "--port", "0", "--air-port", "0", "--air-admin-port", "0"];
  const part = startPart({ name: "central", words, runtime });
  try {
    const { url } = await part.ready;
    const token = (await readFile(join(data, "token"), "utf8")).trim();
    const api = createApi({ central: String(url), token, data, json: false });
    const figures: GuideImportFigures[] = [];
    // Made before the time counts: who sends a guide has it as a file.
    const files = { early: join(folder, "early.xml"), late: join(folder, "late.xml") };
    await writeFile(files.early, generatedGuide(megabytes * 1e6, false));
    await writeFile(files.late, generatedGuide(megabytes * 1e6, true));
    for (const what of ["first", "same", "late"]) {
      const pid = part.pid ?? 0;
      // So that the peak is this import's.
      await writeProc(pid);
      const rssBefore = memory(pid, "VmRSS");
      const others = [
        askAgain(() => fetch(`${url}/healthz`), OTHERS_PAUSE_MS),
        askAgain(
          () => api.send("PUT", "/api/v1/regions/bench", { name: `Bench ${Math.random()}` }),
          OTHERS_PAUSE_MS,
        ),
      ];
      const cpuBefore = processorSeconds(pid);
      const startMs = performance.now();
      // As `cuecast import` sends it.
      const file = fileUpload(what === "late" ? files.late : files.early);
      const report = (await api.upload("/api/v1/guide", file)) as {
        stats: { programmes: number; plainBytes: number };
      };
      const seconds = (performance.now() - startMs) / 1000;
      const cpuSeconds = processorSeconds(pid) - cpuBefore;
      const [healthMs, saveMs] = await Promise.all(others.map((stop) => stop()));
      const peak = memory(pid, "VmHWM");
      figures.push({
        what,
        megabytes: Math.round(report.stats.plainBytes / 1e6),
        programmes: report.stats.programmes,
        seconds: Math.round(seconds * 10) / 10,
        megabytesPerSecond: Math.round((report.stats.plainBytes / 1e6 / seconds) * 10) / 10,
        megabytesPerCpuSecond: Math.round((report.stats.plainBytes / 1e6 / cpuSeconds) * 10) / 10,
        rssBeforeMegabytes: Math.round(rssBefore),
        rssPeakMegabytes: Math.round(peak),
        rssGrowthMegabytes: Math.round(peak - rssBefore),
        healthMs: healthMs as Waits,
        saveMs: saveMs as Waits,
      });
    }
    return figures;
  } finally {
    await part.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Asks now and then, `pauseMs` after each reply. @returns to stop, and know how long it took */
export function askAgain(ask: () => Promise<unknown>, pauseMs = 20): () => Promise<Waits> {
  const tookMs: number[] = [];
  let done = false;
  const asking = (async () => {
    while (!done) {
      const askedMs = performance.now();
      await ask();
      tookMs.push(performance.now() - askedMs);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  })();
  return async () => {
    done = true;
    await asking;
    tookMs.sort((one, other) => one - other);
    return {
      longest: Math.round(tookMs.at(-1) ?? 0),
      p99: Math.round(tookMs[Math.floor(tookMs.length * 0.99)] ?? 0),
    };
  };
}

/** Resets the peak of a process's resident memory (proc(5), clear_refs). */
async function writeProc(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, "5");
}

if (import.meta.main) {
  const runtime: Runtime = process.argv[3] === "node" ? "node" : "deno";
  for (const figures of await measureGuideImport(Number(process.argv[2] ?? 100), runtime)) {
    process.stdout.write(`${JSON.stringify({ runtime, ...figures })}\n`);
  }
}
