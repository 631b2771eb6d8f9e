/** Backups that central makes by itself. Restoring is a command: it happens where central does not run. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { countSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import type { BackupSchedule } from "../backup/schedule.ts";
import { type Route, route } from "./route.ts";

export const backupViewSchema = v.object({
  everyHours: countSchema,
  /** How many are kept. */
  keep: countSchema,
  running: v.boolean(),
  nextMs: instantSchema,
  /** The newest first; each was read back before it counted. */
  backups: v.array(v.object({ name: v.string(), madeAtMs: instantSchema, bytes: countSchema })),
  /** Why the last try failed. */
  trouble: v.optional(v.string()),
});
/** `schedule` is absent where central was started without `--backup-dir`. */
const replySchema = v.object({ schedule: v.optional(backupViewSchema) });
export type BackupsReply = v.InferOutput<typeof replySchema>;

export function backupRoutes({ backups }: { backups?: BackupSchedule | undefined }): Route[] {
  return [
    route("GET", "/api/v1/backups", {
      summary: "Backups that central makes by itself: those kept, the next, and what went wrong",
      access: "people",
      action: "operate",
      reply: replySchema,
      handle: async () => ({ ...(backups && { schedule: backups.view() }) }),
    }),
    route("POST", "/api/v1/backups", {
      summary: "Makes a backup now, beside whatever else runs; GET tells when it is there",
      access: "people",
      action: "operate",
      reply: replySchema,
      status: 202,
      async handle() {
        if (!backups) {
          throw new CuecastError("Cannot back up: central was started without --backup-dir", {
            code: "no-backup-folder",
            status: 409,
          });
        }
        backups.runNow();
        return { schedule: backups.view() };
      },
    }),
  ];
}
