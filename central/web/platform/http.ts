/** One request to central: JSON there and back, problems as errors, a limit on waiting. */
import type { WrongPlace } from "../../../shared/errors.ts";
import type { Problem } from "../../../shared/protocol/problem.ts";

const TIMEOUT_MS = 20_000;
/** A guide or a publication of hundreds of thousands of rows. */
const PATIENT_MS = 300_000;

/** Central said no, and why. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: WrongPlace[];
  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? `HTTP ${status}`);
    this.status = status;
    this.code = problem.type?.split("/").pop() ?? "refused";
    this.errors = problem.errors ?? [];
  }
}
/** Central did not answer. */
export class Unreachable extends Error {}

export interface Question {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
  /** Sent as it is, instead of JSON. */
  bytes?: Blob;
  headers?: Record<string, string>;
  patient?: boolean;
}
export interface Reply<T> {
  body: T;
  tag: string | undefined;
}

export async function ask<T>(question: Question): Promise<Reply<T>> {
  const { method, path, body, bytes, headers, patient } = question;
  let reply: Response;
  let text: string;
  try {
    reply = await fetch(path, {
      method,
      headers: {
        "x-cuecast": "page",
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(bytes && { "content-type": bytes.type || "application/octet-stream" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(bytes && { body: bytes }),
      signal: AbortSignal.timeout(patient ? PATIENT_MS : TIMEOUT_MS),
    });
    text = await reply.text();
  } catch (cause) {
    throw new Unreachable("unreachable", { cause });
  }
  let value: unknown;
  try {
    value = text === "" ? undefined : JSON.parse(text);
  } catch {
    value = undefined;
  }
  // A proxy in front may answer for a central that does not.
  if (!reply.ok && value === undefined && reply.status >= 502) throw new Unreachable("unreachable");
  if (!reply.ok) throw new Refused(reply.status, (value ?? {}) as Partial<Problem>);
  return { body: value as T, tag: reply.headers.get("etag") ?? undefined };
}
