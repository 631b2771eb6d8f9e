/** `cuecast import`: a guide goes to central, and its report comes back; what was held back is decided on. */
import type { ImportReport, ImportSummary } from "../../../central/guide/import-report.ts";
import { CuecastError } from "../../../shared/errors.ts";
import { type Api, apiSettings, createApi } from "../api.ts";
import { type Command, EXIT } from "../command.ts";
import { openGuide } from "../guide-file.ts";
import { printReport } from "../guide-report.ts";
import { instantText, printJson, printLine, printTable } from "../print.ts";
import { readSettings, type SettingTable, type Values } from "../settings.ts";
import { createProgress } from "../upload-progress.ts";

const settings = {
  ...apiSettings,
  "dry-run": { kind: "flag", about: "say what would change, and change nothing" },
  anyway: { kind: "flag", about: "hold nothing back, whatever it does to cues on air" },
  zone: {
    kind: "text",
    about: "zone of the channels that have none of their own, like Europe/Paris: offsets are held against it",
  },
  clock: {
    kind: "text",
    about:
      "what shows local time, where a zone is known: `offset` (times mean what they say), `digits` or `utc`",
  },
  list: { kind: "flag", about: "list the latest imports and those that wait" },
  accept: { kind: "text", unit: "id", about: "take what was held back of an import" },
  refuse: { kind: "text", unit: "id", about: "throw it away" },
} as const satisfies SettingTable;

const usage = (message: string) => new CuecastError(message, { code: "usage", status: 400 });

async function send(api: Api, name: string, values: Values<typeof settings>): Promise<ImportReport> {
  const guide = await openGuide(name);
  const query = new URLSearchParams();
  if (values["dry-run"]) query.set("dryRun", "1");
  if (values.anyway) query.set("anyway", "1");
  if (values.zone) query.set("zone", values.zone);
  if (values.clock) query.set("clock", values.clock);
  const progress = createProgress(process.stderr, guide.length);
  try {
    return (await api.upload(`/api/v1/guide${query.size > 0 ? `?${query}` : ""}`, {
      ...guide,
      bytes: progress.through(guide.bytes),
    })) as ImportReport;
  } finally {
    progress.end();
  }
}

async function list(api: Api, json: boolean): Promise<number> {
  const reply = (await api.get("/api/v1/guide/imports")) as {
    running: { source?: string; plainBytes: number; megabytesPerSecond: number }[];
    imports: ImportSummary[];
  };
  if (json) {
    printJson(reply);
    return EXIT.ok;
  }
  for (const { source, plainBytes, megabytesPerSecond } of reply.running) {
    const from = source === undefined ? "" : ` from ${source}`;
    printLine(`Under way${from}: ${(plainBytes / 1e6).toFixed(1)} MB, ${megabytesPerSecond} MB/s`);
  }
  if (reply.imports.length === 0) printLine("Nothing was imported yet");
  else {
    printTable(
      ["id", "at", "source", "state", "moved", "added", "removed", "cues", "why"],
      reply.imports.map(({ id, atMs, source = "", state, report, expiresAtMs }) => {
        const { programmes, cues, reasons } = report;
        const waits = expiresAtMs === undefined ? state : `${state}, until ${instantText(expiresAtMs)}`;
        return [
          id,
          instantText(atMs),
          source,
          waits,
          ...[programmes.moved, programmes.added, programmes.removed].map(String),
          String(cues.moved + cues.vanished + cues.appeared),
          reasons.map(({ message }) => message).join("; "),
        ];
      }),
    );
  }
  return EXIT.ok;
}

export const importGuide: Command = {
  summary: "Import a guide: XMLTV, DVB-I or TV-Anytime, plain or gzip; decide on what was held back",
  operands: "FILE|URL",
  settings,
  async run({ args, environment }) {
    const { values, positionals } = readSettings(settings, args, environment);
    const { accept, refuse } = values;
    const asked = [values.list, accept !== undefined, refuse !== undefined, positionals.length > 0];
    if (asked.filter(Boolean).length !== 1 || positionals.length > 1) {
      throw usage("Cannot import: name one file or address, or one of --list, --accept ID, --refuse ID");
    }
    const api = createApi(values);
    if (values.list) return list(api, values.json);
    if (refuse !== undefined) {
      const summary = (await api.send(
        "POST",
        `/api/v1/guide/imports/${encodeURIComponent(refuse)}/refuse`,
      )) as ImportSummary;
      if (values.json) printJson(summary);
      else printLine(`Refused: import ${summary.id} changed nothing more`);
      return EXIT.ok;
    }
    const report =
      accept !== undefined
        ? ((await api.send(
            "POST",
            `/api/v1/guide/imports/${encodeURIComponent(accept)}/accept`,
          )) as ImportReport)
        : await send(api, String(positionals[0]), values);
    if (values.json) printJson(report);
    else printReport(report, Date.now());
    return report.state === "pending" || report.state === "partly" ? EXIT.failed : EXIT.ok;
  },
};
