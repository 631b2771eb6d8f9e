/** Reading a JSON body that may be hostile: its type, its size as it streams in, its text, its schema. */
import * as v from "valibot";
import { CuecastError } from "../../../shared/errors.ts";
import { BODY_BYTES_MAX } from "../../../shared/protocol/answers.ts";
import { problemErrors } from "../../../shared/protocol/problem.ts";

const refuse = (what: string, code: string, status: number, cause?: unknown) =>
  new CuecastError(`Cannot take this body: ${what}`, { code, status, cause });

const tooLarge = () => refuse(`it is larger than ${BODY_BYTES_MAX} bytes`, "body-too-large", 413);

function checkType(headers: Headers): void {
  const type = (headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw refuse("its Content-Type is not application/json", "wrong-media-type", 415);
  }
  const coding = (headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  if (coding !== "identity") throw refuse("it is encoded; send it plain", "wrong-media-type", 415);
}

async function readBytes(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > BODY_BYTES_MAX) throw tooLarge();
  if (!request.body) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > BODY_BYTES_MAX) throw tooLarge();
      chunks.push(value);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    throw error instanceof CuecastError
      ? error
      : refuse("it broke off before its end", "malformed-body", 400, error);
  }
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/**
 * The body, parsed.
 *
 * @throws {CuecastError} 415 `wrong-media-type`, 413 `body-too-large`, 400 `malformed-body` with places
 */
export async function readBody<S extends v.GenericSchema>(
  request: Request,
  schema: S,
): Promise<v.InferOutput<S>> {
  checkType(request.headers);
  const bytes = await readBytes(request);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw refuse("it is not JSON in UTF-8", "malformed-body", 400, cause);
  }
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new CuecastError("Cannot take this body: it fails its schema", {
    code: "malformed-body",
    status: 400,
    errors: problemErrors(parsed.issues),
  });
}
