/** What a backup says of itself: the first file in its archive, from which everything after it is checked. */
import * as v from "valibot";
import {
  countSchema,
  instantSchema,
  ordinalSchema,
  sha256Schema,
} from "../../../shared/protocol/primitives.ts";

/** The archive's layout. Raised when an older release could not read it. */
const FORMAT = 1;
export const MANIFEST_FILE = "manifest.json";
/** Tables of a database are few; this bounds what is read before anything is checked. */
export const MANIFEST_BYTES_MAX = 1_048_576;

/** The databases, each copied by itself. */
export const DATABASES = ["authoring.db", "results.db"] as const;
/** Each in a file of its own, without which edges and boxes would trust nothing of what is restored. */
export const KEY_FILES = ["keys/publication.pem", "keys/box.pem", "keys/air.pem"] as const;
/** What the first person and this machine's command line get in with; may be missing. */
export const SECRET_FILES = ["password", "token"] as const;
/** Whatever a backup may hold, in the order of its archive. */
export const BACKED_UP = [...KEY_FILES, ...SECRET_FILES, ...DATABASES] as const;

const fileSchema = v.object({
  path: v.picklist(BACKED_UP),
  bytes: countSchema,
  sha256: sha256Schema,
  /** Of a database: how many of its migrations had run, and what each table holds. */
  database: v.optional(
    v.object({
      migrations: countSchema,
      tables: v.record(v.string(), v.object({ rows: countSchema, sha256: sha256Schema })),
    }),
  ),
});
export const backupManifestSchema = v.object({
  format: v.literal(FORMAT),
  madeAtMs: instantSchema,
  /** Release of the program. */
  software: v.string(),
  /** What was on air; absent before the first publication. Its content is in `authoring.db`. */
  onAir: v.optional(v.object({ epoch: ordinalSchema, revision: ordinalSchema, hash: sha256Schema })),
  files: v.pipe(v.array(fileSchema), v.maxLength(BACKED_UP.length)),
});
export type BackupManifest = v.InferOutput<typeof backupManifestSchema>;
export type BackupFile = BackupManifest["files"][number];
export { FORMAT as BACKUP_FORMAT };
