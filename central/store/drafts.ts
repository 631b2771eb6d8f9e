/** What editors have authored and imported and what goes on air with the next publication. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { type Channel, channelSchema } from "../../shared/guide/channel.ts";
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
import type { Work } from "../publish/work.ts";
import { createGuideStore } from "./guide-store.ts";
import { createInteractionArchive } from "./interaction-archive.ts";
import { createInteractionTags } from "./interaction-tags.ts";

export type PlacementState = "active" | "withdrawn";
export interface PlacementDraft {
  placement: Placement;
  state: PlacementState;
}

const parse = <T>(schema: v.GenericSchema<unknown, T>, row: Row): T =>
  v.parse(schema, JSON.parse(String(row.body)));

const draftOf = (row: Row): PlacementDraft => ({
  placement: parse(placementSchema, row),
  state: row.state as PlacementState,
});

export function createDrafts(database: Database) {
  const put = (table: "region" | "channel" | "channel_group" | "channel_rule", id: string, body: unknown) =>
    database.batch([
      { sql: `INSERT OR REPLACE INTO ${table} (id, body) VALUES (?, ?)`, args: [id, canonicalJson(body)] },
    ]);

  return {
    ...createGuideStore(database),
    ...createInteractionTags(database),
    ...createInteractionArchive(database),
    async regions(): Promise<RegionEntry[]> {
      return (await database.all("SELECT body FROM region ORDER BY id")).map((row) =>
        parse(regionEntrySchema, row),
      );
    },
    putRegion: (region: RegionEntry) => put("region", region.id, region),
    removeRegion: (id: string) => database.all("DELETE FROM region WHERE id = ?", [id]),
    async channels(): Promise<Channel[]> {
      return (await database.all("SELECT body FROM channel ORDER BY id")).map((row) =>
        parse(channelSchema, row),
      );
    },
    putChannel: (channel: Channel) => put("channel", channel.id, channel),
    /** Its programmes stay, and are published no more. */
    removeChannel: (id: string) => database.all("DELETE FROM channel WHERE id = ?", [id]),
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

    /** By id. @param page all unless told */
    async placements({ after = "", most = -1 } = {}): Promise<PlacementDraft[]> {
      const rows = await database.all("SELECT body, state FROM placement WHERE id > ? ORDER BY id LIMIT ?", [
        after,
        most,
      ]);
      return rows.map(draftOf);
    },
    /** All as they are now, to be parsed in steps: thousands take longer than others should wait. */
    async everyPlacement(): Promise<Work<PlacementDraft[]>> {
      const rows = await database.all("SELECT body, state FROM placement ORDER BY id");
      return (function* () {
        const found: PlacementDraft[] = [];
        for (const row of rows) {
          found.push(draftOf(row));
          yield;
        }
        return found;
      })();
    },
    async placement(id: string): Promise<PlacementDraft | undefined> {
      const [row] = await database.all("SELECT body, state FROM placement WHERE id = ?", [id]);
      return row && draftOf(row);
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
