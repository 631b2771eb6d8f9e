/** Central's API as the commands use it: address, token, time limits, and problems turned into errors. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CuecastError, causeMessage } from "../../shared/errors.ts";
import type { Problem } from "../../shared/protocol/problem.ts";
import type { SettingTable, Values } from "./settings.ts";

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
  upload(path: string, type: string, body: ReadableStream<Uint8Array>): Promise<unknown>;
}

/** A large guide takes its time; anything longer is a line that hangs. */
const TIMEOUT_MS = 300_000;

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
  const call = async (method: string, path: string, init: RequestInit & { duplex?: "half" } = {}) => {
    const url = new URL(path, values.central);
    let response: Response;
    try {
      response = await fetch(url, {
        ...init,
        method,
        headers: { ...init.headers, authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (cause) {
      throw new CuecastError(`Cannot reach central at ${url.origin}: ${causeMessage(cause)}`, {
        code: "unreachable",
        retryable: true,
        cause,
      });
    }
    return readReply(response);
  };
  return {
    get: (path) => call("GET", path),
    text: async (path) => String((await call("GET", path)) ?? ""),
    send: (method, path, body) =>
      call(method, path, {
        headers: { "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    upload: (path, type, body) =>
      call("POST", path, { headers: { "content-type": type }, body, duplex: "half" }),
  };
}
