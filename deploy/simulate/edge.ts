/** An edge: its real compiled snapshot, its real judgement and bookkeeping of answers, and its crashes. */
import { judgeAnswer } from "../../edge/headend/outbox/judge-answer.ts";
import { createLedger, pairId, tallyId } from "../../edge/headend/outbox/ledger.ts";
import { type Entry, uplinkAnswerOf } from "../../edge/headend/outbox/log/entry.ts";
import { PairHash } from "../../edge/headend/outbox/log/pair-hash.ts";
import { nowSpan } from "../../edge/headend/outbox/now-span.ts";
import type { CachedBody } from "../../edge/headend/serve/cached-body.ts";
import { matchesAny } from "../../edge/headend/serve/conditional.ts";
import type { Publication } from "../../edge/headend/serve/publication-view.ts";
import { makeResults } from "../../edge/headend/serve/results-view.ts";
import type { Snapshot } from "../../edge/headend/serve/snapshot.ts";
import { CuecastError } from "../../shared/errors.ts";
import type { AiringsRequest } from "../../shared/protocol/airings.ts";
import type { AnswersRequest, Receipt } from "../../shared/protocol/answers.ts";
import type { Schedule } from "../../shared/protocol/schedule.ts";
import type { Tally } from "../../shared/uplink/batch.ts";
import type { QueuedAnswer } from "./central.ts";
import type { Compile } from "./compile-once.ts";
import type { Coverage } from "./coverage.ts";
import type { ReadBodies } from "./read-bodies.ts";
import { createReadPosts } from "./read-posts.ts";

export interface EdgeReply {
  status: number;
  text: string;
  etag: string | null;
  retryAfter: string | null;
  /** What `text` says, when it is a schedule: read once for all boxes that get it. */
  schedule?: Schedule | undefined;
}

export interface EdgeSettings {
  url: string;
  /** How far its clock is ahead of the truth, ms. */
  clockOffMs: number;
  compile: Compile;
  bodies: ReadBodies;
  coverage: Coverage;
  /** What a box's token must be; undefined where the edge demands none. */
  tokenOf: ((box: string) => string) | undefined;
  /** An answer was judged by this moment of its cue, which perhaps no schedule ever carried. */
  onJudged(cue: string, atMs: number): void;
  onReceipt(box: string, receipt: Receipt): void;
  /** Planted: some of what was acknowledged never was on disk. */
  forgetsSome: boolean;
}

export interface Edge {
  readonly url: string;
  /** Nobody listens. */
  down: boolean;
  /** Refuses everything but the time with 503. */
  busy: boolean;
  promote(publication: Publication): Promise<void>;
  handle(
    path: string,
    etag: string | null,
    body: string | null,
    nowMs: number,
    token: string | null,
  ): EdgeReply;
  /** What waits for central: at most 100. */
  batch(): QueuedAnswer[];
  acknowledge(count: number): void;
}

const BATCH_MAX = 100;
/** Cues from which a schedule counts as large. */
const LARGE = 400;
const FORGETS_EVERY = 5;
/** Read paths remembered. */
const PATHS_MAX = 5_000;

/** Boxes ask for the same over and over: read once. */
const readPaths = new Map<string, { parts: readonly string[]; query: string }>();

function readPath(path: string) {
  let read = readPaths.get(path);
  if (!read) {
    const [address = "", query = ""] = path.split("?");
    read = { parts: address.split("/").map(decodeURIComponent), query };
    if (readPaths.size >= PATHS_MAX) readPaths.clear();
    readPaths.set(path, read);
  }
  return read;
}

export function createEdge(settings: EdgeSettings): Edge {
  const { hit } = settings.coverage;
  let snapshot: Snapshot | undefined;
  const keys = new Map<string, Entry>();
  const votes = new Map<string, Entry>();
  const nowhere = { sequence: 0, at: 0 };
  const tallies = new Map<string, Tally>();
  const pairHash = new PairHash([1, 2]);
  const posts = createReadPosts<AnswersRequest | AiringsRequest>();
  let queue: QueuedAnswer[] = [];
  let lastNumber = 0;

  const nothing = (status: number, retryAfter: string | null = null): EdgeReply => ({
    status,
    text: "",
    etag: null,
    retryAfter,
  });

  const given = (text: string): EdgeReply => ({ status: 200, text, etag: null, retryAfter: null });

  function giveSchedule(body: CachedBody | undefined, etag: string | null): EdgeReply {
    const reply = give(body, etag);
    if (body && reply.status === 200) {
      reply.schedule = settings.bodies.schedule(body);
      if (reply.schedule.cues.length >= LARGE) hit("large schedule given");
    }
    return reply;
  }

  function give(body: CachedBody | undefined, etag: string | null): EdgeReply {
    if (!body) return nothing(404);
    const isSame = etag === body.etag;
    if (isSame) hit("not modified");
    const status = isSame || (etag !== null && matchesAny(etag, [body.etag])) ? 304 : 200;
    const text = status === 200 ? settings.bodies.text(body) : "";
    return { status, text, etag: body.etag, retryAfter: null };
  }

  function takeAnswers({ box, answers }: AnswersRequest, nowMs: number): EdgeReply {
    const ledger = createLedger({
      hash: (kind, who, id) => pairHash.of(kind, who, id),
      find(kind, who, id) {
        const entry = (kind === "key" ? keys : votes).get(pairId(who, id));
        return entry && entry.forgetMs > nowMs ? { entry, place: nowhere } : undefined;
      },
      tally: (id) => tallies.get(id),
    });
    const now = nowSpan(nowMs, undefined);
    const receipts = answers.map((answer) => {
      if (keys.has(pairId(box, answer.key))) hit("answer known already");
      const cue = snapshot?.cue(answer.cue, nowMs)?.cue;
      const interaction = snapshot?.published(answer.interaction, answer.version)?.interaction;
      if (cue) settings.onJudged(cue.id, cue.atMs);
      return ledger.enter(box, answer, judgeAnswer(answer, cue, interaction, now), nowMs);
    });
    const queued: QueuedAnswer[] = [];
    for (const entry of ledger.entries) {
      keys.set(pairId(box, entry.key), entry);
      if (entry.count > 0) votes.set(pairId(box, entry.cue), entry);
      if (entry.status === "accepted")
        queued.push(uplinkAnswerOf(entry, lastNumber + queued.length + 1, nowMs));
    }
    for (const [id, tally] of ledger.tallies) tallies.set(id, tally);
    lastNumber += queued.length;
    const forgotten = settings.forgetsSome && lastNumber % FORGETS_EVERY === 0;
    if (!forgotten) queue = queue.concat(queued);
    for (const receipt of receipts) settings.onReceipt(box, receipt);
    return given(JSON.stringify({ receipts }));
  }

  function giveResults(id: string, nowMs: number): EdgeReply {
    const found = snapshot?.cue(id, nowMs);
    if (!found) return nothing(404);
    const { cue, published } = found;
    const tally = tallies.get(tallyId({ cue: id, interaction: cue.interaction, version: cue.version }));
    const results = makeResults(cue, published, tally && { scope: "edge", ...tally }, nowMs);
    if (!results) return nothing(404);
    hit("results given");
    return given(JSON.stringify(results));
  }

  function takePost(
    kind: "answers" | "airings",
    body: string,
    nowMs: number,
    token: string | null,
  ): EdgeReply {
    const message = posts.read(kind, body);
    const { tokenOf } = settings;
    if (tokenOf && token !== tokenOf(message.box)) {
      hit("token refused");
      return nothing(401);
    }
    if ("answers" in message) return takeAnswers(message, nowMs);
    return given(`{"accepted":${message.airings.length}}`);
  }

  function route(
    path: string,
    etag: string | null,
    body: string | null,
    nowMs: number,
    token: string | null,
  ): EdgeReply {
    if (path.startsWith("/v1/time")) return given(`{"timeMs":${nowMs}}`);
    if (!snapshot) return nothing(503, "5");
    const { parts, query } = readPath(path);
    switch (parts[2]) {
      case "channels": {
        if (parts.length === 3) return give(snapshot.lineUp, etag);
        const view = snapshot.channel(parts[3] as string);
        return giveSchedule(view?.scheduleAt(nowMs), etag);
      }
      case "interactions":
        return give(
          snapshot.interaction(parts[3] as string, Number(query.replace("version=", "")), nowMs),
          etag,
        );
      case "images": {
        const image = snapshot.image(parts[3] as string);
        if (image) hit("image given");
        return nothing(image ? 200 : 404);
      }
      case "cues":
        return giveResults(parts[3] as string, nowMs);
      case "answers":
      case "airings":
        return takePost(parts[2], body as string, nowMs, token);
      default:
        return nothing(404);
    }
  }

  const edge: Edge = {
    url: settings.url,
    down: false,
    busy: false,
    async promote(publication) {
      snapshot = await settings.compile(publication, snapshot);
    },
    handle(path, etag, body, trueMs, token) {
      if (edge.busy && !path.startsWith("/v1/time")) return nothing(503, "20");
      try {
        const reply = route(path, etag, body, Math.floor(trueMs + settings.clockOffMs), token);
        if (reply.status === 404) hit("not found");
        return reply;
      } catch (error) {
        if (!(error instanceof CuecastError)) throw error;
        const { status, retryAfterMs } = error;
        if (status === 425) hit("embargo kept");
        return nothing(status, retryAfterMs === undefined ? null : String(Math.ceil(retryAfterMs / 1000)));
      }
    },
    batch: () => queue.slice(0, BATCH_MAX),
    acknowledge(count) {
      queue = queue.slice(count);
    },
  };
  return edge;
}
