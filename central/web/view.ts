/** What the page looks like, from what central said. Text goes in as text, never as markup. */
import type { Texts } from "./texts.ts";

interface Brief {
  title: string;
  startMs: number;
  endMs: number;
}
export interface OnAirData {
  nowMs: number;
  channels: { id: string; number: number; name: string; now?: Brief; next?: Brief }[];
  cues: { id: string; atMs: number; untilMs: number; interaction: string; channels: string[] }[];
}
export interface ResultData {
  cue: string;
  interaction: string;
  closed: boolean;
  counted: { total: number; options: Record<string, number> };
  provisional: { total: number; options: Record<string, number> };
  correct?: string[];
  outcomes: Record<string, number>;
}
export interface EdgeData {
  id: string;
  region: string;
  stale: boolean;
  revokedAtMs?: number;
  lastSeenMs?: number;
  report?: { serves?: { epoch: number; revision: number }; trouble?: string; outbox: { waiting: number } };
}
export interface PageData {
  onAir: OnAirData;
  position: { epoch: number; revision: number } | undefined;
  results: ResultData[];
  edges: EdgeData[];
  /** Options by interaction id, in the page's language. */
  labels: ReadonlyMap<string, { title: string; options: Record<string, string> }>;
}

type Child = Node | string | undefined | false;
type Attributes = Record<string, string | number | boolean | ((event: Event) => void) | undefined>;

export function element(name: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== undefined && value !== false) made.setAttribute(key, String(value));
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

const clockTime = (ms: number, language: string) =>
  new Date(ms).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });

function countdown(ms: number, t: Texts): string {
  if (ms <= 0) return t.airing;
  const seconds = Math.ceil(ms / 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const table = (heads: string[], rows: HTMLElement[]) =>
  element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, ...rows),
  );

export function onAirSection(data: OnAirData, t: Texts, language: string): HTMLElement {
  const brief = (programme: Brief | undefined) =>
    programme ? `${clockTime(programme.startMs, language)} ${programme.title}` : "–";
  const rows = data.channels.map((channel) =>
    element(
      "tr",
      {},
      element("td", { class: "number quiet" }, String(channel.number)),
      element("td", {}, channel.name),
      element("td", {}, brief(channel.now)),
      element("td", { class: "quiet" }, brief(channel.next)),
    ),
  );
  return element(
    "section",
    {},
    element("h2", {}, t.onAir),
    rows.length === 0
      ? element("p", { class: "empty" }, t.nothingOnAir)
      : element("div", { class: "scroll", tabindex: 0 }, table(["", t.channel, t.now, t.next], rows)),
  );
}

export function cuesSection(
  data: PageData,
  t: Texts,
  language: string,
  options: { nowMs: number; asked: string | undefined; withdraw(cue: string): void },
): HTMLElement {
  const coming = data.onAir.cues.filter((cue) => cue.untilMs >= options.nowMs).slice(0, 100);
  const rows = coming.map((cue) =>
    element(
      "tr",
      {},
      element("td", { class: "number" }, countdown(cue.atMs - options.nowMs, t)),
      element("td", { class: "number quiet" }, clockTime(cue.atMs, language)),
      element(
        "td",
        {},
        data.labels.get(cue.interaction)?.title ?? cue.interaction,
        element("div", { class: "quiet small" }, cue.channels.slice(0, 5).join(", ")),
      ),
      element(
        "td",
        { class: "number" },
        element(
          "button",
          { type: "button", class: "danger", "data-key": cue.id, click: () => options.withdraw(cue.id) },
          options.asked === cue.id ? t.withdrawSure : t.withdraw,
        ),
      ),
    ),
  );
  return element(
    "section",
    {},
    element("h2", {}, t.coming),
    rows.length === 0
      ? element("p", { class: "empty" }, t.noCues)
      : element("div", { class: "scroll", tabindex: 0 }, element("table", {}, element("tbody", {}, ...rows))),
  );
}

export function resultsSection(data: PageData, t: Texts): HTMLElement {
  const blocks = data.results.map((result) => {
    const ahead = result.provisional.total > result.counted.total;
    const tally = ahead ? result.provisional : result.counted;
    const label = data.labels.get(result.interaction);
    const bars = Object.entries(tally.options).map(([option, count]) =>
      element(
        "div",
        { class: "bar" },
        element("progress", {
          max: Math.max(1, tally.total),
          value: count,
          "aria-label": label?.options[option] ?? option,
        }),
        element(
          "span",
          {},
          element(
            "span",
            {},
            `${label?.options[option] ?? option}${result.correct?.includes(option) ? " ✓" : ""}`,
          ),
          element("span", {}, `${count} · ${Math.round((100 * count) / Math.max(1, tally.total))}%`),
        ),
      ),
    );
    return element(
      "div",
      { class: "result" },
      element("h3", {}, label?.title ?? result.interaction),
      element(
        "div",
        { class: "quiet small" },
        `${tally.total} ${t.answers} · ${(result.outcomes.shown ?? 0) + (result.outcomes.late ?? 0)} ${t.shown} `,
        ahead && element("span", { class: "provisional" }, t.provisional),
        result.closed && ` ${t.closed}`,
      ),
      ...bars,
    );
  });
  return element(
    "section",
    {},
    element("h2", {}, t.results),
    ...(blocks.length > 0 ? blocks : [element("p", { class: "empty" }, t.noResults)]),
  );
}

export function edgesSection(data: PageData, t: Texts, nowMs: number): HTMLElement {
  const rows = data.edges.map((edge) => {
    const { report } = edge;
    const serves = report?.serves;
    const landed =
      serves && serves.epoch === data.position?.epoch && serves.revision === data.position.revision;
    const seen =
      edge.lastSeenMs === undefined
        ? t.never
        : `${Math.max(0, Math.round((nowMs - edge.lastSeenMs) / 1000))} ${t.ago}`;
    return element(
      "tr",
      {},
      element(
        "td",
        {},
        edge.id,
        element("div", { class: "quiet small" }, edge.region),
        report?.trouble !== undefined && element("div", { class: "bad small" }, report.trouble),
      ),
      element("td", { class: landed ? "good" : "bad" }, serves ? `${serves.epoch}/${serves.revision}` : "–"),
      element(
        "td",
        { class: edge.stale ? "bad" : "" },
        edge.revokedAtMs !== undefined ? t.revoked : edge.stale ? `${seen} (${t.stale})` : seen,
      ),
      element("td", { class: "number" }, String(report?.outbox.waiting ?? 0)),
    );
  });
  return element(
    "section",
    {},
    element("h2", {}, t.edges),
    rows.length === 0
      ? element("p", { class: "empty" }, t.noEdges)
      : table([t.edge, t.serves, t.seen, t.outbox], rows),
  );
}
