/** What a route says when a thing is not there. */
import { CuecastError } from "../../shared/errors.ts";

export const unknown = (what: string, id: string) =>
  new CuecastError(`Cannot find ${what} ${id}: there is none`, { code: `unknown-${what}`, status: 404 });

/** @throws {CuecastError} 404 `unknown-<what>` */
export function must<T>(found: T | undefined, what: string, id: string): T {
  if (found === undefined) throw unknown(what, id);
  return found;
}
