/**
 * Results as CSV (RFC 4180): one line per option and region, and the totals. Pure.
 *
 * It begins with a byte order mark: without it Excel takes UTF-8 for the machine's own code page, and Chinese for noise.
 */
import { reach } from "./reach.ts";
import type { Series } from "./series.ts";
import type { Summary } from "./summary.ts";

/** Quoted where it must be; what a spreadsheet would run as a formula gets an apostrophe. */
function field(value: string | number): string {
  const text = typeof value === "number" ? String(value) : value.replace(/^[=+\-@＝＋－＠\t\r\n]/, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param labels of options, in one language */
export function exportCsv(summary: Summary, series: Series, labels: Record<string, string>): string {
  const lines: (string | number)[][] = [
    ["cue", "interaction", "version", "at", "scope", "option", "label", "answers"],
  ];
  const about = [
    summary.cue,
    summary.interaction,
    summary.version,
    summary.atMs === undefined ? "" : new Date(summary.atMs).toISOString(),
  ];
  const add = (scope: string, tally: { total: number; options: Record<string, number> }) => {
    lines.push([...about, scope, "", "total", tally.total]);
    // Those that nobody chose are a result too.
    for (const option of [...new Set([...Object.keys(labels), ...Object.keys(tally.options)])].sort()) {
      lines.push([...about, scope, option, labels[option] ?? option, tally.options[option] ?? 0]);
    }
  };
  add("all", summary.counted);
  if (summary.provisional.total > summary.counted.total) add("provisional", summary.provisional);
  // Of a large cue the regions' lines count a sample: who adds them up must see that they are no totals.
  const sampled = series.share < 1;
  if (sampled)
    lines.push([...about, "sample", "share", "of the answers, in the regions' lines", series.share]);
  for (const { region, others = {}, ...tally } of series.regions) {
    const scope = sampled ? `region ${region} (sample)` : `region ${region}`;
    add(scope, tally);
    for (const [verdict, count] of Object.entries(others)) {
      lines.push([...about, scope, verdict, verdict, count]);
    }
  }
  for (const [verdict, count] of Object.entries(summary.verdicts)) {
    lines.push([...about, "verdict", verdict, verdict, count]);
  }
  for (const [what, count] of Object.entries(reach(summary))) {
    lines.push([...about, "reach", what, what, count]);
  }
  for (const [outcome, count] of Object.entries(summary.outcomes)) {
    lines.push([...about, "boxes", outcome, outcome, count]);
  }
  return `\uFEFF${lines.map((line) => line.map(field).join(",")).join("\r\n")}\r\n`;
}
