/** `cuecast publish`: what editors have ready goes on air. */

import { apiSettings, createApi } from "../api.ts";
import type { Command } from "../command.ts";
import { printJson, printLine } from "../print.ts";
import { readFlags, type SettingTable } from "../settings.ts";

const settings = {
  ...apiSettings,
  comment: { kind: "text", about: "why, for the audit" },
  force: { kind: "flag", about: "publish within the freeze time too" },
  hash: {
    kind: "text",
    about: "of a look at what would change (GET /api/v1/publish): publish that, or nothing",
  },
  "new-epoch": {
    kind: "flag",
    about: "begin a new epoch: only after a restore, when edges say that air does not continue",
  },
} as const satisfies SettingTable;

/** What publish, withdraw and roll back reply. */
export interface PublishReply {
  changed: boolean;
  position: { epoch: number; revision: number };
  /** It is kept, and goes on air by itself. */
  waits?: boolean;
}

export function reportPublication(reply: PublishReply, json: boolean): number {
  const place = `epoch ${reply.position.epoch}, revision ${reply.position.revision}`;
  if (json) printJson(reply);
  else if (reply.waits)
    printLine(
      `Kept: ${place}. It goes on air by itself as soon as the server of air answers: see cuecast status`,
    );
  else if (reply.changed) printLine(`On air: ${place}`);
  else printLine(`Nothing differs from what is on air: ${place}`);
  return 0;
}

export const publish: Command = {
  summary: "Publish what editors have ready",
  settings,
  async run({ args, environment }) {
    const values = readFlags(settings, args, environment);
    const reply = await createApi(values).send("POST", "/api/v1/publish", {
      comment: values.comment,
      ...(values.force && { force: true }),
      ...(values.hash !== undefined && { hash: values.hash }),
      newEpoch: values["new-epoch"],
    });
    return reportPublication(reply as PublishReply, values.json);
  },
};
