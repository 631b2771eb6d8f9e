/** `cuecast token`: a token for the API, or for one box. */
import { TOKEN_DAYS_DEFAULT, TOKEN_DAYS_MAX, tokenExpiry } from "../../../central/people/api-tokens.ts";
import { systemClock } from "../../../shared/runtime/clock.ts";
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
  role: {
    kind: "text",
    about: "what it may: viewer, editor, publisher, operator or admin; the one that may least unless told",
    default: "viewer",
  },
  scope: {
    kind: "text",
    unit: "actions",
    about: "less than its role: look,edit,guide,publish,withdraw,operate,audit,administer, those of them",
  },
  days: {
    kind: "number",
    about: "how long an API token lasts",
    default: TOKEN_DAYS_DEFAULT,
    least: 1,
    most: TOKEN_DAYS_MAX,
  },
  box: { kind: "text", unit: "id", about: "make a token for this box instead of one for the API" },
} as const satisfies SettingTable;

export const token: Command = {
  summary: "Make an API token, or a box token",
  settings,
  async run({ args, environment }) {
    const values = readFlags(settings, args, environment);
    const api = createApi(values);
    const scope = values.scope?.split(",").map((action) => action.trim());
    const reply = (await (values.box
      ? api.send("POST", "/api/v1/box-tokens", { box: values.box })
      : api.send("POST", "/api/v1/tokens", {
          ...{ name: values.name, role: values.role, ...(scope && { scope }) },
          expiresAtMs: tokenExpiry(systemClock.wallMs(), values.days),
        }))) as { token: string };
    if (values.json) printJson(reply);
    else printLine(reply.token);
    return 0;
  },
};
