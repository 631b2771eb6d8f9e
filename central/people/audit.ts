/** Who did what, when, from where, and what it changed. Written with every change, never edited. */
import * as v from "valibot";
import { countSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import type { Database } from "../../shared/runtime/database.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { differences } from "../authoring/differences.ts";

/** Longest detail and change kept, characters; what is longer is cut in whole entries. */
const DETAIL_MAX = 2_000;
const CHANGE_MAX = 20_000;

export const auditEntrySchema = v.object({
  id: countSchema,
  atMs: instantSchema,
  /** `person:editor`, `token:command line` */
  who: v.string(),
  /** `PUT /api/v1/placements/{id}` */
  what: v.string(),
  /** The thing it was about, when it has an id. */
  subject: v.optional(v.string()),
  /** Address that it came from. */
  address: v.optional(v.string()),
  /** Parameters, query and body as they were sent, without secrets; cut when long. */
  detail: v.string(),
  changes: v.array(
    v.object({ path: v.string(), from: v.optional(v.unknown()), to: v.optional(v.unknown()) }),
  ),
});
export type AuditEntry = v.InferOutput<typeof auditEntrySchema>;

export interface AuditInput {
  who: string;
  what: string;
  subject?: string | undefined;
  address?: string | undefined;
  detail: unknown;
  before?: unknown;
  after?: unknown;
}

export interface AuditFilter {
  who?: string | undefined;
  subject?: string | undefined;
  /** Only those with a lower id: the page after. */
  before?: number | undefined;
  most: number;
}

function changesText(before: unknown, after: unknown): string {
  const changes = differences(before, after);
  for (let most = changes.length; most > 0; most = Math.floor(most / 2)) {
    const text = JSON.stringify(changes.slice(0, most));
    if (text.length <= CHANGE_MAX) return text;
  }
  return "[]";
}

export function createAudit(database: Database, clock: Clock) {
  return {
    async write({ who, what, subject, address, detail, before, after }: AuditInput): Promise<void> {
      await database.batch([
        {
          sql: "INSERT INTO audit (at_ms, who, what, subject, address, detail, changes) VALUES (?, ?, ?, ?, ?, ?, ?)",
          args: [
            clock.wallMs(),
            who,
            what,
            subject ?? null,
            address ?? null,
            (JSON.stringify(detail) ?? "").slice(0, DETAIL_MAX),
            changesText(before, after),
          ],
        },
      ]);
    },
    /** The newest first. */
    async list({ who, subject, before, most }: AuditFilter): Promise<AuditEntry[]> {
      const rows = await database.all(
        `SELECT * FROM audit WHERE (?1 IS NULL OR who = ?1) AND (?2 IS NULL OR subject = ?2)
           AND (?3 IS NULL OR id < ?3) ORDER BY id DESC LIMIT ?4`,
        [who ?? null, subject ?? null, before ?? null, most],
      );
      return rows.map((row) => ({
        id: Number(row.id),
        atMs: Number(row.at_ms),
        who: String(row.who),
        what: String(row.what),
        ...(row.subject !== null && { subject: String(row.subject) }),
        ...(row.address !== null && { address: String(row.address) }),
        detail: String(row.detail),
        changes: JSON.parse(String(row.changes ?? "[]")) as AuditEntry["changes"],
      }));
    },
  };
}
export type Audit = ReturnType<typeof createAudit>;
