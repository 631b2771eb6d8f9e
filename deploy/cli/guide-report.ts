/** Prints what central tells of an import: what changes, which cues on air, every defect with its places. */
import type { ImportReport } from "../../central/guide/import-report.ts";
import { instantText, printLine, printTable } from "./print.ts";

/** Channels and cues shown; `--json` has more. */
const SHOWN_MAX = 20;

const HEADS: Record<string, string> = {
  "dry-run": "Nothing was changed. The import would bring:",
  accepted: "Imported:",
  partly: "Imported, but for the channels that wait for a person:",
  pending: "Not imported yet, it waits for a person:",
};

export function printReport(report: ImportReport): void {
  printLine(HEADS[report.state] ?? report.state);
  const { channels, programmes } = report;
  const columns = (counts: typeof programmes) =>
    [counts.added, counts.moved, counts.changed, counts.removed, counts.unchanged].map(String);
  printTable(
    ["", "added", "moved", "changed", "removed", "unchanged"],
    [
      ["channels", `${channels.added}`, "", `${channels.changed}`, "", `${channels.unchanged}`],
      ["programmes", ...columns(programmes)],
      ...report.byChannel
        .slice(0, SHOWN_MAX)
        .map(({ channel, held, ...counts }) => [
          `  ${channel}${held ? " (held back)" : ""}`,
          ...columns(counts),
        ]),
    ],
  );
  const more = report.byChannel.length - SHOWN_MAX;
  if (more > 0) printLine(`  and ${more} more channels`);
  printCues(report);
  printDefects(report);
  printOutcome(report);
}

function printCues({ cues }: ImportReport): void {
  if (cues.told.length === 0) return;
  printLine();
  printLine(`Cues on air: ${cues.moved} move, ${cues.vanished} vanish, ${cues.appeared} appear`);
  const moment = (ms: number | undefined) => (ms === undefined ? "" : instantText(ms));
  printTable(
    ["cue", "channel", "from", "to", "title"],
    cues.told
      .slice(0, SHOWN_MAX)
      .map(({ cue, channel, fromMs, toMs, title }) => [cue, channel, moment(fromMs), moment(toMs), title]),
  );
}

function printDefects({ defects, stats }: ImportReport): void {
  if (defects.length === 0) {
    printLine();
    printLine("No defects were found");
  } else {
    printLine();
    printTable(
      ["defect", "times", "repaired"],
      defects.flatMap(({ code, count, repaired, examples }) => [
        [code, `${count}`, repaired],
        ...examples.map(({ line, text }) => [`  line ${line}`, "", text]),
      ]),
    );
  }
  if (stats.evidence) {
    const { offset, digits, utc } = stats.evidence;
    printLine(
      `Titles that name their hour agree with --clock offset ${offset}, digits ${digits}, utc ${utc} times`,
    );
  }
}

function printOutcome(report: ImportReport): void {
  const { published, publishing, reasons, id } = report;
  if (published) printLine(`On air: epoch ${published.epoch}, revision ${published.revision}`);
  if (publishing) printLine(`Not on air yet, tried again by itself: ${publishing}`);
  if (reasons.length === 0) return;
  printLine();
  for (const { message, channels } of reasons) {
    const named = channels.slice(0, 5).join(", ");
    printLine(`${message} (${named}${channels.length > 5 ? ` and ${channels.length - 5} more` : ""})`);
  }
  if (id !== undefined) {
    printLine(`Decide with: cuecast import --accept ${id}, or cuecast import --refuse ${id}`);
  }
}
