/** `cuecast withdraw`: a placement, or one cue of it, leaves the air now. */
import { CuecastError } from "../../../shared/errors.ts";
import { apiSettings, createApi } from "../api.ts";
import type { Command } from "../command.ts";
import { readSettings, type SettingTable } from "../settings.ts";
import { type PublishReply, reportPublication } from "./publish.ts";

const settings = {
  ...apiSettings,
  comment: { kind: "text", about: "why, for the audit" },
} as const satisfies SettingTable;

export const withdraw: Command = {
  summary: "Take a placement (or, by its cue id, one cue) off the air now",
  operands: "PLACEMENT|CUE",
  settings,
  async run({ args, environment }) {
    const { values, positionals } = readSettings(settings, args, environment);
    const [id, ...rest] = positionals;
    if (id === undefined || rest.length > 0) {
      throw new CuecastError("Cannot withdraw: name one placement or cue", { code: "usage", status: 400 });
    }
    const what = id.includes(":") ? { cue: id } : { placement: id };
    const reply = await createApi(values).send("POST", "/api/v1/withdraw", {
      ...what,
      comment: values.comment,
    });
    return reportPublication(reply as PublishReply, values.json);
  },
};
