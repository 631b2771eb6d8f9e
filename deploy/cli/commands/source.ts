/** `cuecast source`: addresses of guides that central fetches by itself. */
import type { SourceView } from "../../../central/guide/source.ts";
import { CuecastError } from "../../../shared/errors.ts";
import { type Api, apiSettings, createApi } from "../api.ts";
import { type Command, EXIT } from "../command.ts";
import { printJson, printLine } from "../print.ts";
import { readSettings, type SettingTable, type Values } from "../settings.ts";
import { sourceLines } from "../source-lines.ts";

const settings = {
  ...apiSettings,
  "every-minutes": {
    kind: "number",
    unit: "minutes",
    about: "ask it every so often; without --cron",
    default: 60,
    least: 1,
    most: 44_640,
  },
  cron: { kind: "text", unit: "rule", about: "ask it by this rule instead, like `0 4 * * *`; needs --zone" },
  zone: { kind: "text", about: "zone of --cron, and of its channels that have none of their own" },
  clock: { kind: "text", about: "what shows local time: `offset`, `digits` or `utc`" },
  "timeout-ms": {
    kind: "number",
    unit: "ms",
    about: "longest that one fetch takes",
    default: 300_000,
    least: 1000,
  },
  "bytes-max": { kind: "number", unit: "bytes", about: "most that it sends", default: 268_435_456, least: 1 },
  "stale-after-hours": {
    kind: "number",
    unit: "hours",
    about: "without a guide for longer it is told to be stale",
    default: 24,
    least: 1,
    most: 9_600,
  },
  paused: { kind: "flag", about: "only ask it by `source run`" },
} as const satisfies SettingTable;

const usage = () =>
  new CuecastError("Cannot do this: say `list`, `add ID URL`, `remove ID` or `run ID`", {
    code: "usage",
    status: 400,
  });

function bodyOf(url: string, values: Values<typeof settings>): object {
  const { cron, zone } = values;
  if (cron !== undefined && zone === undefined) {
    throw new CuecastError("Cannot take --cron without --zone: its hours are of a zone", {
      code: "usage",
      status: 400,
    });
  }
  return {
    url,
    every: cron === undefined ? { ms: values["every-minutes"] * 60_000 } : { rule: cron, zone },
    ...(zone !== undefined && { zone }),
    ...(values.clock !== undefined && { clock: values.clock }),
    timeoutMs: values["timeout-ms"],
    bytesMax: values["bytes-max"],
    staleAfterMs: values["stale-after-hours"] * 3_600_000,
    paused: values.paused,
  };
}

async function carryOut(api: Api, words: string[], values: Values<typeof settings>): Promise<SourceView[]> {
  const [what, id = "", url] = words;
  const path = `/api/v1/guide/sources/${encodeURIComponent(id)}`;
  if (what === "list" && words.length === 1) {
    return ((await api.get("/api/v1/guide/sources")) as { sources: SourceView[] }).sources;
  }
  if (what === "add" && url !== undefined && words.length === 3) {
    return [(await api.send("PUT", path, bodyOf(url, values))) as SourceView];
  }
  if (what === "run" && words.length === 2) return [(await api.send("POST", `${path}/run`)) as SourceView];
  if (what === "remove" && words.length === 2) {
    await api.send("DELETE", path);
    return [];
  }
  throw usage();
}

export const source: Command = {
  summary: "Guides that central fetches by itself: list, add, remove, run",
  operands: "list | add ID URL | remove ID | run ID",
  settings,
  async run({ args, environment }) {
    const { values, positionals } = readSettings(settings, args, environment);
    if (positionals.length === 0) throw usage();
    const sources = await carryOut(createApi(values), positionals, values);
    if (values.json) printJson(sources);
    else if (positionals[0] === "remove") printLine(`Removed: ${positionals[1]}; what it brought stays`);
    else for (const line of sourceLines(sources, process.stdout.columns)) printLine(line);
    const failed = positionals[0] === "run" && (sources[0]?.state.failures ?? 0) > 0;
    return failed ? EXIT.failed : EXIT.ok;
  },
};
