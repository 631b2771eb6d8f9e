/** What editors have authored and imported and what goes on air with the next publication. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { type Channel, channelSchema } from "../../shared/guide/channel.ts";
import type { Programme } from "../../shared/guide/programme.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import {
  type InteractionEntry,
  interactionEntrySchema,
  type RegionEntry,
  regionEntrySchema,
} from "../../shared/publication/entries.ts";
import type { Database, Row, Statement } from "../../shared/runtime/database.ts";
import { type ChannelGroup, channelGroupSchema } from "../../shared/schedule/channel-group.ts";
import { type ChannelRule, channelRuleSchema } from "../../shared/schedule/channel-rule.ts";
import { type Placement, placementSchema } from "../../shared/schedule/placement.ts";

export type PlacementState = "active" | "withdrawn";
export interface PlacementDraft {
  placement: Placement;
  state: PlacementState;
}

/** How long a programme is kept after its end, ms: a week of answers may still come for its cues. */
const PROGRAMME_KEPT_MS = 7 * 86_400_000;

const parse = <T>(schema: v.GenericSchema<unknown, T>, row: Row): T =>
  v.parse(schema, JSON.parse(String(row.body)));

/** What an import changes on one channel, ready to be written. */
export interface PackedChange {
  channel: string;
  /** Ids of programmes. */
  remove: readonly string[];
  /** New and changed programmes: a JSON array of their bodies as they are kept, in UTF-8. */
  upsert: Uint8Array;
}

export function packChange(
  channel: string,
  upsert: readonly Programme[],
  remove: readonly string[],
): PackedChange {
  const text = `[${upsert.map((each) => canonicalJson(each)).join(",")}]`;
  return { channel, remove, upsert: new TextEncoder().encode(text) };
}

function* changeStatements({ channel, remove, upsert }: PackedChange, nowMs: number): Generator<Statement> {
  if (remove.length > 0) {
    yield {
      sql: "DELETE FROM programme WHERE channel = ? AND id IN (SELECT value FROM json_each(?))",
      args: [channel, JSON.stringify(remove)],
    };
  }
  // Only where something changes: otherwise a channel's schedule would change by the calendar alone.
  yield {
    sql: "DELETE FROM programme WHERE channel = ? AND end_ms < ?",
    args: [channel, nowMs - PROGRAMME_KEPT_MS],
  };
  yield {
    // `value` is the text of each body, unchanged.
    sql: `INSERT OR REPLACE INTO programme (channel, id, start_ms, end_ms, body)
          SELECT ?, value ->> 'id', value ->> 'startMs', value ->> 'endMs', value FROM json_each(?)`,
    args: [channel, new TextDecoder().decode(upsert)],
  };
}

export function createDrafts(database: Database) {
  /** Guide entries by channel, as they are published; read again after an import. */
  let guide: Map<string, Map<string, string>> | undefined;

  const put = (table: "region" | "channel" | "channel_group" | "channel_rule", id: string, body: unknown) =>
    database.batch([
      { sql: `INSERT OR REPLACE INTO ${table} (id, body) VALUES (?, ?)`, args: [id, canonicalJson(body)] },
    ]);

  async function applyGuide(
    channels: readonly Channel[],
    changes: Iterable<PackedChange>,
    nowMs: number,
    also: readonly Statement[] = [],
    breathe: () => Promise<void> = async () => {},
  ): Promise<void> {
    try {
      await database.transaction(async (run) => {
        await run({
          sql: "INSERT OR REPLACE INTO channel (id, body) SELECT value ->> 0, value ->> 1 FROM json_each(?)",
          args: [JSON.stringify(channels.map((each) => [each.id, canonicalJson(each)]))],
        });
        for (const change of changes) {
          for (const statement of changeStatements(change, nowMs)) await run(statement);
          await breathe();
        }
        for (const statement of also) await run(statement);
      });
    } finally {
      guide = undefined;
    }
  }

  return {
    async regions(): Promise<RegionEntry[]> {
      return (await database.all("SELECT body FROM region ORDER BY id")).map((row) =>
        parse(regionEntrySchema, row),
      );
    },
    putRegion: (region: RegionEntry) => put("region", region.id, region),
    async channels(): Promise<Channel[]> {
      return (await database.all("SELECT body FROM channel ORDER BY id")).map((row) =>
        parse(channelSchema, row),
      );
    },
    putChannel: (channel: Channel) => put("channel", channel.id, channel),
    async groups(): Promise<ChannelGroup[]> {
      return (await database.all("SELECT body FROM channel_group ORDER BY id")).map((row) =>
        parse(channelGroupSchema, row),
      );
    },
    putGroup: (group: ChannelGroup) => put("channel_group", group.id, group),
    async removeGroup(id: string): Promise<boolean> {
      return (await database.all("DELETE FROM channel_group WHERE id = ? RETURNING id", [id])).length > 0;
    },
    async rules(): Promise<ChannelRule[]> {
      return (await database.all("SELECT body FROM channel_rule ORDER BY id")).map((row) =>
        parse(channelRuleSchema, row),
      );
    },
    putRule: (rule: ChannelRule) => put("channel_rule", rule.id, rule),
    async removeRule(id: string): Promise<boolean> {
      return (await database.all("DELETE FROM channel_rule WHERE id = ? RETURNING id", [id])).length > 0;
    },

    /** Programme id → canonical JSON, by channel. */
    async guide(): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
      if (guide) return guide;
      const read = new Map<string, Map<string, string>>();
      for (const row of await database.all("SELECT channel, id, body FROM programme")) {
        const channel = String(row.channel);
        let part = read.get(channel);
        if (!part) {
          part = new Map();
          read.set(channel, part);
        }
        part.set(String(row.id), String(row.body));
      }
      guide = read;
      return read;
    },
    /** By start; those that overlap the span. */
    async programmes(channel: string, fromMs: number, untilMs: number, most: number): Promise<Programme[]> {
      const rows = await database.all(
        `SELECT body FROM programme WHERE channel = ? AND start_ms < ? AND end_ms > ?
         ORDER BY start_ms, id LIMIT ?`,
        [channel, untilMs, fromMs, most],
      );
      return rows.map((row) => JSON.parse(String(row.body)) as Programme);
    },
    async programmesOf(channel: string): Promise<Programme[]> {
      const rows = await database.all("SELECT body FROM programme WHERE channel = ? ORDER BY start_ms, id", [
        channel,
      ]);
      return rows.map((row) => JSON.parse(String(row.body)) as Programme);
    },
    /** A channel's entries as they are published: programme id → canonical JSON. */
    async guideOf(channel: string): Promise<ReadonlyMap<string, string>> {
      const rows = await database.all("SELECT id, body FROM programme WHERE channel = ?", [channel]);
      return new Map(rows.map((row) => [String(row.id), String(row.body)]));
    },
    /**
     * What an import found, in one transaction.
     *
     * @param also within the same transaction
     * @param breathe between two channels: lets others have their turn, though not at this database
     */
    applyGuide,

    /** The newest version of each, by id. */
    async interactions(): Promise<InteractionEntry[]> {
      const rows = await database.all(
        `SELECT body FROM interaction AS i
         WHERE version = (SELECT max(version) FROM interaction WHERE id = i.id) ORDER BY id`,
      );
      return rows.map((row) => parse(interactionEntrySchema, row));
    },
    /** @param version the newest when undefined */
    async interaction(id: string, version?: number): Promise<InteractionEntry | undefined> {
      const [row] = await database.all(
        `SELECT body FROM interaction WHERE id = ? ${version === undefined ? "" : "AND version = ?"}
         ORDER BY version DESC LIMIT 1`,
        version === undefined ? [id] : [id, version],
      );
      return row && parse(interactionEntrySchema, row);
    },
    async versions(id: string): Promise<number[]> {
      const rows = await database.all("SELECT version FROM interaction WHERE id = ? ORDER BY version", [id]);
      return rows.map((row) => Number(row.version));
    },
    /** @throws {CuecastError} `version-taken` when another editor was faster */
    async addInteraction(entry: InteractionEntry, nowMs: number): Promise<void> {
      const rows = await database.all(
        `INSERT INTO interaction (id, version, body, created_at_ms) VALUES (?, ?, ?, ?)
         ON CONFLICT DO NOTHING RETURNING version`,
        [entry.interaction.id, entry.interaction.version, canonicalJson(entry), nowMs],
      );
      if (rows.length === 0) {
        throw new CuecastError(
          `Cannot save ${entry.interaction.id}: somebody else saved version ${entry.interaction.version} meanwhile`,
          { code: "version-taken", status: 409, retryable: true },
        );
      }
    },

    async placements(): Promise<PlacementDraft[]> {
      const rows = await database.all("SELECT body, state FROM placement ORDER BY id");
      return rows.map((row) => ({
        placement: parse(placementSchema, row),
        state: row.state as PlacementState,
      }));
    },
    async placement(id: string): Promise<PlacementDraft | undefined> {
      const [row] = await database.all("SELECT body, state FROM placement WHERE id = ?", [id]);
      return row && { placement: parse(placementSchema, row), state: row.state as PlacementState };
    },
    async putPlacement(placement: Placement): Promise<void> {
      await database.batch([placementStatement({ placement, state: "active" })]);
    },
    async removePlacement(id: string): Promise<boolean> {
      return (await database.all("DELETE FROM placement WHERE id = ? RETURNING id", [id])).length > 0;
    },
  };
}
export type Drafts = ReturnType<typeof createDrafts>;

/** For writing a draft within somebody else's transaction. */
export function placementStatement(draft: PlacementDraft): Statement {
  return {
    sql: "INSERT OR REPLACE INTO placement (id, body, state) VALUES (?, ?, ?)",
    args: [draft.placement.id, canonicalJson(draft.placement), draft.state],
  };
}
