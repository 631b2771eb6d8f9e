/** Prints what central tells of an import: what changes, which cues on air, every defect with its places. */
import type { ImportReport } from "../../central/guide/import-report.ts";
import { instantText, printLine, printTable, tableLines, wrapped } from "./print.ts";

/** Channels, and cues of each kind, shown; `--json` has more. */
const SHOWN_MAX = 20;

const HEADS: Record<string, string> = {
  "dry-run": "Nothing was changed. The import would bring:",
  accepted: "Imported:",
  partly: "Imported, but for the channels that wait for a person:",
  pending: "Not imported yet, it waits for a person:",
};

/** @param nowMs to tell a guide that is past */
export function printReport(report: ImportReport, nowMs: number): void {
  const { channels, programmes } = report;
  printLine(changesSomething(report) ? (HEADS[report.state] ?? report.state) : "Nothing changes:");
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
  for (const line of reachLines(report, nowMs)) printLine(line);
  printCues(report);
  printDefects(report);
  printOutcome(report);
}

function changesSomething({ channels, programmes }: ImportReport): boolean {
  const { added, moved, changed, removed } = programmes;
  return channels.added + channels.changed + added + moved + changed + removed > 0;
}

/** What the file holds, whatever became of it. */
export function reachLines({ stats }: Pick<ImportReport, "stats">, nowMs: number): string[] {
  const { programmes, fromMs, untilMs } = stats;
  if (fromMs === undefined || untilMs === undefined) return [];
  const lines = [`The file has ${programmes} programmes, ${instantText(fromMs)} to ${instantText(untilMs)}`];
  return untilMs < nowMs ? [...lines, "All of it is past"] : lines;
}

function printCues({ cues }: ImportReport): void {
  if (cues.told.length === 0) return;
  printLine();
  printLine(`Cues on air: ${cues.moved} move, ${cues.vanished} vanish, ${cues.appeared} appear`);
  for (const line of cueLines(cues)) printLine(line);
}

const KINDS = [
  ["vanished", "vanish"],
  ["moved", "move"],
  ["appeared", "appear"],
] as const;

/** Some of each kind, what vanishes first: however many move, it is what a viewer misses. */
export function cueLines(cues: ImportReport["cues"]): string[] {
  const moment = (ms: number | undefined) => (ms === undefined ? "" : instantText(ms));
  const shown = KINDS.map(([kind]) => cues.told.filter((each) => each.kind === kind).slice(0, SHOWN_MAX));
  const rows = shown.flat();
  const lines = tableLines(
    ["cue", "channel", "from", "to", "title"],
    rows.map(({ cue, channel, fromMs, toMs, title }) => [cue, channel, moment(fromMs), moment(toMs), title]),
  );
  const all = lines.slice(0, 1);
  let end = 1;
  for (const [at, [kind, verb]] of KINDS.entries()) {
    const count = shown[at]?.length ?? 0;
    all.push(...lines.slice(end, end + count));
    end += count;
    if (cues[kind] > count) all.push(`  and ${cues[kind] - count} more ${verb}`);
  }
  return all;
}

function printDefects({ defects, stats }: ImportReport): void {
  if (defects.length === 0) {
    printLine();
    printLine("No defects were found");
  } else {
    printLine();
    for (const line of defectLines(defects, process.stdout.columns)) printLine(line);
  }
  if (stats.evidence) {
    const { offset, digits, utc } = stats.evidence;
    printLine(
      `Titles that name their hour agree with --clock offset ${offset}, digits ${digits}, utc ${utc} times`,
    );
  }
}

/** @param columns of the terminal; without it lines are as long as they are */
export function defectLines(defects: ImportReport["defects"], columns = Number.POSITIVE_INFINITY): string[] {
  const [head = "", ...rows] = tableLines(
    ["defect", "times", "repaired"],
    defects.map(({ code, count, repaired }) => [code, `${count}`, repaired]),
  );
  const placed = ({ line, text }: { line: number; text: string }) =>
    wrapped(line > 0 ? `line ${line}: ${text}` : text, 2, columns);
  return [head, ...defects.flatMap(({ examples }, at) => [rows[at] ?? "", ...examples.flatMap(placed)])];
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
