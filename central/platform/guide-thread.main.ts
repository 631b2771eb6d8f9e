/** The thread of one guide: see `guide-thread.ts`, which starts it and which it talks with. */
import { parentPort } from "node:worker_threads";
import { CuecastError } from "../../shared/errors.ts";
import type { Channel } from "../../shared/guide/channel.ts";
import { compareChannel, type IncomingRows } from "../guide/compare.ts";
import type { ReaderProgress } from "../guide/guide-reader.ts";
import { importOptions, type WorkSettings } from "../guide/guide-work.ts";
import { putRight, readRawGuide } from "../guide/import.ts";
import type { FromThread, StoredBuffer, ToThread } from "./guide-thread.ts";
import { createTalk, type Talk, wholeBuffer } from "./thread-talk.ts";

/** Channels put right while what is stored of the first of them is on its way: the starter may be writing meanwhile. */
const CHANNELS_AHEAD_MAX = 8;

async function work(talk: Talk<FromThread, ToThread>): Promise<void> {
  const settings = (await talk.receive()) as WorkSettings;
  const options = importOptions(settings);
  const progress: ReaderProgress = { bytes: 0, plainBytes: 0, channels: 0, programmes: 0 };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const piece = (await talk.receive()) as ArrayBuffer | null;
      if (piece === null) return;
      talk.send({ kind: "taken", progress });
      yield new Uint8Array(piece);
    }
  }
  const raw = await readRawGuide(pieces(), {
    ...options,
    onProgress: (now) => void Object.assign(progress, now),
  });
  talk.send({ kind: "read", progress });
  const file = putRight(raw, (await talk.receive()) as Channel[], options);
  talk.send({ kind: "channels", channels: file.channels });

  const asked: IncomingRows[] = [];
  async function compareNext(): Promise<void> {
    const { body: storedBody, watched: isWatched } = (await talk.receive()) as StoredBuffer;
    const stored = { body: storedBody && new Uint8Array(storedBody), watched: isWatched };
    const { channel, counts, moves, ...made } = compareChannel(
      asked.shift() as IncomingRows,
      stored,
      settings.keptFromMs,
    );
    const body = made.body && wholeBuffer(made.body);
    const after = made.watched && wholeBuffer(made.watched.after);
    const rows = made.watched && wholeBuffer(made.watched.rows);
    talk.send({ kind: "compared", compared: { channel, counts, moves, body, after, rows } }, [
      body,
      after,
      rows,
    ]);
  }
  for (const rows of file.programmes) {
    asked.push(rows);
    talk.send({ kind: "ask", channel: rows.channel });
    if (asked.length > CHANNELS_AHEAD_MAX) await compareNext();
  }
  while (asked.length > 0) await compareNext();
  talk.send({ kind: "done", outcome: { defects: file.defects(), stats: file.stats } });
}

if (parentPort) {
  const talk = createTalk<FromThread, ToThread>(parentPort);
  await work(talk).catch((error) => {
    if (error instanceof CuecastError) {
      const { message, code, status } = error;
      talk.send({ kind: "refused", message, code, status });
    } else {
      talk.send({ kind: "failed", error: error instanceof Error ? error : new Error(String(error)) });
    }
  });
}
