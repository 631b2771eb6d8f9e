/** `cuecast rollback`: an earlier publication goes on air again, as a new revision. */
import { CuecastError } from "../../../shared/errors.ts";
import { apiSettings, createApi } from "../api.ts";
import type { Command } from "../command.ts";
import { readSettings, type SettingTable } from "../settings.ts";
import { type PublishReply, reportPublication } from "./publish.ts";

const settings = {
  ...apiSettings,
  comment: { kind: "text", about: "why, for the audit" },
} as const satisfies SettingTable;

export const rollback: Command = {
  summary: "Put an earlier publication on air again",
  operands: "EPOCH/REVISION",
  settings,
  async run({ args, environment }) {
    const { values, positionals } = readSettings(settings, args, environment);
    const match = /^(\d+)\/(\d+)$/.exec(positionals[0] ?? "");
    if (!match || positionals.length > 1) {
      throw new CuecastError("Cannot roll back: name a publication like 1/417", {
        code: "usage",
        status: 400,
      });
    }
    const reply = await createApi(values).send("POST", "/api/v1/rollback", {
      epoch: Number(match[1]),
      revision: Number(match[2]),
      comment: values.comment,
    });
    return reportPublication(reply as PublishReply, values.json);
  },
};
