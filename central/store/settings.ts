/** Settings that an operator changes while central runs, each one JSON body. */
import * as v from "valibot";
import type { Database } from "../../shared/runtime/database.ts";
import { GUIDE_LIMITS, type GuideLimits, guideLimitsSchema } from "../guide/limits.ts";
import { PUBLISH_LIMITS, type PublishLimits, publishLimitsSchema } from "../publish/freeze.ts";
import { RETENTION_DAYS, type RetentionDays, retentionSchema } from "../retention/kinds.ts";
import type { RetentionRun } from "../retention/retention.ts";

const LIMITS = "guide-limits";
const PUBLISHING = "publish-limits";
const RETENTION = "retention";
const RETENTION_RUNS = "retention-runs";

export function createSettings(database: Database) {
  const read = async (name: string): Promise<unknown> => {
    const [row] = await database.all("SELECT body FROM setting WHERE name = ?", [name]);
    return row && JSON.parse(String(row.body));
  };
  const put = async (name: string, body: unknown): Promise<void> => {
    await database.batch([
      {
        sql: "INSERT OR REPLACE INTO setting (name, body) VALUES (?, ?)",
        args: [name, JSON.stringify(body)],
      },
    ]);
  };
  return {
    retention: async (): Promise<RetentionDays> =>
      v.parse(retentionSchema, { ...RETENTION_DAYS, ...((await read(RETENTION)) as object | undefined) }),
    putRetention: (days: RetentionDays) => put(RETENTION, days),
    retentionRuns: async () => ((await read(RETENTION_RUNS)) ?? []) as RetentionRun[],
    putRetentionRuns: (runs: readonly RetentionRun[]) => put(RETENTION_RUNS, runs),
    guideLimits: async (): Promise<GuideLimits> =>
      v.parse(guideLimitsSchema, { ...GUIDE_LIMITS, ...((await read(LIMITS)) as object | undefined) }),
    publishLimits: async (): Promise<PublishLimits> =>
      v.parse(publishLimitsSchema, {
        ...PUBLISH_LIMITS,
        ...((await read(PUBLISHING)) as object | undefined),
      }),
    putPublishLimits: (limits: PublishLimits) => put(PUBLISHING, limits),
    putGuideLimits: (limits: GuideLimits) => put(LIMITS, limits),
  };
}
export type Settings = ReturnType<typeof createSettings>;
