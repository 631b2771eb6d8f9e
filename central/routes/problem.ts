/** Errors as `application/problem+json`. */
import { CuecastError, errorMessage } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import { PROBLEM_MEDIA_TYPE, type Problem } from "../../shared/protocol/problem.ts";
import { tellsDamage } from "../../shared/runtime/database.ts";

export function problemResponse(error: CuecastError): Response {
  const title = error.code.replaceAll("-", " ");
  const problem: Problem = {
    type: `/problems/${error.code}`,
    title: title.charAt(0).toUpperCase() + title.slice(1),
    status: error.status,
    detail: error.message,
    ...(error.errors && { errors: error.errors }),
  };
  const headers = new Headers({ "content-type": PROBLEM_MEDIA_TYPE, "cache-control": "no-store" });
  if (error.status === 401) headers.set("www-authenticate", 'Bearer realm="cuecast"');
  if (error.retryable) {
    headers.set("retry-after", String(Math.max(1, Math.ceil((error.retryAfterMs ?? 1000) / 1000))));
  }
  return new Response(JSON.stringify(problem), { status: error.status, headers });
}

/** Any failure as an expected one: a full disk is 503, what nobody foresaw is 500 and logged. */
export function asCuecastError(thrown: unknown, log: Log): CuecastError {
  if (thrown instanceof CuecastError) return thrown;
  const code = String((thrown as { code?: unknown } | null)?.code ?? "");
  if (/^SQLITE_(FULL|IOERR|BUSY|LOCKED|READONLY)|^ENOSPC$/.test(code)) {
    log.error("cannot-store", { why: errorMessage(thrown) });
    return new CuecastError(`Cannot store this now: ${errorMessage(thrown)}`, {
      code: "cannot-store",
      status: 503,
      retryable: true,
      retryAfterMs: 5_000,
      cause: thrown,
    });
  }
  if (tellsDamage(thrown)) {
    log.error("database-damaged", { why: errorMessage(thrown) });
    return new CuecastError("Cannot do this: a database of central's is damaged; restore it from a backup", {
      code: "database-damaged",
      status: 503,
      retryable: true,
      retryAfterMs: 60_000,
      cause: thrown,
    });
  }
  log.error("unexpected", {
    why: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
  });
  return new CuecastError("Cannot answer: something unexpected happened here; central's log says what", {
    code: "internal",
    status: 500,
    cause: thrown,
  });
}
