/**
 * Finds what happened since it last looked, and queues it: publications by their place, closed cues by whether they
 * were told, edges by whether they were stale. What it has seen stands in the databases, so a crash in between makes
 * it find a thing again, under the same id, and never miss it.
 */
import { createHash } from "node:crypto";
import type { Database, Queries } from "../../shared/runtime/database.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Summaries } from "../results/summary.ts";
import { type Fleet, STALE_AFTER_MS } from "../store/fleet.ts";
import type { Past } from "../store/past.ts";
import type { Webhooks } from "../store/webhooks.ts";
import type { EventType, Webhook } from "./webhook.ts";

interface Ports {
  authoring: Database;
  results: Queries;
  webhooks: Webhooks;
  past: Past;
  fleet: Fleet;
  summaries: Summaries;
  clock: Clock;
}

/** Publications told in one go. */
const PUBLICATIONS_MAX = 50;
/** Cues looked at in one go, and those among which they are found. */
const CUES_MAX = 100;
const CUES_READ_MAX = 5_000;
/** After the close, answers that were given in time come in; most within this. */
const CLOSE_GRACE_MS = 10_000;
/** A cue for which something came in longer ago is not told any more. */
const CUE_SPAN_MS = 7 * 86_400_000;
/** After a start, edges have as long to be heard before they count as stale. */
const EDGES_SETTLE_MS = 90_000;
const PLACE = "webhook-place";
const STALE = "webhook-stale-edges";

export function createCollector({ authoring, results, webhooks, past, fleet, summaries, clock }: Ports) {
  const startedMs = clock.wallMs();
  /** Cues that are open: when to look again. */
  const lookAgain = new Map<string, number>();

  const remembered = async <T>(name: string): Promise<T | undefined> => {
    const [row] = await authoring.all("SELECT body FROM setting WHERE name = ?", [name]);
    return row && (JSON.parse(String(row.body)) as T);
  };
  const remember = (name: string, value: unknown) => ({
    sql: "INSERT OR REPLACE INTO setting (name, body) VALUES (?, ?)",
    args: [name, JSON.stringify(value)],
  });
  const receivers = (all: readonly Webhook[], type: EventType, atMs: number) =>
    all
      .filter(({ enabled, types, createdAtMs }) => enabled && types.includes(type) && createdAtMs <= atMs)
      .map(({ id }) => id);

  const placements = async (where: string, place: [number, number]) => {
    const [row] = await authoring.all(
      `SELECT manifest ->> '$.parts.placements' AS hash FROM publication WHERE state = 'on-air' AND ${where}
       ORDER BY epoch DESC, revision DESC LIMIT 1`,
      place,
    );
    return row?.hash == null ? undefined : await past.part(String(row.hash));
  };

  /** Placements that a publication took away or changed. */
  async function withdrawnBy(place: [number, number]): Promise<string[]> {
    const now = await placements("(epoch, revision) = (?, ?)", place);
    const before = await placements("(epoch, revision) < (?, ?)", place);
    return [...(before ?? [])].filter(([id, body]) => now?.get(id) !== body).map(([id]) => id);
  }

  async function publications(all: readonly Webhook[]): Promise<void> {
    const seen = await remembered<[number, number]>(PLACE);
    if (!seen) {
      // Before there were webhooks: nobody is told of what is past.
      const [newest] = await past.list(1);
      await authoring.batch([remember(PLACE, [newest?.epoch ?? 0, newest?.revision ?? 0])]);
      return;
    }
    const rows = await authoring.all(
      `SELECT epoch, revision, hash, kind, comment, published_at_ms FROM publication
       WHERE state = 'on-air' AND (epoch, revision) > (?, ?) ORDER BY epoch, revision LIMIT ${PUBLICATIONS_MAX}`,
      seen,
    );
    for (const row of rows) {
      const place: [number, number] = [Number(row.epoch), Number(row.revision)];
      const [hash, kind, publishedAtMs] = [String(row.hash), String(row.kind), Number(row.published_at_ms)];
      const type = kind === "withdraw" ? "withdrawn" : "published";
      const to = receivers(all, type, publishedAtMs);
      const data = {
        ...{ epoch: place[0], revision: place[1], hash, kind, publishedAtMs },
        ...(row.comment !== null && { comment: String(row.comment) }),
        ...(kind === "withdraw" && to.length > 0 && { placements: await withdrawnBy(place) }),
      };
      const id = `${type}-${place.join("-")}-${hash.slice(0, 8)}`;
      await webhooks.queue({ id, type, atMs: publishedAtMs, data }, to, clock.wallMs(), [
        remember(PLACE, place),
      ]);
    }
  }

  /** Of a cue, within what an id may be long. */
  const closedId = (cue: string) => {
    const id = `cue-closed-${cue}`;
    return id.length <= 128 ? id : `cue-closed-${createHash("sha256").update(cue).digest("hex")}`;
  };

  async function closedCues(all: readonly Webhook[]): Promise<void> {
    if (!all.some(({ enabled, types }) => enabled && types.includes("cue.closed"))) return;
    const nowMs = clock.wallMs();
    const rows = await results.all(
      `SELECT cue FROM cue_seen WHERE at_ms > ? AND due_ms IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cue_told WHERE cue_told.cue = cue_seen.cue)
       ORDER BY at_ms DESC LIMIT ?`,
      [nowMs - CUE_SPAN_MS, CUES_READ_MAX],
    );
    const due = rows.map((row) => String(row.cue)).filter((cue) => (lookAgain.get(cue) ?? 0) <= nowMs);
    for (const cue of due.slice(0, CUES_MAX)) {
      const summary = await summaries.summary(cue, nowMs);
      const dueMs = (summary?.closesAtMs ?? Number.POSITIVE_INFINITY) + CLOSE_GRACE_MS;
      // One that is not known yet may be published still.
      const told = [{ sql: "INSERT OR IGNORE INTO cue_told (cue, at_ms) VALUES (?, ?)", args: [cue, nowMs] }];
      if (summary?.atMs !== undefined && summary.closesAtMs === undefined) {
        // It takes no answers.
        await results.batch(told);
        continue;
      }
      if (!summary || dueMs > nowMs) {
        if (lookAgain.size > CUES_READ_MAX) lookAgain.clear();
        lookAgain.set(cue, Math.min(dueMs, nowMs + 60_000));
        continue;
      }
      const {
        interaction,
        version,
        atMs,
        closesAtMs = nowMs,
        counted,
        provisional,
        correct,
        verdicts,
      } = summary;
      await webhooks.queue(
        {
          id: closedId(cue),
          type: "cue.closed",
          atMs: closesAtMs,
          data: {
            cue,
            interaction,
            version,
            atMs,
            closesAtMs,
            asOfMs: nowMs,
            counted,
            provisional,
            correct,
            verdicts,
          },
        },
        receivers(all, "cue.closed", closesAtMs),
        nowMs,
      );
      await results.batch(told);
      lookAgain.delete(cue);
    }
  }

  async function edges(all: readonly Webhook[]): Promise<void> {
    const nowMs = clock.wallMs();
    const stale = (await remembered<Record<string, number>>(STALE)) ?? {};
    for (const { id, region, lastSeenMs, revokedAtMs } of await fleet.list()) {
      if (lastSeenMs === undefined) continue;
      const isStale = revokedAtMs === undefined && nowMs - lastSeenMs > STALE_AFTER_MS;
      const since = stale[id];
      if (isStale === (since !== undefined)) continue;
      if (isStale && nowMs - startedMs < EDGES_SETTLE_MS) continue;
      const type = isStale ? "edge.stale" : "edge.back";
      const sinceMs = since ?? lastSeenMs;
      if (isStale) stale[id] = lastSeenMs;
      else delete stale[id];
      const name = type.replace(".", "-");
      const atMs = isStale ? nowMs : lastSeenMs;
      // One that was revoked meanwhile is not back.
      const to = revokedAtMs === undefined ? receivers(all, type, atMs) : [];
      const event = {
        id: `${name}-${id}-${sinceMs}`,
        type,
        atMs,
        data: { edge: id, region, lastSeenMs, silentSinceMs: sinceMs },
      } as const;
      await webhooks.queue(event, to, nowMs, [remember(STALE, stale)]);
    }
  }

  return async (): Promise<void> => {
    const all = await webhooks.list();
    await publications(all);
    await closedCues(all);
    await edges(all);
  };
}
