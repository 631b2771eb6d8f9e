/** `cuecast backup`: one archive of all that central must not lose, read back before it counts. */
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CuecastError } from "../../../shared/errors.ts";
import { type Command, EXIT } from "../command.ts";
import { printJson, printLine } from "../print.ts";
import { readSettings, type SettingTable } from "../settings.ts";

const settings = {
  data: { kind: "text", unit: "dir", about: "central's data directory", default: "data/central" },
  json: { kind: "flag", about: "print JSON" },
} as const satisfies SettingTable;

export const backup: Command = {
  summary:
    "Back up central, running or not, into one archive; it holds secrets and is readable by its owner alone",
  operands: "FILE|DIR",
  settings,
  async run({ args, environment }) {
    const { values, positionals } = readSettings(settings, args, environment);
    const [target] = positionals;
    if (target === undefined || positionals.length > 1) {
      throw new CuecastError("Cannot back up: name one file that is not there yet, or a directory", {
        code: "usage",
        status: 400,
      });
    }
    // Only now: its native library wants permissions that help does not have.
    const { backupName, makeBackup } = await import("../../../central/platform/backup/make-backup.ts");
    const { readSoftware } = await import("../../../shared/runtime/software.ts");
    const nowMs = Date.now();
    const folder = target.endsWith("/") || (await stat(target).catch(() => undefined))?.isDirectory();
    const path = resolve(folder ? join(target, backupName(nowMs)) : target);
    const { bytes, manifest } = await makeBackup(resolve(values.data), path, {
      ...{ nowMs, software: (await readSoftware()).version },
    });
    if (values.json) {
      printJson({ path, bytes, ...manifest });
      return EXIT.ok;
    }
    const { onAir, files } = manifest;
    printLine(`Backed up into ${path} (${bytes} bytes) and read back whole`);
    printLine(
      onAir ? `On air in it: epoch ${onAir.epoch}, revision ${onAir.revision}` : "Nothing is on air in it",
    );
    for (const { path: name, database } of files) {
      if (!database) continue;
      const rows = Object.values(database.tables).reduce((sum, table) => sum + table.rows, 0);
      printLine(`${name}: ${rows} rows in ${Object.keys(database.tables).length} tables`);
    }
    printLine("It holds central's keys and passwords: keep it as you keep those");
    return EXIT.ok;
  },
};
