/** Settings that an operator changes while central runs, each one JSON body. */
import * as v from "valibot";
import type { Database } from "../../shared/runtime/database.ts";
import { GUIDE_LIMITS, type GuideLimits, guideLimitsSchema } from "../guide/limits.ts";

const LIMITS = "guide-limits";

export function createSettings(database: Database) {
  return {
    async guideLimits(): Promise<GuideLimits> {
      const [row] = await database.all("SELECT body FROM setting WHERE name = ?", [LIMITS]);
      if (!row) return GUIDE_LIMITS;
      return v.parse(guideLimitsSchema, { ...GUIDE_LIMITS, ...JSON.parse(String(row.body)) });
    },
    async putGuideLimits(limits: GuideLimits): Promise<void> {
      await database.batch([
        {
          sql: "INSERT OR REPLACE INTO setting (name, body) VALUES (?, ?)",
          args: [LIMITS, JSON.stringify(limits)],
        },
      ]);
    },
  };
}
export type Settings = ReturnType<typeof createSettings>;
