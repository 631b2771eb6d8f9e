/**
 * Publications for measuring, made and signed here: no central and no sqld need to run. The schedules of
 * `small` and `large` are about 2 KB and 20 KB; `many` channels more may carry a given number of cues.
 */
import { pathToFileURL } from "node:url";
import { createClient, type InStatement } from "@libsql/client";
import { AIR_TABLES } from "../../shared/publication/air-tables.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import { guidePart, historyKey } from "../../shared/publication/entries.ts";
import { hashParts, type Position, signManifest } from "../../shared/publication/manifest.ts";
import type { Body } from "../../shared/publication/part.ts";
import { PLACEMENT_DEFAULTS, type Placement } from "../../shared/schedule/placement.ts";

export const REGION = "bench";
/** Answers to it count from the start of the run for ten hours. */
export const CUE = "now:once";

export interface LonePublication {
  position: Position;
  statements: InStatement[];
}

export interface LonePublicationSettings {
  nowMs: number;
  privateKey: string;
  revision?: number;
  /** Position that it continues. */
  before?: Position[];
  /** Cues beyond those of `small` and `large`, one placement each. */
  cues?: number;
  /** Channels that carry them. */
  channels?: number;
  /** A whole region's beside. */
  region?: BenchRegion;
}

export type Put = (part: string, key: string, body: unknown) => void;

/** Channels with their guides and placements: region-publication.ts. */
export interface BenchRegion {
  channels: readonly string[];
  fill(put: Put, nowMs: number): void;
}

/** More in one argument is too large for a libSQL server. */
const ROWS_PER_STATEMENT = 5_000;
const SLOT_MS = 1_200_000;
const DAY_MS = 86_400_000;

export function makeLonePublication(settings: LonePublicationSettings): LonePublication {
  const { nowMs, revision = 1, before = [], cues = 0, channels = 100 } = settings;
  const parts = new Map<string, Map<string, Body>>();
  const put: Put = (part, key, body) => {
    let entries = parts.get(part);
    if (!entries) {
      entries = new Map();
      parts.set(part, entries);
    }
    entries.set(key, canonicalJson(body));
  };
  const many = Array.from({ length: cues > 0 ? channels : 0 }, (_, n) => `ch${n}`);
  const ids = ["small", "large", ...many, ...(settings.region?.channels ?? [])];
  put("regions", REGION, { id: REGION, name: "Bench", edges: [], channels: ids });
  for (const [index, id] of ids.entries()) {
    put("channels", id, { id, number: index + 1, name: `Channel ${index + 1}` });
    put("schedules", id, { epoch: 1, revision, inputs: "b".repeat(64) });
  }
  const interaction = (id: string) => ({
    interaction: {
      id,
      version: 1,
      type: "poll",
      durationMs: 20_000,
      clockToleranceMs: 2_000,
      defaultLanguage: "zh-CN",
      texts: {
        "zh-CN": { title: "今晚谁会赢？", body: "请用遥控器选择", options: { a: "红队", b: "蓝队" } },
        en: { title: "Who wins tonight?", body: "Choose with your remote", options: { a: "Red", b: "Blue" } },
      },
      options: ["a", "b"],
      choices: { least: 1, most: 1 },
      answer: { mode: "first", closeAfterMs: 36_000_000, acceptAfterCloseMs: DAY_MS },
      results: "after-answer",
    },
  });
  put("interactions", "poll@1", interaction("poll"));
  put("interactions", "secret@1", interaction("secret"));
  const place = (id: string, channel: string, atMs: number, more: Partial<Placement> = {}) =>
    put("placements", id, {
      ...PLACEMENT_DEFAULTS,
      id,
      interaction: "poll",
      version: 1,
      channels: [channel],
      when: { kind: "instant", atMs },
      ...more,
    });
  const programmes = (channel: string, count: number, slotMs: number) => {
    const startMs = Math.floor(nowMs / slotMs) * slotMs;
    for (let slot = 0; slot < count; slot++) {
      put(guidePart(channel), `${channel}-${slot}`, {
        id: `${channel}-${slot}`,
        channel,
        title: `江南故事 ${slot}： stories from the river`,
        startMs: startMs + slot * slotMs,
        endMs: startMs + (slot + 1) * slotMs,
      });
    }
  };
  // Far enough ahead that none comes near during a run: the bodies stay the same.
  programmes("small", 8, 3 * SLOT_MS);
  for (let n = 0; n < 4; n++) place(`small${n}`, "small", nowMs + (20 + n) * 3_600_000);
  programmes("large", 70, SLOT_MS);
  for (let n = 0; n < 44; n++) place(`large${n}`, "large", nowMs + 20 * 3_600_000 + n * 600_000);
  place("secret", "large", nowMs + 30 * 3_600_000, { interaction: "secret", embargo: { spreadMs: 3_000 } });
  place("now", "large", nowMs - 60_000, { windowMs: 1_000 });
  for (let n = 0; n < cues; n++) {
    const spreadMs = (40 * 3_600_000 * (n % 997)) / 997;
    place(`m${n}`, `ch${n % channels}`, nowMs + 3_600_000 + Math.floor(spreadMs) + n);
  }
  settings.region?.fill(put, nowMs);
  for (const earlier of before) {
    put("history", historyKey(earlier.epoch, earlier.revision), {
      hash: earlier.hash,
      publishedAtMs: nowMs,
    });
  }
  const manifest = { epoch: 1, revision, publishedAtMs: nowMs, parts: hashParts(parts) };
  const signed = signManifest(manifest, settings.privateKey);
  const rows = [...parts].flatMap(([part, entries]) =>
    [...entries].map(([key, body]) => [part, key, body as string]),
  );
  const statements: InStatement[] = [
    ...AIR_TABLES,
    "DELETE FROM entry",
    "DELETE FROM manifest",
    ...Array.from({ length: Math.ceil(rows.length / ROWS_PER_STATEMENT) }, (_, piece) => ({
      sql: "INSERT INTO entry SELECT value->>0, value->>1, value->>2 FROM json_each(?)",
      args: [JSON.stringify(rows.slice(piece * ROWS_PER_STATEMENT, (piece + 1) * ROWS_PER_STATEMENT))],
    })),
    {
      sql: "INSERT INTO manifest VALUES (1, ?, ?, ?, ?, ?)",
      args: [1, revision, signed.hash, signed.body, signed.signature],
    },
  ];
  return { position: { epoch: 1, revision, hash: signed.hash }, statements };
}

/** Writes a publication into a file of its own, as the replica process leaves one. */
export async function writeLonePublication(path: string, publication: LonePublication): Promise<void> {
  const client = createClient({ url: pathToFileURL(path).href, concurrency: 1 });
  await client.batch(publication.statements, "write");
  client.close();
}
