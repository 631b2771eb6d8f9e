/** Central's API as the commands use it: address, token, time limits, and problems turned into errors. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CuecastError, causeMessage } from "../../shared/errors.ts";
import { CENTRAL_PART, PART_HEADER } from "../../shared/protocol/part-header.ts";
import type { Problem } from "../../shared/protocol/problem.ts";
import type { SettingTable, Values } from "./settings.ts";
import { type Upload, upload } from "./upload.ts";

/** Settings of every command that talks to central. */
export const apiSettings = {
  central: { kind: "url", about: "central's address", default: "http://127.0.0.1:8080" },
  token: { kind: "text", about: "API token; without it, the file `token` of --data is read" },
  data: {
    kind: "text",
    unit: "dir",
    about: "central's data directory on this machine, which holds the token",
    default: "data/central",
  },
  ca: { kind: "text", unit: "file", about: "authorities (PEM) to trust besides the usual" },
  json: { kind: "flag", about: "print JSON" },
} as const satisfies SettingTable;

export interface Api {
  get(path: string): Promise<unknown>;
  /** What is no JSON. */
  text(path: string): Promise<string>;
  send(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<unknown>;
  /** Sends a file as it is read. */
  upload(path: string, file: Upload): Promise<unknown>;
}

/** Anything longer is a line that hangs: reading, changing and publishing, and a large guide. */
const GET_WITHIN_MS = 30_000;
const SEND_WITHIN_MS = 120_000;
const UPLOAD_WITHIN_MS = 300_000;

function readToken(values: Omit<Values<typeof apiSettings>, "ca">): string {
  if (values.token) return values.token;
  const path = join(values.data, "token");
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    throw new CuecastError(
      `Cannot sign in to central: no --token (or CUECAST_TOKEN), and ${path} cannot be read`,
      { code: "usage", status: 400 },
    );
  }
}

async function readReply(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.ok && !response.headers.get("content-type")?.includes("json")) return text || undefined;
  let value: unknown;
  try {
    value = text === "" ? undefined : JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (response.ok) return value;
  const problem = (value ?? {}) as Partial<Problem>;
  throw new CuecastError(problem.detail ?? `Cannot go on: central answered ${response.status}`, {
    code: problem.type?.split("/").pop() ?? "refused",
    status: response.status,
    errors: problem.errors,
  });
}

export function createApi(values: Omit<Values<typeof apiSettings>, "ca">): Api {
  const token = readToken(values);
  const ask = async (
    path: string,
    withinMs: number,
    send: (url: URL, init: { headers: Record<string, string>; signal: AbortSignal }) => Promise<Response>,
  ) => {
    const url = new URL(path, values.central);
    const signal = AbortSignal.timeout(withinMs);
    const unreachable = (state: string, cause?: unknown) =>
      new CuecastError(`Cannot reach central at ${url.origin}: ${state}`, {
        code: "unreachable",
        retryable: true,
        cause,
      });
    try {
      const response = await send(url, { headers: { authorization: `Bearer ${token}` }, signal });
      if (response.headers.get(PART_HEADER) !== CENTRAL_PART) {
        await response.body?.cancel();
        throw unreachable(
          `what answers there, with status ${response.status}, is not central: an edge, or a proxy before it?`,
        );
      }
      return await readReply(response);
    } catch (cause) {
      if (cause instanceof CuecastError) throw cause;
      throw unreachable(signal.aborted ? `no answer in ${withinMs / 1000} s` : causeMessage(cause), cause);
    }
  };
  const call = (method: string, path: string, withinMs: number, body?: unknown) =>
    ask(path, withinMs, (url, { headers, signal }) =>
      fetch(url, {
        method,
        headers: { ...headers, ...(method !== "GET" && { "content-type": "application/json" }) },
        signal,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    );
  return {
    get: (path) => call("GET", path, GET_WITHIN_MS),
    text: async (path) => String((await call("GET", path, GET_WITHIN_MS)) ?? ""),
    send: (method, path, body) => call(method, path, SEND_WITHIN_MS, body),
    upload: (path, file) => ask(path, UPLOAD_WITHIN_MS, (url, init) => upload(url, file, init)),
  };
}
