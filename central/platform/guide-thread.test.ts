/** A guide read in a thread: the same as in place, refusals and failures too. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { CuecastError } from "../../shared/errors.ts";
import { channelSample } from "../../shared/guide/channel.ts";
import type { ReaderProgress } from "../guide/guide-reader.ts";
import { type GuideWork, workInPlace } from "../guide/guide-work.ts";
import { createGuideThreads } from "./guide-thread.ts";

const NOW_MS = Date.UTC(2026, 10, 23);
const HOUR_MS = 3_600_000;
/** The first three hours of the guide are not kept. */
const TIMES = { nowMs: NOW_MS, keptFromMs: NOW_MS + 3 * HOUR_MS };
const CHANNELS = 40;
const threads = createGuideThreads(0);
const encoder = new TextEncoder();

const time = (ms: number) => new Date(ms).toISOString().replace(/[-:T]/g, "").slice(0, 14);

/** A day on each channel; times name no zone, every tenth title has a bare ampersand. */
function guide(delayMs = 0): string {
  const channel = (_: unknown, at: number) => `<channel id="c${at}"><display-name>C</display-name></channel>`;
  const programme = (_: unknown, at: number) => {
    const startMs = NOW_MS + Math.floor(at / CHANNELS) * HOUR_MS + (at % 7 === 0 ? delayMs : 0);
    return `<programme start="${time(startMs)}" channel="c${at % CHANNELS}"><title>${
      at % 10 === 0 ? "Q & A" : "新闻"
    } ${at}</title></programme>\n`;
  };
  const all = [
    ...Array.from({ length: CHANNELS }, channel),
    ...Array.from({ length: CHANNELS * 24 }, programme),
  ];
  return `<tv>${all.join("")}</tv>`;
}

async function* pieces(text: string, bytes = 1_000): AsyncGenerator<Uint8Array> {
  const whole = encoder.encode(text);
  for (let at = 0; at < whole.length; at += bytes) yield whole.subarray(at, at + bytes);
}

/** Everything that comes of a guide. @param bodies what is stored; what the guide brings is put there */
async function importInto(bodies: Map<string, Uint8Array>, text: string, work: GuideWork) {
  const asked: string[] = [];
  let last: ReaderProgress | undefined;
  const settings = { zones: new Map([["c3", "Asia/Shanghai"]]), zone: "Europe/Athens", ...TIMES };
  const onProgress = (progress: ReaderProgress) => {
    last = { ...progress };
  };
  return await work.withGuide(pieces(text), settings, onProgress, async (read) => {
    const channels = await read.putRight([{ ...channelSample, id: "known", number: 9 }]);
    const compared = [];
    const storedOf = async (channel: string) => {
      asked.push(channel);
      return { body: bodies.get(channel), watched: channel === "c5" };
    };
    for await (const each of read.compare(storedOf)) {
      compared.push(each);
      if (each.body) bodies.set(each.channel, each.body);
    }
    return { channels, asked, compared, outcome: read.outcome(), last };
  });
}

test("createGuideThreads() has a guide read, put right and compared just as it is done in place", async () => {
  const [stored, storedInPlace] = [new Map<string, Uint8Array>(), new Map<string, Uint8Array>()];
  for (const text of [guide(), guide(600_000), guide(600_000)]) {
    const there = await importInto(stored, text, threads);
    const here = await importInto(storedInPlace, text, workInPlace);
    assert.deepEqual(there, here);
    assert.equal(there.compared.length, CHANNELS);
    assert.equal(there.last?.programmes, CHANNELS * 24);
  }
  assert.deepEqual(stored, storedInPlace);
});

const BROKEN: [string, string, string][] = [
  ["that is cut off", guide().slice(0, -200), "guide-truncated"],
  ["that is none", `<html>${" ".repeat(200_000)}</html>`, "not-a-guide"],
];
for (const [what, text, code] of BROKEN) {
  test(`createGuideThreads() refuses a guide ${what} as it is refused in place`, async () => {
    const refusal = async (work: GuideWork) => {
      const thrown = await importInto(new Map(), text, work).catch((error) => error);
      assert.ok(thrown instanceof CuecastError, String(thrown));
      return [thrown.code, thrown.status, thrown.message];
    };
    assert.equal((await refusal(threads))[0], code);
    assert.deepEqual(await refusal(threads), await refusal(workInPlace));
  });
}

test("createGuideThreads() passes on what its source and its user throw, and ends the source", async () => {
  const settings = { zones: new Map(), ...TIMES };
  const broken = new Error("the line broke");
  async function* breaking() {
    yield encoder.encode("<tv>");
    throw broken;
  }
  const unused = () => assert.fail("used");
  await assert.rejects(
    threads.withGuide(breaking(), settings, () => {}, unused),
    broken,
  );
  let ended = false;
  async function* endless() {
    try {
      yield encoder.encode("no guide");
      for (;;) {
        // As from a socket: the loop has its turn.
        await new Promise((resolve) => setImmediate(resolve));
        yield encoder.encode(" at all");
      }
    } finally {
      ended = true;
    }
  }
  await assert.rejects(
    threads.withGuide(endless(), settings, () => {}, unused),
    { code: "not-a-guide" },
  );
  assert.equal(ended, true);
  const later = new Error("the store is full");
  await assert.rejects(
    threads.withGuide(
      pieces(guide()),
      settings,
      () => {},
      async () => Promise.reject(later),
    ),
    later,
  );
});

test("a small guide starts no thread: it is read where it is asked for", async () => {
  const settings = { zones: new Map(), ...TIMES };
  let mine: unknown;
  const found = await createGuideThreads(1_000_000).withGuide(
    pieces(guide()),
    settings,
    (progress) => {
      // In place the totals are one and the same object; from a thread each is a copy.
      mine ??= progress;
      assert.equal(mine, progress);
    },
    async (read) => read.putRight([]),
  );
  assert.equal(found.length, CHANNELS);
});
