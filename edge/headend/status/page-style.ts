/** How `/status` looks, light and dark, and the sign of its state for the browser's tab. */
import type { StatusReport } from "./report.ts";

export const PAGE_STYLE = `:root {
  color-scheme: light dark;
  --page: #f4f5f7; --card: #fff; --line: #dfe2e7; --text: #1b1f24; --quiet: #5b6572;
  --good: #1a7f37; --warning: #8a5a00; --alarm: #c31f2b;
  --good-page: #e3f4e7; --warning-page: #fdf1d7; --alarm-page: #fde6e7; --chart: #2a6fdb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101216; --card: #181b21; --line: #2a2f38; --text: #dde1e8; --quiet: #949eac;
    --good: #4cc26a; --warning: #e3b341; --alarm: #ff7b72;
    --good-page: #11281a; --warning-page: #2d2410; --alarm-page: #34171a; --chart: #6ea8fe;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem 1.25rem 2rem; max-width: 76rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif;
}
:lang(zh-CN) body, body:lang(zh-CN) { font-family: "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; font-weight: 400; }
header { display: flex; gap: .4rem 1rem; align-items: baseline; flex-wrap: wrap; margin-bottom: .75rem; }
header p { margin: 0; color: var(--quiet); overflow-wrap: anywhere; }
header a { margin-left: auto; color: var(--quiet); font-family: "Noto Sans SC", sans-serif; }
h1 { font-size: 1.15rem; margin: 0; }
h2 { font-size: .95rem; margin: 1.75rem 0 .6rem; }
.away { padding: .5rem 1rem; border-radius: 8px; color: var(--alarm); background: var(--alarm-page); }
.state {
  display: flex; flex-wrap: wrap; gap: .15rem 1rem; align-items: baseline; padding: .8rem 1rem;
  border-radius: 8px; border-left: 6px solid var(--tone); background: var(--tone-page);
}
.state strong { font-size: 1.35rem; line-height: 1.3; color: var(--tone); }
.good { --tone: var(--good); --tone-page: var(--good-page); }
.warning { --tone: var(--warning); --tone-page: var(--warning-page); }
.alarm { --tone: var(--alarm); --tone-page: var(--alarm-page); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(16.5rem, 1fr)); gap: .75rem; margin-top: 1rem; }
.card {
  display: flex; flex-direction: column; min-width: 0; padding: .8rem 1rem .9rem; border: 1px solid var(--line);
  border-radius: 8px; background: var(--card); border-top: 3px solid var(--tone, var(--line));
}
.card h2 { margin: 0; font-size: .8rem; font-weight: 600; color: var(--quiet); }
.card p { margin: 0; font-size: .85rem; color: var(--quiet); overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.card .value { margin: .1rem 0 .3rem; font-size: 1.5rem; line-height: 1.25; font-weight: 600; color: var(--tone, var(--text)); }
.chart { width: 100%; height: 36px; margin-top: .5rem; display: block; overflow: visible; }
.chart polyline { fill: none; stroke: var(--chart); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
.chart polygon { fill: var(--chart); opacity: .14; }
.troubles { list-style: none; margin: 0; padding: 0; display: grid; gap: .6rem; grid-template-columns: repeat(auto-fill, minmax(min(27rem, 100%), 1fr)); }
.troubles li { padding: .75rem 1rem; border: 1px solid var(--line); border-left: 4px solid var(--tone); border-radius: 6px; background: var(--card); }
.troubles h3 { margin: 0; font-size: 1rem; color: var(--tone); }
.since { font-weight: 400; font-size: .85rem; color: var(--quiet); }
.troubles p { margin: .3rem 0 0; }
.troubles em { font-style: normal; font-size: .8rem; color: var(--quiet); margin-right: .35rem; }
.detail { font-size: .8rem; color: var(--quiet); overflow-wrap: anywhere; }
code { font: .92em/1.4 ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", monospace; }
.none { color: var(--quiet); margin: 0; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: start; padding: .5rem .9rem; vertical-align: top; border-bottom: 1px solid var(--line); }
tr:last-child td { border-bottom: 0; }
th { font-weight: 600; color: var(--quiet); font-size: .8rem; }
td:first-child { white-space: nowrap; }
td p { margin: 0; }
td code { color: var(--tone); }
footer { margin-top: 1.25rem; color: var(--quiet); font-size: .8rem; }
`;

const COLOURS: Record<StatusReport["state"], string> = {
  good: "#2da44e",
  warning: "#d4a017",
  alarm: "#d1242f",
};

/** A dot in the state's colour. */
export const stateIcon = (state: StatusReport["state"]) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${COLOURS[state]}"/></svg>`;
