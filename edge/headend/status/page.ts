/** `/status` for a technician: one page, no script, light and dark, that asks for itself again. */
import type { StatusReport } from "./report.ts";
import type { Words } from "./words.ts";

/** Seconds between two looks. */
const REFRESH_SECONDS = 5;

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escapeText = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string);

/** `2026-11-23 11:04:05 UTC`. */
const instant = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;

function rowsOf(report: StatusReport, words: Words): [label: string, value: string][] {
  const { labels } = words;
  const { central, snapshot, sync, outbox, traffic, clockOffsetMs } = report;
  const since = (ms: number | undefined) => (ms === undefined ? "" : `, ${words.since} ${instant(ms)}`);
  const rows: [string, string][] = [
    [
      labels.central,
      central.url === undefined
        ? words.noCentral
        : `${central.up ? words.up : words.down}${since(central.sinceMs)} (${central.url})`,
    ],
    [
      labels.serves,
      snapshot
        ? `${snapshot.epoch}/${snapshot.revision}, ${words.published} ${instant(snapshot.publishedAtMs)}, ${snapshot.hash.slice(0, 12)}`
        : words.nothing,
    ],
  ];
  if (sync.refused) rows.push([labels.refused, sync.refused]);
  if (snapshot) {
    const recurrences = snapshot.left.recurrenceWithoutEnd ? words.endless : words.bounded;
    const guide =
      report.guideLeftHours === undefined ? words.noGuide : `${report.guideLeftHours} ${words.hours}`;
    rows.push([labels.left, `${words.recurrences}: ${recurrences}; ${words.guide}: ${guide}`]);
    rows.push([labels.content, words.counts(snapshot.counts)]);
  }
  const oldest = outbox.oldestAtMs === undefined ? "" : `, ${words.oldest} ${instant(outbox.oldestAtMs)}`;
  rows.push([labels.outbox, `${outbox.waiting} ${words.waiting}${oldest}`]);
  rows.push([
    labels.traffic,
    `${traffic.pullsPerSecond.toFixed(1)} ${words.pullsPerSecond}, ${words.boxes} ${report.boxesEstimate}, ${traffic.notModified} ${words.ofWhichUnchanged}`,
  ]);
  rows.push([
    labels.clock,
    clockOffsetMs === undefined
      ? words.unknown
      : `${clockOffsetMs > 0 ? "+" : ""}${Math.round(clockOffsetMs)} ms`,
  ]);
  rows.push([
    labels.versions,
    `${report.software}, ${report.runtime}, tzdata ${report.timeZoneData ?? "?"}, ${words.running} ${instant(report.startedAtMs)}`,
  ]);
  rows.push([labels.now, instant(report.nowMs)]);
  return rows;
}

export function makePage(report: StatusReport, words: Words): string {
  const name = report.identity ? `${report.identity.edge} · ${report.identity.region}` : "";
  const rows = rowsOf(report, words)
    .map(
      ([label, value]) => `<tr><th scope="row">${escapeText(label)}</th><td>${escapeText(value)}</td></tr>`,
    )
    .join("\n");
  const troubles = report.troubles
    .map(({ code, grave, what, sinceMs }) => {
      const since = sinceMs === undefined ? "" : ` (${words.since} ${instant(sinceMs)})`;
      return `<li class="${grave ? "alarm" : "warning"}"><p><code>${code}</code> ${escapeText(what + since)}</p><p>${escapeText(words.todo)}: ${escapeText(words.actions[code])}</p></li>`;
    })
    .join("\n");
  return `<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="${REFRESH_SECONDS}">
<title>${escapeText(words.states[report.state])} · ${escapeText(words.title)} ${escapeText(name)}</title>
<link rel="stylesheet" href="/status.css">
</head>
<body>
<header><h1>${escapeText(words.title)}</h1><p>${escapeText(name)}</p></header>
<main>
<p class="state ${report.state}" role="status">${escapeText(words.states[report.state])}</p>
<table>
${rows}
</table>
<h2>${escapeText(words.labels.troubles)}</h2>
${troubles === "" ? `<p>${escapeText(words.none)}</p>` : `<ul>\n${troubles}\n</ul>`}
</main>
</body>
</html>
`;
}

export const PAGE_STYLE = `:root { color-scheme: light dark; --good: #1a7f37; --warning: #9a6700; --alarm: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --warning: #d29922; --alarm: #ff7b72; } }
body { font: 16px/1.5 system-ui, "Noto Sans SC", sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
header { display: flex; gap: 1rem; align-items: baseline; flex-wrap: wrap; }
h1 { font-size: 1.25rem; margin: 0; }
h2 { font-size: 1.1rem; }
.state { font-size: 1.5rem; font-weight: 600; margin: 0.5rem 0 1rem; }
.state.good { color: var(--good); }
.state.warning, li.warning code { color: var(--warning); }
.state.alarm, li.alarm code { color: var(--alarm); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; padding: 0.4rem 0.75rem 0.4rem 0; border-bottom: 1px solid #8884; vertical-align: top; }
th { font-weight: 600; white-space: nowrap; }
td { overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
li p { margin: 0.2rem 0; }
`;
