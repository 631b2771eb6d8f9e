/** `cuecast enrol`: a one-time code with which a new edge joins a region. */
import { CuecastError } from "../../../shared/errors.ts";
import type { RegionEntry } from "../../../shared/publication/entries.ts";
import { type Api, apiSettings, createApi } from "../api.ts";
import type { Command } from "../command.ts";
import { instantText, printJson, printLine } from "../print.ts";
import { readSettings, type SettingTable } from "../settings.ts";

const settings = {
  ...apiSettings,
  "new-region": {
    kind: "text",
    unit: "name",
    about: "make the region, under this name, if there is none yet",
  },
} as const satisfies SettingTable;

/** As it is where there is one already. */
async function makeRegion(api: Api, id: string, name: string): Promise<void> {
  const { regions } = (await api.get("/api/v1/regions")) as { regions: RegionEntry[] };
  if (!regions.some((region) => region.id === id)) await api.send("PUT", `/api/v1/regions/${id}`, { name });
}

export const enrol: Command = {
  summary: "Make a one-time code for a new edge of a region",
  operands: "REGION",
  settings,
  async run({ args, environment }) {
    const { values, positionals } = readSettings(settings, args, environment);
    const [region, ...rest] = positionals;
    if (region === undefined || rest.length > 0) {
      throw new CuecastError("Cannot make a code: name one region", { code: "usage", status: 400 });
    }
    const api = createApi(values);
    const name = values["new-region"];
    if (name !== undefined) await makeRegion(api, region, name);
    const reply = (await api.send("POST", "/api/v1/edges/codes", { region })) as {
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
