/** `cuecast enrol`: a one-time code with which a new edge joins a region. */
import { CuecastError } from "../../../shared/errors.ts";
import { apiSettings, createApi } from "../api.ts";
import type { Command } from "../command.ts";
import { instantText, printJson, printLine } from "../print.ts";
import { readSettings } from "../settings.ts";

export const enrol: Command = {
  summary: "Make a one-time code for a new edge of a region",
  operands: "REGION",
  settings: apiSettings,
  async run({ args, environment }) {
    const { values, positionals } = readSettings(apiSettings, args, environment);
    const [region, ...rest] = positionals;
    if (region === undefined || rest.length > 0) {
      throw new CuecastError("Cannot make a code: name one region", { code: "usage", status: 400 });
    }
    const reply = (await createApi(values).send("POST", "/api/v1/edges/codes", { region })) as {
      code: string;
      expiresAtMs: number;
    };
    if (values.json) printJson(reply);
    else {
      printLine(`Code: ${reply.code}   (once, until ${instantText(reply.expiresAtMs)})`);
      printLine(`On the edge: npx cuecast edge --central ${values.central} --enrol=${reply.code}`);
    }
    return 0;
  },
};
