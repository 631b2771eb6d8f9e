/**
 * Tags of interactions: an editor's own order in the library. They belong to the interaction, not to a version,
 * and never go on air.
 */
import type { Database } from "../../shared/runtime/database.ts";

export interface TagCount {
  tag: string;
  count: number;
}

export function createInteractionTags(database: Database) {
  return {
    /** Of every interaction that has any, by tag. */
    async tagsByInteraction(): Promise<Map<string, string[]>> {
      const tags = new Map<string, string[]>();
      for (const row of await database.all(
        "SELECT interaction, tag FROM interaction_tag ORDER BY interaction, tag",
      )) {
        const id = String(row.interaction);
        const own = tags.get(id) ?? [];
        own.push(String(row.tag));
        tags.set(id, own);
      }
      return tags;
    },
    async tagsOf(interaction: string): Promise<string[]> {
      const rows = await database.all("SELECT tag FROM interaction_tag WHERE interaction = ? ORDER BY tag", [
        interaction,
      ]);
      return rows.map((row) => String(row.tag));
    },
    /** Each tag with how many interactions have it, by tag. @param archived of these, else of those that are not */
    async tagCounts(archived: boolean): Promise<TagCount[]> {
      const rows = await database.all(
        `SELECT tag, count(*) AS count FROM interaction_tag
         WHERE interaction ${archived ? "IN" : "NOT IN"} (SELECT interaction FROM interaction_archive)
         GROUP BY tag ORDER BY tag`,
      );
      return rows.map((row) => ({ tag: String(row.tag), count: Number(row.count) }));
    },
    /** Some come, some go, the rest stays: two editors at once take nothing from each other. */
    async changeTags(interaction: string, add: readonly string[], remove: readonly string[]): Promise<void> {
      await database.batch([
        {
          sql: "DELETE FROM interaction_tag WHERE interaction = ? AND tag IN (SELECT value FROM json_each(?))",
          args: [interaction, JSON.stringify(remove)],
        },
        {
          sql: "INSERT OR IGNORE INTO interaction_tag (interaction, tag) SELECT ?, value FROM json_each(?)",
          args: [interaction, JSON.stringify(add)],
        },
      ]);
    },
  };
}
