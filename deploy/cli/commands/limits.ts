/** `cuecast limits`: what a guide may do to cues on air with nobody at a desk. */
import type { GuideLimits } from "../../../central/guide/limits.ts";
import { apiSettings, createApi } from "../api.ts";
import { type Command, EXIT } from "../command.ts";
import { printJson, printTable } from "../print.ts";
import { readSettings, type SettingTable } from "../settings.ts";

const count = { kind: "number", unit: "cues", least: 0, most: 1_000_000 } as const;
const settings = {
  ...apiSettings,
  "move-minutes": { kind: "number", unit: "minutes", about: "farthest that a cue may move", least: 0 },
  "soon-seconds": {
    kind: "number",
    unit: "seconds",
    about: "a cue that is due sooner may not move or vanish; 0: it may",
    least: 0,
  },
  moved: { ...count, about: "most cues that may move in one import" },
  vanished: { ...count, about: "most that may vanish" },
  appeared: { ...count, about: "most that may appear" },
  publish: { kind: "text", about: "`on`, or `off`: imports only change what the next publication holds" },
} as const satisfies SettingTable;

const WORDS: Record<keyof GuideLimits, string> = {
  publish: "imports go on air by themselves",
  moveMaxMs: "a cue moves by at most, minutes",
  soonMs: "a cue that is due sooner stays, seconds",
  movedMax: "cues that move in one import",
  vanishedMax: "cues that vanish",
  appearedMax: "cues that appear",
};

export const limits: Command = {
  summary: "Show or change what a guide may do to cues on air by itself",
  settings,
  async run({ args, environment }) {
    const { values } = readSettings(settings, args, environment);
    const api = createApi(values);
    const now = (await api.get("/api/v1/guide/limits")) as GuideLimits;
    const change: Partial<GuideLimits> = {
      ...(values["move-minutes"] !== undefined && { moveMaxMs: values["move-minutes"] * 60_000 }),
      ...(values["soon-seconds"] !== undefined && { soonMs: values["soon-seconds"] * 1000 }),
      ...(values.moved !== undefined && { movedMax: values.moved }),
      ...(values.vanished !== undefined && { vanishedMax: values.vanished }),
      ...(values.appeared !== undefined && { appearedMax: values.appeared }),
      ...(values.publish !== undefined && { publish: values.publish !== "off" }),
    };
    const kept =
      Object.keys(change).length === 0
        ? now
        : ((await api.send("PUT", "/api/v1/guide/limits", { ...now, ...change })) as GuideLimits);
    if (values.json) printJson(kept);
    else {
      printTable(
        ["limit", ""],
        (Object.keys(WORDS) as (keyof GuideLimits)[]).map((name) => [WORDS[name], shown(name, kept)]),
      );
    }
    return EXIT.ok;
  },
};

function shown(name: keyof GuideLimits, kept: GuideLimits): string {
  if (name === "publish") return kept.publish ? "on" : "off";
  if (name === "moveMaxMs") return String(kept.moveMaxMs / 60_000);
  if (name === "soonMs") return String(kept.soonMs / 1000);
  return String(kept[name]);
}
