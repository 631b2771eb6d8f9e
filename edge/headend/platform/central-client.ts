/** Central over HTTP. Every call ends, black hole or not, and fails in words that a technician can use. */
import * as v from "valibot";
import { CuecastError, causeMessage } from "../../../shared/errors.ts";
import { problemSchema } from "../../../shared/protocol/problem.ts";
import { batchReplySchema } from "../../../shared/uplink/batch.ts";
import { enrolReplySchema, renewReplySchema } from "../../../shared/uplink/enrolment.ts";
import { hintReplySchema } from "../../../shared/uplink/hint.ts";
import { resultsReplySchema } from "../../../shared/uplink/results.ts";
import type { Central } from "../central.ts";

/** 15 s: a slow line and a busy central, not a person's patience. */
const ANSWER_MS = 15_000;
/** Largest reply read. */
const REPLY_BYTES_MAX = 8_388_608;
const RETRY_AFTER_MAX_MS = 3_600_000;

interface Asking {
  path: keyof typeof ERRANDS;
  body: unknown;
  timeoutMs: number;
  signal?: AbortSignal;
}

/** What each call is for, for the words of a refusal. */
const ERRANDS = {
  enrol: "enrol at central",
  renew: "renew the token for air at central",
  hint: "report to central",
  batch: "send answers to central",
  results: "ask central for national results",
} as const;

/** The state alone of another program's `Cannot <verb> <what>: <state>`. */
const stateOf = (words: string) => words.replace(/^Cannot [^:]*: /, "");

function retryAfterMs(reply: Response): number | undefined {
  const seconds = Number(reply.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(RETRY_AFTER_MAX_MS, Math.max(0, seconds * 1000)) : undefined;
}

async function readText(reply: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (reply.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > REPLY_BYTES_MAX) throw new Error("its reply is too large");
    chunks.push(chunk);
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return new TextDecoder().decode(whole);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * @param settings `url`: central's address; `uplinkToken`: absent before enrolment; `answerMs`: how long central
 * may take beyond what was asked for
 */
export function createCentralClient(settings: {
  url: string;
  uplinkToken?: string;
  answerMs?: number;
}): Central {
  const { answerMs = ANSWER_MS } = settings;
  const base = settings.url.replace(/\/+$/, "");

  async function ask<T>(schema: v.GenericSchema<unknown, T>, asking: Asking): Promise<T> {
    const fail = (state: string, code: string, more: { status?: number; cause?: unknown; waitMs?: number }) =>
      // Whoever answers was reached: only then is the line not to blame.
      new CuecastError(
        `Cannot ${code === "central-unreachable" ? "reach central at" : ERRANDS[asking.path]} ${base}: ${state}`,
        {
          code,
          status: more.status ?? 503,
          retryable: code !== "central-refused" && code !== "central-refused-token",
          retryAfterMs: more.waitMs,
          cause: more.cause,
        },
      );
    const signals = [AbortSignal.timeout(asking.timeoutMs)];
    if (asking.signal) signals.push(asking.signal);
    let reply: Response;
    let text: string;
    try {
      reply = await fetch(`${base}/uplink/v1/${asking.path}`, {
        method: "POST",
        redirect: "error",
        headers: {
          "content-type": "application/json",
          ...(settings.uplinkToken && { authorization: `Bearer ${settings.uplinkToken}` }),
        },
        body: JSON.stringify(asking.body),
        signal: AbortSignal.any(signals),
      });
      text = await readText(reply);
    } catch (cause) {
      const state = signals[0]?.aborted ? `no answer in ${asking.timeoutMs} ms` : causeMessage(cause);
      throw fail(state, "central-unreachable", { cause });
    }
    const value = parse(text);
    if (reply.ok) {
      const parsed = v.safeParse(schema, value);
      if (parsed.success) return parsed.output;
      const where = v.getDotPath(parsed.issues[0]) ?? "the top";
      throw fail(`its reply fails its schema at ${where}: is that address central's?`, "central-garbled", {});
    }
    const { status } = reply;
    const problem = v.safeParse(problemSchema, value);
    const words = problem.success
      ? [stateOf(problem.output.detail), problem.output.errors?.[0]?.message].filter(Boolean).join("; ")
      : `status ${status} without a problem`;
    const refused = asking.path === "enrol" ? "the code" : "this edge";
    if (status === 401 || status === 403) {
      throw fail(`it refused ${refused}: ${words}`, "central-refused-token", { status });
    }
    if (status === 429 || status >= 500) {
      throw fail(`it cannot now: ${words}`, "central-unwell", { waitMs: retryAfterMs(reply) });
    }
    // Only central's own words are a refusal of what was sent; something between may say 400 to anything.
    if (!problem.success) throw fail(`${words}; is that address central's?`, "central-garbled", {});
    throw fail(`it refused: ${words}`, "central-refused", { status });
  }

  return {
    enrol: (body) => ask(enrolReplySchema, { path: "enrol", body, timeoutMs: answerMs }),
    renew: () => ask(renewReplySchema, { path: "renew", body: {}, timeoutMs: answerMs }),
    hint: (body, signal) =>
      ask(hintReplySchema, { path: "hint", body, timeoutMs: body.waitMs + answerMs, signal }),
    batch: (body) => ask(batchReplySchema, { path: "batch", body, timeoutMs: 2 * answerMs }),
    results: (body) => ask(resultsReplySchema, { path: "results", body, timeoutMs: answerMs / 3 }),
  };
}
