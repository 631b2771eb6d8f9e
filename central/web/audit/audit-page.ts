/** What of the audit was loaded so far, the newest first. Pure. */
import type { AuditEntry } from "../../people/audit.ts";

export interface AuditPage {
  entries: AuditEntry[];
  /** Where older ones begin; absent when there are none. */
  next?: number | undefined;
}

/**
 * Puts newer entries before those that are there, so that whoever reads further down keeps what was loaded.
 *
 * @returns the newest alone when something may lie between: an audit with a gap would be a lie
 */
export function withNewest(known: AuditPage, newest: AuditPage): AuditPage {
  const latest = known.entries[0]?.id;
  if (latest === undefined || !newest.entries.some(({ id }) => id === latest)) return newest;
  const added = newest.entries.filter(({ id }) => id > latest);
  return { entries: [...added, ...known.entries], next: known.next };
}
