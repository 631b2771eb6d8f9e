/**
 * Has large guides read and compared in a thread: central's own thread then only receives the bytes and writes the
 * rows, while the other one works; and on two cores both get on. The thread lives for one guide. Its side is
 * `guide-thread.main.ts`.
 */
import { Worker } from "node:worker_threads";
import { CuecastError } from "../../shared/errors.ts";
import type { Channel } from "../../shared/guide/channel.ts";
import type { ComparedChannel } from "../guide/compare.ts";
import type { ReaderProgress } from "../guide/guide-reader.ts";
import {
  type GuideOutcome,
  type GuideWork,
  type ReadGuide,
  type StoredOf,
  type WorkSettings,
  workInPlace,
} from "../guide/guide-work.ts";
import { createTalk, type Talk, wholeBuffer } from "./thread-talk.ts";

/** To the thread, in this order: settings, pieces, null at their end, the known channels, and what is stored of each
 * channel that it asks for. */
export type ToThread = WorkSettings | ArrayBuffer | null | readonly Channel[] | StoredBuffer;

/** A `StoredChannel`. */
export interface StoredBuffer {
  body: ArrayBuffer | undefined;
  watched: boolean;
}

/** A `ComparedChannel`. */
export interface ComparedBuffers extends Omit<ComparedChannel, "body" | "watched"> {
  body: ArrayBuffer | undefined;
  after: ArrayBuffer | undefined;
  rows: ArrayBuffer | undefined;
}

export type FromThread =
  /** A piece is taken. */
  | { kind: "taken"; progress: ReaderProgress }
  | { kind: "read"; progress: ReaderProgress }
  | { kind: "channels"; channels: Channel[] }
  | { kind: "ask"; channel: string }
  | { kind: "compared"; compared: ComparedBuffers }
  | { kind: "done"; outcome: GuideOutcome }
  | { kind: "refused"; message: string; code: string; status: number }
  | { kind: "failed"; error: Error };

/** Smaller guides are read in place: to start a thread takes 0.1 to 0.3 s of a processor, and 1 MiB of guide less. */
const IN_PLACE_BYTES_MAX = 1_048_576;
/** Node's room for what lives shortly, by thread: with its default of 48 an import takes 10 MB more, and no less time. */
const YOUNG_GENERATION_MEGABYTES = 12;
/** Pieces sent ahead of the thread's work; from a socket they have up to 256 KiB. */
const PIECES_AHEAD_MAX = 8;

/** @param inPlaceBytesMax as received; a guide that is no larger gets no thread */
export function createGuideThreads(inPlaceBytesMax = IN_PLACE_BYTES_MAX): GuideWork {
  return {
    async withGuide(bytes, settings, onProgress, use, pause) {
      const { head, rest } = await readHead(bytes, inPlaceBytesMax);
      if (rest === undefined)
        return await workInPlace.withGuide(pass(head), settings, onProgress, use, pause);
      const worker = new Worker(new URL("./guide-thread.main.ts", import.meta.url), {
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES },
      });
      try {
        const talk = createTalk<ToThread, FromThread>(worker);
        talk.send(settings);
        await sendPieces(pass(head, rest), talk, onProgress);
        return await use(guideIn(talk));
      } finally {
        await rest.return?.();
        await worker.terminate();
      }
    },
  };
}

/** @returns `rest` when the bytes go on */
async function readHead(bytes: AsyncIterable<Uint8Array>, most: number) {
  const rest = bytes[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  for (let length = 0; length <= most; ) {
    const { done, value } = await rest.next();
    if (done) return { head };
    head.push(value);
    length += value.length;
  }
  return { head, rest };
}

async function* pass(
  head: readonly Uint8Array[],
  rest?: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* head;
  for (;;) {
    const next = await rest?.next();
    if (next === undefined || next.done) return;
    yield next.value;
  }
}

/** Sends all, and waits until all is read. */
async function sendPieces(
  pieces: AsyncIterable<Uint8Array>,
  talk: Talk<ToThread, FromThread>,
  onProgress: (progress: ReaderProgress) => void,
): Promise<void> {
  let ahead = 0;
  const hear = async () => {
    const heard = await receive(talk);
    if (heard.kind === "taken" || heard.kind === "read") onProgress(heard.progress);
    ahead--;
    return heard.kind;
  };
  for await (const piece of pieces) {
    // A copy: what came from a socket may share its memory with what comes next.
    const own = new Uint8Array(piece).buffer;
    talk.send(own, [own]);
    ahead++;
    while (ahead >= PIECES_AHEAD_MAX || talk.waiting()) await hear();
  }
  talk.send(null);
  while ((await hear()) !== "read");
}

function guideIn(talk: Talk<ToThread, FromThread>): ReadGuide {
  let outcome: GuideOutcome | undefined;
  return {
    async putRight(known) {
      talk.send(known);
      const heard = await receive(talk);
      return heard.kind === "channels" ? heard.channels : [];
    },
    async *compare(storedOf: StoredOf) {
      for (;;) {
        const heard = await receive(talk);
        if (heard.kind === "ask") {
          const { body, watched } = await storedOf(heard.channel);
          talk.send({ body: body && wholeBuffer(body), watched });
        } else if (heard.kind === "compared") yield fromBuffers(heard.compared);
        else if (heard.kind === "done") {
          outcome = heard.outcome;
          return;
        }
      }
    },
    outcome() {
      if (outcome === undefined) throw new Error("not all channels of the guide were compared");
      return outcome;
    },
  };
}

function fromBuffers({ channel, counts, moves, body, after, rows }: ComparedBuffers): ComparedChannel {
  return {
    ...{ channel, counts, moves },
    ...(body && { body: new Uint8Array(body) }),
    ...(after && rows && { watched: { after: new Uint8Array(after), rows: new Uint8Array(rows) } }),
  };
}

/** @throws what the thread threw */
async function receive(talk: Talk<ToThread, FromThread>): Promise<FromThread> {
  const heard = await talk.receive();
  if (heard.kind === "failed") throw heard.error;
  if (heard.kind !== "refused") return heard;
  const { message, code, status } = heard;
  throw new CuecastError(message, { code, status });
}
