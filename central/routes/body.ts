/** Reading a request's body: by its limit, by its kind, and by its schema. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { fieldErrors } from "./field-errors.ts";
import { harmfulCharacters } from "./text-characters.ts";
import { unknownFields } from "./unknown-fields.ts";

/** What a JSON body may be unless its route says otherwise. */
export const JSON_BYTES_MAX = 1_048_576;

const tooLarge = (bytesMax: number) =>
  new CuecastError(`Cannot take this body: it is larger than ${bytesMax} bytes`, {
    code: "body-too-large",
    status: 413,
  });

/** @throws {CuecastError} 413 as soon as it is too large, 400 when it breaks off */
export async function readBytes(
  stream: ReadableStream<Uint8Array> | null,
  bytesMax: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream ?? []) {
      size += chunk.byteLength;
      if (size > bytesMax) throw tooLarge(bytesMax);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof CuecastError) throw cause;
    throw bodyBroken(cause);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

export const bodyBroken = (cause: unknown): CuecastError =>
  new CuecastError("Cannot read this body: it broke off or is not what its encoding says", {
    code: "body-broken",
    status: 400,
    cause,
  });

function decoded(request: Request): ReadableStream<Uint8Array> | null {
  const encoding = request.headers.get("content-encoding") ?? "identity";
  if (encoding === "identity") return request.body;
  if (encoding !== "gzip") {
    throw new CuecastError(`Cannot read this body: the encoding ${encoding.slice(0, 40)} is not gzip`, {
      code: "unsupported-encoding",
      status: 415,
    });
  }
  const gunzip = new DecompressionStream("gzip") as unknown as ReadableWritablePair<Uint8Array, Uint8Array>;
  return request.body?.pipeThrough(gunzip) ?? null;
}

/** Of a body whose length is told and within the limit, in one piece: its server hands over no byte more. */
async function readWhole(request: Request, bytesMax: number): Promise<Uint8Array> {
  const isPlain = (request.headers.get("content-encoding") ?? "identity") === "identity";
  if (!isPlain || !request.headers.has("content-length")) return readBytes(decoded(request), bytesMax);
  try {
    return new Uint8Array(await request.arrayBuffer());
  } catch (cause) {
    throw bodyBroken(cause);
  }
}

/** @throws {CuecastError} 400, 413, 415 */
export async function readJson(request: Request, bytesMax: number): Promise<unknown> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json" && (type !== "" || request.body !== null)) {
    throw new CuecastError("Cannot take this body: send it as application/json", {
      code: "unsupported-media-type",
      status: 415,
    });
  }
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) throw tooLarge(bytesMax);
  const bytes = await readWhole(request, bytesMax);
  // Where every field is optional, no body says as much as an empty one.
  if (bytes.byteLength === 0) return {};
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new CuecastError("Cannot read this body: it is not JSON in UTF-8", {
      code: "not-json",
      status: 400,
      cause,
    });
  }
  // Every body here is an object; schemas take a list for one without fields.
  if (Array.isArray(body)) {
    throw new CuecastError("Cannot take this body: it is a list and not an object", {
      code: "bad-body",
      status: 400,
    });
  }
  return body;
}

/**
 * For what people and tools send: edges may be of another release, and what they know beyond this one is passed over.
 *
 * @throws {CuecastError} 400 `bad-body` that names each field that is not known
 */
export function refuseUnknownFields(
  schema: v.GenericSchema<unknown, unknown>,
  body: unknown,
  passed: readonly string[],
): void {
  const errors = unknownFields(schema, body, passed);
  if (errors.length === 0) return;
  throw new CuecastError(`Cannot take this body: ${errors[0]?.path}: ${errors[0]?.message}`, {
    code: "bad-body",
    status: 400,
    errors,
  });
}

/**
 * For what people and tools send to be read by people.
 *
 * @throws {CuecastError} 400 `bad-body` that names each place with a character that texts must not have
 */
export function refuseHarmfulCharacters(body: unknown): void {
  const errors = harmfulCharacters(body);
  if (errors.length === 0) return;
  throw new CuecastError(`Cannot take this body: ${errors[0]?.path}: ${errors[0]?.message}`, {
    code: "bad-body",
    status: 400,
    errors,
  });
}

/** @throws {CuecastError} 400 with every place that is wrong */
export function parseWith<T>(schema: v.GenericSchema<unknown, T>, value: unknown, what: string): T {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const errors = fieldErrors(parsed.issues);
  throw new CuecastError(`Cannot take this ${what}: ${errors[0]?.path || "it"}: ${errors[0]?.message}`, {
    code: `bad-${what}`,
    status: 400,
    errors,
  });
}
