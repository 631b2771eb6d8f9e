/** Webhooks and what is sent to them. A delivery waits here until it was taken or given up: it survives a restart. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import type { Database, Row, Statement } from "../../shared/runtime/database.ts";
import {
  type Delivery,
  WEBHOOKS_MAX,
  type Webhook,
  type WebhookEvent,
  type WebhookInput,
  webhookSchema,
} from "../webhooks/webhook.ts";

/** Waiting for one webhook; what comes beyond is dead at once, and says why. */
const WAITING_MAX = 10_000;

const webhookFrom = (row: Row): Webhook =>
  v.parse(webhookSchema, {
    ...JSON.parse(String(row.body)),
    id: String(row.id),
    createdAtMs: Number(row.created_at_ms),
  });

const deliveryFrom = (row: Row): Delivery => ({
  id: String(row.id),
  webhook: String(row.webhook),
  event: String(row.event),
  type: String(row.type),
  body: String(row.body),
  atMs: Number(row.at_ms),
  state: row.state as Delivery["state"],
  tries: Number(row.tries),
  ...(row.next_ms !== null && row.state === "waiting" && { nextMs: Number(row.next_ms) }),
  ...(row.ended_ms !== null && { endedMs: Number(row.ended_ms) }),
  ...(row.status !== null && { status: Number(row.status) }),
  ...(row.why !== null && { why: String(row.why) }),
});

export function createWebhooks(database: Database) {
  const list = async (): Promise<Webhook[]> =>
    (await database.all("SELECT id, body, created_at_ms FROM webhook ORDER BY created_at_ms, id")).map(
      webhookFrom,
    );

  return {
    list,
    async get(id: string): Promise<Webhook | undefined> {
      const [row] = await database.all("SELECT id, body, created_at_ms FROM webhook WHERE id = ?", [id]);
      return row && webhookFrom(row);
    },
    /** @throws {CuecastError} 409 `too-many-webhooks` */
    async add(id: string, input: WebhookInput, secret: string, nowMs: number): Promise<void> {
      if ((await list()).length >= WEBHOOKS_MAX) {
        throw new CuecastError(`Cannot add a webhook: there are ${WEBHOOKS_MAX} already`, {
          code: "too-many-webhooks",
          status: 409,
        });
      }
      await database.batch([
        {
          sql: "INSERT INTO webhook (id, body, secret, created_at_ms) VALUES (?, ?, ?, ?)",
          args: [id, JSON.stringify(input), secret, nowMs],
        },
      ]);
    },
    async change(id: string, input: WebhookInput): Promise<void> {
      await database.batch([
        { sql: "UPDATE webhook SET body = ? WHERE id = ?", args: [JSON.stringify(input), id] },
      ]);
    },
    async putSecret(id: string, secret: string): Promise<void> {
      await database.batch([{ sql: "UPDATE webhook SET secret = ? WHERE id = ?", args: [secret, id] }]);
    },
    /** With what waits for it and what was sent. */
    async remove(id: string): Promise<void> {
      await database.batch([
        { sql: "DELETE FROM webhook_delivery WHERE webhook = ?", args: [id] },
        { sql: "DELETE FROM webhook WHERE id = ?", args: [id] },
      ]);
    },
    async secretOf(id: string): Promise<string | undefined> {
      const [row] = await database.all("SELECT secret FROM webhook WHERE id = ?", [id]);
      return row && String(row.secret);
    },

    /**
     * Puts an event into the queue of each webhook, unless it is there already.
     *
     * @param also in the same transaction
     */
    async queue(
      event: WebhookEvent,
      webhooks: readonly string[],
      nowMs: number,
      also: readonly Statement[] = [],
    ): Promise<void> {
      const { id, type, atMs, data } = event;
      const body = JSON.stringify({ type, timestamp: new Date(atMs).toISOString(), data });
      const statements = webhooks.map(
        (webhook): Statement => ({
          sql: `INSERT OR IGNORE INTO webhook_delivery (id, webhook, event, type, body, at_ms, state, tries, next_ms,
                ended_ms, why)
              SELECT ?1, ?2, ?3, ?4, ?5, ?6, iif(full, 'dead', 'waiting'), 0, ?7, iif(full, ?7, NULL),
                iif(full, 'too many wait for this webhook', NULL)
              FROM (SELECT count(*) >= ?8 AS full FROM webhook_delivery WHERE webhook = ?2 AND state = 'waiting')`,
          args: [`${webhook}.${id}`, webhook, id, type, body, atMs, nowMs, WAITING_MAX],
        }),
      );
      if (statements.length + also.length > 0) await database.batch([...statements, ...also]);
    },
    /** The longest due first. */
    async due(nowMs: number, most: number): Promise<Delivery[]> {
      const rows = await database.all(
        "SELECT * FROM webhook_delivery WHERE state = 'waiting' AND next_ms <= ? ORDER BY next_ms, id LIMIT ?",
        [nowMs, most],
      );
      return rows.map(deliveryFrom);
    },
    async nextDueMs(): Promise<number | undefined> {
      const [row] = await database.all(
        "SELECT min(next_ms) AS next FROM webhook_delivery WHERE state = 'waiting'",
      );
      return row?.next == null ? undefined : Number(row.next);
    },
    async settle(delivery: Delivery): Promise<void> {
      const { id, state, tries, nextMs, endedMs, status, why } = delivery;
      await database.batch([
        {
          sql: `UPDATE webhook_delivery SET state = ?, tries = ?, next_ms = ?, ended_ms = ?, status = ?, why = ?
                WHERE id = ?`,
          args: [state, tries, nextMs ?? null, endedMs ?? null, status ?? null, why ?? null, id],
        },
      ]);
    },
    /** The newest first. @param before a `next` of the page before */
    async deliveries(webhook: string, state: string | undefined, before: string | undefined, most: number) {
      const [, atMs = "", id = ""] = /^(\d+)-(.+)$/.exec(before ?? "") ?? [];
      const rows = await database.all(
        `SELECT * FROM webhook_delivery WHERE webhook = ?1 AND (?2 IS NULL OR state = ?2)
           AND (?3 = '' OR (at_ms, id) < (CAST(?3 AS INTEGER), ?4)) ORDER BY at_ms DESC, id DESC LIMIT ?5`,
        [webhook, state ?? null, atMs, id, most + 1],
      );
      const page = rows.slice(0, most).map(deliveryFrom);
      const last = page.at(-1);
      return { deliveries: page, ...(rows.length > most && last && { next: `${last.atMs}-${last.id}` }) };
    },
    async delivery(webhook: string, event: string): Promise<Delivery | undefined> {
      const [row] = await database.all("SELECT * FROM webhook_delivery WHERE id = ?", [
        `${webhook}.${event}`,
      ]);
      return row && deliveryFrom(row);
    },
    /** How many are in each state, by webhook. */
    async counts(): Promise<Map<string, Record<string, number>>> {
      const rows = await database.all(
        "SELECT webhook, state, count(*) AS count FROM webhook_delivery GROUP BY webhook, state",
      );
      const found = new Map<string, Record<string, number>>();
      for (const row of rows) {
        const counts = found.get(String(row.webhook)) ?? {};
        found.set(String(row.webhook), counts);
        counts[String(row.state)] = Number(row.count);
      }
      return found;
    },
  };
}
export type Webhooks = ReturnType<typeof createWebhooks>;
