/**
 * Measures the guide reader: MB/s and peak memory on a generated XMLTV file, read from a stream, so that the
 * file itself takes no memory. `… guide-import.ts [megabytes] [again]`; with `again` the file is imported
 * over what it brought the first time.
 */
import process from "node:process";
import { guideInMemory, readGuide, readGuideChanges } from "../../central/guide/import.ts";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";

const CHANNELS = 500;
const FROM_MS = Date.UTC(2026, 10, 23);
const SLOT_MS = 1_200_000;

export interface GuideImportFigures {
  megabytes: number;
  programmes: number;
  /** Over the whole import, by the clock. */
  megabytesPerSecond: number;
  /** The same by processor time, which other work on the machine does not change. */
  megabytesPerCpuSecond: number;
  /** Longest time that the process did nothing else, ms. */
  heldMs: number;
  peakRssMegabytes: number;
}

/** An XMLTV file of about so many bytes, channel by channel, in pieces of 64 KiB. */
async function* generatedGuide(bytes: number, seed = 1): AsyncGenerator<Uint8Array> {
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
      piece += `<programme start="${time(slot)}" stop="${time(slot + 1)}" channel="ch${channel}.cn">\n`;
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

function time(slot: number): string {
  return `${new Date(FROM_MS + slot * SLOT_MS).toISOString().slice(0, 19).replace(/[-:T]/g, "")} +0800`;
}

export async function measureGuideImport(megabytes: number, again = false): Promise<GuideImportFigures> {
  let existing = guideInMemory([], []);
  if (again) {
    const first = await readGuide(generatedGuide(megabytes * 1e6), existing);
    existing = guideInMemory(first.channels.upsert, first.programmes.upsert);
  }
  let peakRss = 0;
  let heldMs = 0;
  let turnMs = performance.now();
  const turn = () => {
    heldMs = Math.max(heldMs, performance.now() - turnMs);
    peakRss = Math.max(peakRss, process.memoryUsage().rss);
  };
  const ticker = setInterval(() => {
    turn();
    turnMs = performance.now();
  }, 5);
  const making = await timeOf(async () => {
    for await (const _ of generatedGuide(megabytes * 1e6));
  });
  let programmes = 0;
  const whole = await timeOf(async () => {
    const changes = await readGuideChanges(generatedGuide(megabytes * 1e6), existing);
    for (;;) {
      const { done, value } = await changes.programmes.next();
      turn();
      // As a store that reads and writes between two channels.
      await new Promise((resolve) => setImmediate(resolve));
      if (!done) continue;
      programmes = value.stats.programmes;
      break;
    }
  });
  clearInterval(ticker);
  return {
    megabytes,
    programmes,
    megabytesPerSecond: rate(megabytes, whole.wallMs - making.wallMs),
    megabytesPerCpuSecond: rate(megabytes, whole.cpuMs - making.cpuMs),
    heldMs: Math.round(heldMs),
    peakRssMegabytes: Math.round(peakRss / 1e6),
  };
}

const rate = (megabytes: number, ms: number) => Math.round((megabytes / ms) * 10_000) / 10;

async function timeOf(run: () => Promise<void>): Promise<{ wallMs: number; cpuMs: number }> {
  const startMs = performance.now();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - startMs, cpuMs: (user + system) / 1000 };
}

if (import.meta.main) {
  const figures = await measureGuideImport(Number(process.argv[2] ?? 100), process.argv[3] === "again");
  console.log(JSON.stringify(figures));
}
