/**
 * Which interactions are archived: put out of the library, with every version kept. It belongs to the interaction, as tags
 * do, makes no version and never goes on air.
 */
import type { Database, Row } from "../../shared/runtime/database.ts";

export interface Archived {
  atMs: number;
  /** Person or token. */
  by: string;
}

const toArchived = (row: Row): Archived => ({ atMs: Number(row.at_ms), by: String(row.by_whom) });

export function createInteractionArchive(database: Database) {
  return {
    /** By interaction. */
    async archive(): Promise<Map<string, Archived>> {
      const rows = await database.all("SELECT * FROM interaction_archive ORDER BY interaction");
      return new Map(rows.map((row) => [String(row.interaction), toArchived(row)]));
    },
    async archivedOf(interaction: string): Promise<Archived | undefined> {
      const [row] = await database.all("SELECT * FROM interaction_archive WHERE interaction = ?", [
        interaction,
      ]);
      return row && toArchived(row);
    },
    /** One that is archived stays as it was. */
    async putIntoArchive(interaction: string, { atMs, by }: Archived): Promise<void> {
      await database.batch([
        {
          sql: "INSERT OR IGNORE INTO interaction_archive (interaction, at_ms, by_whom) VALUES (?, ?, ?)",
          args: [interaction, atMs, by],
        },
      ]);
    },
    /** Harmless for those that are not there. */
    async takeFromArchive(interactions: readonly string[]): Promise<void> {
      await database.batch([
        {
          sql: "DELETE FROM interaction_archive WHERE interaction IN (SELECT value FROM json_each(?))",
          args: [JSON.stringify(interactions)],
        },
      ]);
    },
  };
}
