/** Guide sources and how they went. */
import * as v from "valibot";
import type { Database } from "../../shared/runtime/database.ts";
import { type GuideSource, type SourceState, sourceSchema, sourceStateSchema } from "../guide/source.ts";

export interface StoredSource {
  source: GuideSource;
  state: SourceState;
}

export function createGuideSources(database: Database) {
  return {
    async all(): Promise<StoredSource[]> {
      const rows = await database.all("SELECT body, state FROM guide_source ORDER BY id");
      return rows.map((row) => ({
        source: v.parse(sourceSchema, JSON.parse(String(row.body))),
        state: v.parse(sourceStateSchema, JSON.parse(String(row.state))),
      }));
    },
    async put({ source, state }: StoredSource): Promise<void> {
      await database.batch([
        {
          sql: "INSERT OR REPLACE INTO guide_source (id, body, state) VALUES (?, ?, ?)",
          args: [source.id, JSON.stringify(source), JSON.stringify(state)],
        },
      ]);
    },
    /** Of a source that is still there as it was when the try began. */
    async putState(source: GuideSource, state: SourceState): Promise<void> {
      await database.batch([
        {
          sql: "UPDATE guide_source SET state = ? WHERE id = ? AND body = ?",
          args: [JSON.stringify(state), source.id, JSON.stringify(source)],
        },
      ]);
    },
    async remove(id: string): Promise<boolean> {
      return (await database.all("DELETE FROM guide_source WHERE id = ? RETURNING id", [id])).length > 0;
    },
  };
}
export type GuideSources = ReturnType<typeof createGuideSources>;
