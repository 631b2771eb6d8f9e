/** `cuecast token`: a token for the API, or for one box. */
import { apiSettings, createApi } from "../api.ts";
import type { Command } from "../command.ts";
import { printJson, printLine } from "../print.ts";
import { readFlags, type SettingTable } from "../settings.ts";

const settings = {
  ...apiSettings,
  name: {
    kind: "text",
    about: "what the token is for, shown in the list of tokens",
    default: "command line",
  },
  box: { kind: "text", unit: "id", about: "make a token for this box instead of one for the API" },
} as const satisfies SettingTable;

export const token: Command = {
  summary: "Make an API token, or a box token",
  settings,
  async run({ args, environment }) {
    const values = readFlags(settings, args, environment);
    const api = createApi(values);
    const reply = (await (values.box
      ? api.send("POST", "/api/v1/box-tokens", { box: values.box })
      : api.send("POST", "/api/v1/tokens", { name: values.name }))) as { token: string };
    if (values.json) printJson(reply);
    else printLine(reply.token);
    return 0;
  },
};
