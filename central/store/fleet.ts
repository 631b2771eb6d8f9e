/** The edges: how they come in, what they last said of themselves, how they are turned away. */
import { createHash, randomBytes } from "node:crypto";
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import type { Position } from "../../shared/publication/manifest.ts";
import type { Database, Row } from "../../shared/runtime/database.ts";
import { type Report, reportSchema } from "../../shared/uplink/hint.ts";

export interface EdgeRecord {
  id: string;
  region: string;
  url: string | undefined;
  enrolledAtMs: number;
  revokedAtMs: number | undefined;
  /** When it was let in last. */
  lastSeenMs: number | undefined;
  /** When it asked last although it was revoked; since central started. */
  refusedMs?: number | undefined;
  report: Report | undefined;
  /** The highest place that it ever reported to serve. */
  highest: Position | undefined;
}

/** An enrolment code's life: an operator's working day and the night after. */
const CODE_VALID_MS = 86_400_000;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const orUndefined = <T>(value: unknown, as: (value: unknown) => T): T | undefined =>
  value === null || value === undefined ? undefined : as(value);

function fromRow(row: Row): EdgeRecord {
  return {
    id: String(row.id),
    region: String(row.region),
    url: orUndefined(row.url, String),
    enrolledAtMs: Number(row.enrolled_at_ms),
    revokedAtMs: orUndefined(row.revoked_at_ms, Number),
    lastSeenMs: orUndefined(row.last_seen_ms, Number),
    report: orUndefined(row.report, (text) => v.parse(reportSchema, JSON.parse(String(text)))),
    highest:
      row.epoch === null
        ? undefined
        : { epoch: Number(row.epoch), revision: Number(row.revision), hash: String(row.hash) },
  };
}

/** An edge that has not been heard of for so long is stale, ms: it long-polls every 30 s. */
export const STALE_AFTER_MS = 60_000;

/** By what the table has, not by what was read of it before: of one edge two may be on their way. */
const HIGHER = "?5 IS NOT NULL AND (epoch IS NULL OR (?5, ?6) >= (epoch, revision))";
const REPORT = `UPDATE edge SET last_seen_ms = ?2, report = ?3, url = coalesce(?4, url),
  epoch = iif(${HIGHER}, ?5, epoch), revision = iif(${HIGHER}, ?6, revision), hash = iif(${HIGHER}, ?7, hash)
  WHERE id = ?1`;

/** What an edge said of itself, and when. */
export interface Told {
  edge: EdgeRecord;
  report: Report;
  nowMs: number;
}

export function createFleet(database: Database) {
  /** Keeps all in one transaction; an edge's highest place never falls, and its address stays unless it names one. */
  async function reportAll(all: readonly Told[]): Promise<void> {
    await database.batch(
      all.map(({ edge, report, nowMs }) => {
        const { serves } = report;
        const place = [serves?.epoch ?? null, serves?.revision ?? null, serves?.hash ?? null];
        return { sql: REPORT, args: [edge.id, nowMs, JSON.stringify(report), report.url ?? null, ...place] };
      }),
    );
  }

  /** When edges that were revoked asked last, by id: as many as were revoked and still run. */
  const refused = new Map<string, number>();
  return {
    /** @returns the code, to be given to one edge of this region within a day */
    async createCode(region: string, nowMs: number): Promise<{ code: string; expiresAtMs: number }> {
      const code = randomBytes(15).toString("hex");
      const expiresAtMs = nowMs + CODE_VALID_MS;
      await database.batch([
        { sql: "DELETE FROM enrol_code WHERE expires_at_ms < ?", args: [nowMs] },
        {
          sql: "INSERT INTO enrol_code (hash, region, expires_at_ms) VALUES (?, ?, ?)",
          args: [sha256(code), region, expiresAtMs],
        },
      ]);
      return { code, expiresAtMs };
    },
    /** Those of a region that were not used. */
    voidCodes: (region: string) =>
      database.all("DELETE FROM enrol_code WHERE region = ? AND used_at_ms IS NULL", [region]),
    /**
     * Uses up the code.
     *
     * @throws {CuecastError} `code-refused` when it is unknown, used or too old
     */
    async enrol(code: string, url: string | undefined, nowMs: number) {
      const [used] = await database.all(
        `UPDATE enrol_code SET used_at_ms = ?1
         WHERE hash = ?2 AND used_at_ms IS NULL AND expires_at_ms > ?1 RETURNING region`,
        [nowMs, sha256(code)],
      );
      if (!used) {
        throw new CuecastError(
          "Cannot enrol this edge: its code is unknown, used or older than a day; make a new one",
          {
            code: "code-refused",
            status: 403,
          },
        );
      }
      const region = String(used.region);
      const id = `${region.slice(0, 100)}-${randomBytes(4).toString("hex")}`;
      const uplinkToken = randomBytes(32).toString("hex");
      await database.batch([
        {
          sql: "INSERT INTO edge (id, region, url, token_hash, enrolled_at_ms) VALUES (?, ?, ?, ?, ?)",
          args: [id, region, url ?? null, sha256(uplinkToken), nowMs],
        },
      ]);
      return { id, region, uplinkToken };
    },
    /** The edge of an uplink token; undefined when there is none or it was revoked; @param nowMs given: that is noted */
    async byToken(token: string, nowMs?: number): Promise<EdgeRecord | undefined> {
      const [row] = await database.all("SELECT * FROM edge WHERE token_hash = ?", [sha256(token)]);
      const edge = row && fromRow(row);
      if (edge?.revokedAtMs === undefined) return edge;
      if (nowMs !== undefined) refused.set(edge.id, nowMs);
      return undefined;
    },
    async isAllowed(id: string): Promise<boolean> {
      const rows = await database.all("SELECT 1 FROM edge WHERE id = ? AND revoked_at_ms IS NULL", [id]);
      return rows.length > 0;
    },
    report: (edge: EdgeRecord, report: Report, nowMs: number) => reportAll([{ edge, report, nowMs }]),
    reportAll,
    async list(): Promise<EdgeRecord[]> {
      const edges = (await database.all("SELECT * FROM edge ORDER BY region, id")).map(fromRow);
      return edges.map((edge) => {
        const refusedMs = refused.get(edge.id);
        return refusedMs === undefined ? edge : { ...edge, refusedMs };
      });
    },
    /**
     * Where boxes reach edges, for line-ups: one address stands in one region's, of the edge that was enrolled last with
     * it. One that was moved or rebuilt was somebody else before, and may not be revoked yet.
     */
    async addresses(): Promise<{ region: string; url: string }[]> {
      const rows = await database.all(
        `SELECT region, url FROM edge AS one WHERE url IS NOT NULL AND revoked_at_ms IS NULL AND NOT EXISTS (
           SELECT 1 FROM edge AS later WHERE later.url = one.url AND later.revoked_at_ms IS NULL
             AND (later.enrolled_at_ms, later.id) > (one.enrolled_at_ms, one.id))
         ORDER BY region, id`,
      );
      return rows.map(({ region, url }) => ({ region: String(region), url: String(url) }));
    },
    /** @returns false when there is no such edge */
    async revoke(id: string, nowMs: number): Promise<boolean> {
      const rows = await database.all(
        "UPDATE edge SET revoked_at_ms = coalesce(revoked_at_ms, ?) WHERE id = ? RETURNING id",
        [nowMs, id],
      );
      return rows.length > 0;
    },
  };
}
export type Fleet = ReturnType<typeof createFleet>;
