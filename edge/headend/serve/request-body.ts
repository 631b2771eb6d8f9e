/** Reading a JSON body that may be hostile: its type, its size as it streams in, its text, its schema. */
import * as v from "valibot";
import { CuecastError } from "../../../shared/errors.ts";
import { BODY_BYTES_MAX } from "../../../shared/protocol/answers.ts";
import { problemErrors } from "../../../shared/protocol/problem.ts";
import type { HotRequest } from "../../../shared/runtime/hot.ts";

type Asked = Pick<HotRequest, "header" | "body">;

/** Reads what a schema would let through, faster; undefined to let the schema decide. */
export type FastRead<T> = (value: unknown) => T | undefined;

const refuse = (what: string, code: string, status: number, cause?: unknown) =>
  new CuecastError(`Cannot take this body: ${what}`, { code, status, cause });

function checkType(request: Asked): void {
  const type = request.header("content-type") ?? "";
  if (type !== "application/json" && type.split(";", 1)[0]?.trim().toLowerCase() !== "application/json") {
    throw refuse("its Content-Type is not application/json", "wrong-media-type", 415);
  }
  const coding = (request.header("content-encoding") ?? "identity").trim().toLowerCase();
  if (coding !== "identity") throw refuse("it is encoded; send it plain", "wrong-media-type", 415);
}

/**
 * Begins to read the body. Apart from `parseBody`, so that a post waits for one promise: thousands wait at once, and what
 * each of them holds is copied by the collection of garbage.
 *
 * @returns for `parseBody`
 * @throws {CuecastError} 415 `wrong-media-type`
 */
export function askBody(request: Asked): ReturnType<HotRequest["body"]> {
  checkType(request);
  return request.body(BODY_BYTES_MAX);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The body, parsed.
 *
 * @param fast agrees with the schema wherever it decides
 * @throws {CuecastError} 413 `body-too-large`, 400 `malformed-body` with places
 */
export function parseBody<S extends v.GenericSchema>(
  bytes: Awaited<ReturnType<HotRequest["body"]>>,
  schema: S,
  fast: FastRead<v.InferOutput<S>> = () => undefined,
): v.InferOutput<S> {
  if (bytes === "too-large") throw refuse(`it is larger than ${BODY_BYTES_MAX} bytes`, "body-too-large", 413);
  if (bytes === "broken") throw refuse("it broke off before its end", "malformed-body", 400);
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch (cause) {
    throw refuse("it is not JSON in UTF-8", "malformed-body", 400, cause);
  }
  const quick = fast(value);
  if (quick !== undefined) return quick;
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  throw new CuecastError("Cannot take this body: it fails its schema", {
    code: "malformed-body",
    status: 400,
    errors: problemErrors(parsed.issues),
  });
}
