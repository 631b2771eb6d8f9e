/** Errors as boxes get them: `application/problem+json`, never a stack, never HTML. WIRE.md, "Errors". */
import { CuecastError } from "../../../shared/errors.ts";
import { PROBLEM_MEDIA_TYPE, type Problem } from "../../../shared/protocol/problem.ts";
import type { HotReply } from "../../../shared/runtime/hot.ts";
import type { HeaderRecord } from "./headers.ts";
import { textReply } from "./reply.ts";

const TITLES: Record<number, string> = {
  400: "Malformed request",
  401: "Token needed",
  403: "Token refused",
  404: "Not found",
  405: "Method not allowed",
  413: "Body too large",
  415: "Wrong media type",
  425: "Too early",
  429: "Too many requests",
  500: "Internal error",
  503: "Cannot now",
};

function problemReply(problem: Problem, headers: HeaderRecord): HotReply {
  return textReply(JSON.stringify(problem), PROBLEM_MEDIA_TYPE, problem.status, headers);
}

/** The reply for an expected error; `Retry-After` in whole seconds, at least 1, when the error says how long. */
export function errorReply(error: CuecastError, headers: HeaderRecord = {}): HotReply {
  const problem: Problem = {
    type: `/problems/${error.code}`,
    title: TITLES[error.status] ?? "Error",
    status: error.status,
    detail: error.message,
  };
  if (error.errors) problem.errors = error.errors;
  const more: HeaderRecord = { ...headers };
  if (error.retryAfterMs !== undefined) {
    more["retry-after"] = String(Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
  }
  if (error.status === 401) more["www-authenticate"] = 'Bearer realm="cuecast"';
  return problemReply(problem, more);
}

/** The reply for anything thrown: what is not expected becomes a 500 that tells nothing. */
export function thrownReply(thrown: unknown): HotReply {
  return errorReply(
    thrown instanceof CuecastError
      ? thrown
      : new CuecastError("Cannot answer this request: an error inside the edge, see its log", {
          code: "internal",
          status: 500,
        }),
  );
}
