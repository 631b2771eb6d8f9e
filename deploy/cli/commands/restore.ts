/** `cuecast restore`: puts a backup into a data directory in which no central runs. */
import { resolve } from "node:path";
import { CuecastError } from "../../../shared/errors.ts";
import { type Command, EXIT } from "../command.ts";
import { instantText, printJson, printLine } from "../print.ts";
import { checkFile } from "../readable-file.ts";
import { readSettings, type SettingTable } from "../settings.ts";

const settings = {
  data: { kind: "text", unit: "dir", about: "where central is to have its data", default: "data/central" },
  force: {
    kind: "flag",
    about: "when something is there already: move it aside, into a directory beside it",
  },
  json: { kind: "flag", about: "print JSON" },
} as const satisfies SettingTable;

export const restore: Command = {
  summary: "Restore central from a backup; its next start raises the epoch, and the edges follow",
  operands: "FILE",
  settings,
  async run({ args, environment }) {
    const { values, positionals } = readSettings(settings, args, environment);
    const [archive] = positionals;
    if (archive === undefined || positionals.length > 1) {
      throw new CuecastError("Cannot restore: name one backup", { code: "usage", status: 400 });
    }
    await checkFile(archive);
    // Only now: its native library wants permissions that help does not have.
    const { restoreBackup } = await import("../../../central/platform/backup/restore.ts");
    const { MIGRATIONS_KNOWN } = await import("../../../central/platform/backup/migrations-known.ts");
    const dataDir = resolve(values.data);
    const { manifest, before } = await restoreBackup(resolve(archive), dataDir, {
      ...{ force: values.force, migrations: MIGRATIONS_KNOWN, nowMs: Date.now() },
    });
    if (values.json) {
      printJson({ dataDir, before, ...manifest });
      return EXIT.ok;
    }
    printLine(`Restored ${dataDir} from the backup of ${instantText(manifest.madeAtMs)}`);
    if (before !== undefined) printLine(`What was there is in ${before}: remove it when you need it no more`);
    const { onAir } = manifest;
    printLine(
      onAir
        ? `Start central: it puts epoch ${onAir.epoch}, revision ${onAir.revision} on air again in a new epoch, and the edges follow`
        : "Start central: nothing was on air yet",
    );
    return EXIT.ok;
  },
};
