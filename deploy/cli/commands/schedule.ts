/** `cuecast schedule preview PLACEMENT`: when a placement would fire, before it is published. */
import { CuecastError } from "../../../shared/errors.ts";
import type { Cue } from "../../../shared/protocol/schedule.ts";
import { apiSettings, createApi } from "../api.ts";
import type { Command } from "../command.ts";
import { instantText, printJson, printLine, printTable } from "../print.ts";
import { readSettings, type SettingTable } from "../settings.ts";

const settings = {
  ...apiSettings,
  count: { kind: "number", about: "how many firings", default: 10, least: 1, most: 1000 },
} as const satisfies SettingTable;

export const schedule: Command = {
  summary: "Preview a placement's next firings",
  operands: "preview PLACEMENT",
  settings,
  async run({ args, environment }) {
    const { values, positionals } = readSettings(settings, args, environment);
    const [what, placement, ...rest] = positionals;
    if (what !== "preview" || placement === undefined || rest.length > 0) {
      throw new CuecastError("Cannot show a schedule: say `preview PLACEMENT`", {
        code: "usage",
        status: 400,
      });
    }
    const query = new URLSearchParams({ placement });
    const reply = (await createApi(values).get(`/api/v1/preview?${query}`)) as {
      cues: (Cue & { channels: string[] })[];
    };
    const cues = reply.cues.slice(0, values.count);
    if (values.json) printJson(cues);
    else if (cues.length === 0) printLine("It does not fire within the guide and the window ahead");
    else {
      printTable(
        ["at", "channels", "cue"],
        cues.map((cue) => [instantText(cue.atMs), cue.channels.join(" "), cue.id]),
      );
    }
    return 0;
  },
};
