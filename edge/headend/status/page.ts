/** `/status` for a technician: one page, light and dark, that asks for itself again (`page-script.ts`). */
import type { Reason } from "../../../shared/schedule/reason.ts";
import { minute, second, size } from "./figures.ts";
import { REFRESH_SECONDS } from "./page-script.ts";
import type { RecentEntry } from "./recent-log.ts";
import { nextRecurrenceEnd, type StatusReport } from "./report.ts";
import type { Words } from "./tongue.ts";
import type { Trouble } from "./troubles.ts";
import { troubleWords } from "./words.ts";

/** Of the line of pulls, in its own units. */
const CHART = { width: 240, height: 36 };

const ESCAPES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escapeText = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character] as string);

interface Card {
  label: string;
  value: string;
  lines: (string | undefined)[];
  tone?: "good" | "warning" | "alarm" | undefined;
  /** Ready to stand in the page. */
  more?: string;
}

function lineCard({ central, sync, nowMs }: StatusReport, words: Words): Card {
  const synced = sync.lastSyncMs === undefined ? undefined : nowMs - sync.lastSyncMs;
  return {
    label: words.cards.line,
    value: central.up ? words.up : words.down,
    tone: central.up ? "good" : "warning",
    lines: [
      central.sinceMs === undefined ? undefined : words.since(words.span(nowMs - central.sinceMs)),
      synced === undefined ? words.neverSynced : words.lastSync(words.ago(words.span(synced))),
      central.url,
    ],
  };
}

function publicationCard({ snapshot, nowMs }: StatusReport, words: Words): Card {
  const label = words.cards.publication;
  if (!snapshot) return { label, value: words.nothing, tone: "alarm", lines: [] };
  const { epoch, revision, publishedAtMs, counts, hash } = snapshot;
  return {
    label,
    value: `${epoch}/${revision}`,
    lines: [
      words.published(words.ago(words.span(Math.max(0, nowMs - publishedAtMs)))),
      words.counts(counts),
      hash.slice(0, 12),
    ],
  };
}

/** Channels named on the page; the rest is counted. */
const NAMED_MAX = 5;

function leftCard(report: StatusReport, words: Words): Card {
  const { snapshot, guideLeftHours, recurrenceLeftHours, troubles } = report;
  const label = words.cards.left;
  if (!snapshot) return { label, value: words.nothing, lines: [] };
  const { guideUntilMs, recurrenceWithoutEnd, recurrenceEndsMs = [], withoutGuide = [] } = snapshot.left;
  const endMs = nextRecurrenceEnd(report);
  const named = withoutGuide.slice(0, NAMED_MAX).join(words.listed);
  const suppressed = Object.entries(snapshot.suppressed ?? {})
    .map(([reason, count]) => `${words.reasons[reason as Reason]} ${count}`)
    .join(words.listed);
  const trouble = troubles.find(({ code }) => code === "guide-ends-soon");
  return {
    label,
    value: guideLeftHours === undefined ? words.noGuide : words.hours(guideLeftHours),
    tone: trouble && (trouble.grave ? "alarm" : "warning"),
    lines: [
      guideUntilMs === undefined
        ? undefined
        : guideLeftHours === 0
          ? words.guideOver
          : words.guideEnds(minute(guideUntilMs)),
      withoutGuide.length === 0
        ? undefined
        : words.withoutGuide(withoutGuide.length, withoutGuide.length > NAMED_MAX ? `${named} …` : named),
      recurrenceWithoutEnd ? words.endless : undefined,
      endMs === undefined || recurrenceLeftHours === undefined
        ? undefined
        : words.recurrenceEnds(recurrenceLeftHours, minute(endMs)),
      recurrenceWithoutEnd || endMs !== undefined
        ? undefined
        : recurrenceEndsMs.length > 0
          ? words.recurrencesOver
          : words.noRecurrence,
      suppressed === "" ? undefined : words.suppressed(suppressed),
    ],
  };
}

function outboxCard({ outbox, nowMs, troubles }: StatusReport, words: Words): Card {
  const own = troubles.filter(({ code }) => code.startsWith("outbox-"));
  const { waiting, oldestAtMs, bytes, setAside } = outbox;
  return {
    label: words.cards.outbox,
    value: waiting === 0 ? words.empty : words.waiting(waiting),
    tone: own.some(({ grave }) => grave) ? "alarm" : own.length > 0 ? "warning" : undefined,
    lines: [
      oldestAtMs === undefined ? undefined : words.oldest(words.span(Math.max(0, nowMs - oldestAtMs))),
      bytes === undefined ? undefined : words.onDisk(size(bytes)),
      setAside ? words.setAside(setAside) : undefined,
    ],
  };
}

/** The last half hour as a line; an empty text while there is too little to draw. */
function chart(rates: readonly number[], title: string): string {
  if (rates.length < 2) return "";
  const most = Math.max(...rates, 1e-9);
  const { width, height } = CHART;
  const points = rates
    .map((rate, index) => {
      const x = (index / (rates.length - 1)) * width;
      const y = height - 2 - (rate / most) * (height - 4);
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
  return `<svg class="chart" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${escapeText(title)}"><polygon points="0,${height} ${points} ${width},${height}"/><polyline points="${points}"/></svg>`;
}

function boxesCard({ traffic }: StatusReport, words: Words): Card {
  const { boxes, pullsPerSecond, shed, rates = [] } = traffic;
  return {
    label: words.cards.boxes,
    value: boxes === undefined ? words.boxesUnknown : words.about(boxes),
    lines: [
      boxes === undefined ? words.boxesUnknownWhy : words.boxesHow,
      words.pullsPerSecond(pullsPerSecond.toFixed(pullsPerSecond < 100 ? 1 : 0)),
      shed > 0 ? words.shed(shed) : undefined,
    ],
    more: chart(rates, words.pullsChart),
  };
}

function clockCard(report: StatusReport, words: Words): Card {
  const { clockOffsetMs, clockErrorMs, nowMs, timeZoneData, central, troubles } = report;
  const bad = troubles.some(({ code }) => code === "clock-off" || code === "clock-behind");
  const rounded = Math.round(clockOffsetMs ?? 0);
  const zones = words.zones(timeZoneData ?? words.unknown);
  const other =
    central.timeZoneData === undefined
      ? words.zonesUnknown
      : central.timeZoneData === timeZoneData
        ? words.zonesSame
        : words.zonesOther(central.timeZoneData);
  return {
    label: words.cards.clock,
    value:
      clockOffsetMs === undefined ? words.clockUnknown : words.offset(`${rounded > 0 ? "+" : ""}${rounded}`),
    tone: bad ? "alarm" : undefined,
    lines: [
      clockOffsetMs === undefined ? undefined : words.within(String(Math.ceil(clockErrorMs ?? 0))),
      words.clockNow(second(nowMs)),
      `${zones}${words.listed}${other}`,
    ],
  };
}

function diskCard({ disk, residentBytes, troubles }: StatusReport, words: Words): Card {
  const trouble = troubles.find(({ code }) => code === "disk-full-soon");
  return {
    label: words.cards.disk,
    value: disk ? words.free(size(disk.freeBytes)) : words.unknown,
    tone: trouble && (trouble.grave ? "alarm" : "warning"),
    lines: [
      disk && words.ofTotal(size(disk.totalBytes)),
      residentBytes === undefined ? undefined : words.memory(size(residentBytes)),
    ],
  };
}

function versionsCard(report: StatusReport, words: Words): Card {
  const { certificateEndsAtMs, nowMs } = report;
  return {
    label: words.cards.versions,
    value: report.software,
    lines: [
      report.runtime,
      words.running(words.span(Math.max(0, nowMs - report.startedAtMs))),
      certificateEndsAtMs === undefined
        ? undefined
        : words.certificate(words.span(Math.max(0, certificateEndsAtMs - nowMs))),
    ],
  };
}

function drawCard({ label, value, lines, tone, more = "" }: Card): string {
  const small = lines
    .filter((line) => line !== undefined)
    .map((line) => `<p>${escapeText(line)}</p>`)
    .join("");
  return `<section class="card${tone ? ` ${tone}` : ""}"><h2>${escapeText(label)}</h2><p class="value">${escapeText(value)}</p>${small}${more}</section>`;
}

function drawTrouble(trouble: Trouble, { nowMs }: StatusReport, words: Words): string {
  const { title, action } = troubleWords(words, trouble);
  const since =
    trouble.sinceMs === undefined
      ? ""
      : ` <span class="since">${escapeText(words.since(words.span(Math.max(0, nowMs - trouble.sinceMs))))}</span>`;
  return `<li class="${trouble.grave ? "alarm" : "warning"}"><h3>${escapeText(title)}${since}</h3>
<p><em>${escapeText(words.todo)}</em> ${escapeText(action)}</p>
<p class="detail"><code>${trouble.code}</code> ${escapeText(words.detail(trouble.what))}</p></li>`;
}

/** Fields that hold a sentence, whatever is named before it. */
const SENTENCES = ["why", "error"];
const DETAILS = [...SENTENCES, "reason", "trouble", "how", "state", "line"];

function saidIn(words: Words, name: string, text: string): string {
  const value = DETAILS.includes(name) ? words.detail(text) : text;
  return SENTENCES.includes(name) ? value : words.field(name, value);
}

function drawRecent(recent: readonly RecentEntry[], nowMs: number, words: Words): string {
  if (recent.length === 0) return `<p class="none">${escapeText(words.recentNone)}</p>`;
  const { when, event, words: what, times } = words.recentColumns;
  const rows = recent
    .map((entry) => {
      const action = words.events[entry.event];
      const said = entry.said.map(({ name, text }) => saidIn(words, name, text)).join(words.between);
      return `<tr class="${entry.level === "error" ? "alarm" : "warning"}"><td>${escapeText(words.ago(words.span(Math.max(0, nowMs - entry.lastMs))))}</td><td><code>${escapeText(entry.event)}</code></td><td>${action ? `<p>${escapeText(action)}</p>` : ""}<p class="detail">${escapeText(said)}</p></td><td>${entry.times}</td></tr>`;
    })
    .join("\n");
  const head = [when, event, what, times].map((text) => `<th scope="col">${escapeText(text)}</th>`).join("");
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${rows}\n</tbody></table></div>`;
}

export function makePage(report: StatusReport, words: Words): string {
  const name = report.identity ? `${report.identity.edge} · ${report.identity.region}` : "";
  const cards = [
    lineCard,
    publicationCard,
    leftCard,
    outboxCard,
    boxesCard,
    clockCard,
    diskCard,
    versionsCard,
  ]
    .map((card) => drawCard(card(report, words)))
    .join("\n");
  const { troubles, state, nowMs } = report;
  const below =
    state === "alarm"
      ? words.stateWords.alarm(troubles.length)
      : state === "warning"
        ? words.stateWords.warning(troubles.length)
        : words.stateWords.good;
  const { otherTongue } = words;
  return `<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<noscript><meta http-equiv="refresh" content="${REFRESH_SECONDS}"></noscript>
<script src="/status.js" defer></script>
<title>${escapeText(words.states[state])} · ${escapeText(words.title)} ${escapeText(name)}</title>
<link rel="icon" href="/status-${state}.svg">
<link rel="stylesheet" href="/fonts/fonts.css">
<link rel="stylesheet" href="/status.css">
</head>
<body>
<header><h1>${escapeText(words.title)}</h1><p>${escapeText(name)}</p><a href="/status?lang=${otherTongue.tongue}" lang="${otherTongue.tongue}">${escapeText(otherTongue.name)}</a></header>
<p id="away" class="away" role="alert" hidden>${escapeText(words.away)}</p>
<main>
<div class="state ${state}" role="status"><strong>${escapeText(words.states[state])}</strong><span>${escapeText(below)}</span></div>
${troubles.length === 0 ? "" : `<h2>${escapeText(words.troublesTitle)}</h2>\n<ul class="troubles">\n${troubles.map((trouble) => drawTrouble(trouble, report, words)).join("\n")}\n</ul>`}
<div class="cards">
${cards}
</div>
<h2>${escapeText(words.recentTitle)}</h2>
${drawRecent(report.recent ?? [], nowMs, words)}
</main>
<footer>${escapeText(words.refreshed(second(nowMs)))}</footer>
</body>
</html>
`;
}
