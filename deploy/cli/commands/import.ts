/** `cuecast import`: a guide file goes to central, and its report comes back. */
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { CuecastError } from "../../../shared/errors.ts";
import { apiSettings, createApi } from "../api.ts";
import type { Command } from "../command.ts";
import { printJson, printLine, printTable } from "../print.ts";
import { checkFile } from "../readable-file.ts";
import { readSettings, type SettingTable } from "../settings.ts";

const settings = {
  ...apiSettings,
  "dry-run": { kind: "flag", about: "say what would change, and change nothing" },
} as const satisfies SettingTable;

interface GuideReport {
  channels: { added: number; changed: number; unchanged: number };
  programmes: { added: number; moved: number; changed: number; removed: number; unchanged: number };
  defects: { code: string; count: number; repaired: string }[];
}

export const importGuide: Command = {
  summary: "Import an XMLTV guide (plain or gzip)",
  operands: "FILE",
  settings,
  async run({ args, environment }) {
    const { values, positionals } = readSettings(settings, args, environment);
    const [file, ...rest] = positionals;
    if (file === undefined || rest.length > 0) {
      throw new CuecastError("Cannot import: name one file", { code: "usage", status: 400 });
    }
    await checkFile(file);
    const report = (await createApi(values).upload(
      `/api/v1/guide${values["dry-run"] ? "?dryRun=true" : ""}`,
      "application/xml",
      Readable.toWeb(createReadStream(file)) as unknown as ReadableStream<Uint8Array>,
    )) as GuideReport;
    if (values.json) {
      printJson(report);
      return 0;
    }
    const { channels, programmes } = report;
    printLine(values["dry-run"] ? "Nothing was changed. The import would bring:" : "Imported:");
    printTable(
      ["", "added", "moved", "changed", "removed", "unchanged"],
      [
        ["channels", `${channels.added}`, "", `${channels.changed}`, "", `${channels.unchanged}`],
        [
          "programmes",
          ...[
            programmes.added,
            programmes.moved,
            programmes.changed,
            programmes.removed,
            programmes.unchanged,
          ].map(String),
        ],
      ],
    );
    if (report.defects.length > 0) {
      printLine();
      printTable(
        ["defect", "times", "repaired"],
        report.defects.map((defect) => [defect.code, `${defect.count}`, defect.repaired]),
      );
    }
    return 0;
  },
};
