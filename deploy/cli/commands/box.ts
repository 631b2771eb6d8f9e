/** `cuecast box`: headless boxes that pull, fire and answer like those in living rooms. */
import * as v from "valibot";
import { CuecastError } from "../../../shared/errors.ts";
import { boxIdSchema, idSchema, languageSchema } from "../../../shared/protocol/primitives.ts";
import type { Command } from "../command.ts";
import { readFlags, type SettingTable } from "../settings.ts";

const settings = {
  data: { kind: "text", unit: "dir", about: "where each box keeps what it knows", default: "data/box" },
  edge: {
    kind: "urls",
    about: "edges to ask, nearest first, with commas between",
    required: true,
  },
  channel: { kind: "text", unit: "id", about: "channel to tune to", required: true },
  count: { kind: "number", about: "how many boxes in this process", default: 1, least: 1, most: 1000 },
  id: { kind: "text", about: "the box's pseudonym; with --count, -1, -2 … are added", default: "box" },
  answer: { kind: "text", about: "`random`: answers by itself; `none`: only watches", default: "none" },
  token: { kind: "text", about: "box token, where the edge demands one" },
  ca: { kind: "text", unit: "file", about: "authorities (PEM) to trust besides the usual" },
  tags: { kind: "text", unit: "list", about: "audience tags, with commas between" },
  languages: { kind: "text", unit: "list", about: "the viewer's languages, with commas between" },
  seed: {
    kind: "number",
    about: "seed of what these boxes draw; without it they differ every time",
    least: 0,
  },
} as const satisfies SettingTable;

/** What the wire takes, checked before a box asks for it in vain. */
function check(name: string, schema: v.GenericSchema<unknown, string>, texts: readonly string[]): void {
  for (const text of texts) {
    const parsed = v.safeParse(schema, text);
    if (parsed.success) continue;
    const why = parsed.issues[0].message.replace(/^Cannot [^:]*: /, "");
    throw new CuecastError(`Cannot take --${name} ${text}: ${why}`, { code: "usage", status: 400 });
  }
}

const list = (text: string | undefined) => text?.split(",").filter((item) => item !== "");

export const box: Command = {
  summary: "Run headless boxes; prints one JSON line for each airing",
  settings,
  async run({ args, environment }) {
    const values = readFlags(settings, args, environment);
    const { answer } = values;
    if (answer !== "random" && answer !== "none") {
      throw new CuecastError(`Cannot take --answer ${answer}: it is random or none`, {
        code: "usage",
        status: 400,
      });
    }
    const tags = list(values.tags);
    const languages = list(values.languages);
    check("channel", idSchema, [values.channel]);
    check("id", boxIdSchema, [values.count > 1 ? `${values.id}-${values.count}` : values.id]);
    check("tags", idSchema, tags ?? []);
    check("languages", languageSchema, languages ?? []);
    if (values.edge.length === 0) {
      throw new CuecastError("Cannot take --edge: it names no edge", { code: "usage", status: 400 });
    }
    // Only now: its native library wants permissions that help does not have.
    const { holdFolder } = await import("../../../shared/runtime/folder-lock.ts");
    await holdFolder(values.data);
    const { runHeadlessBoxes } = await import("../../../edge/box/main.headless.ts");
    await runHeadlessBoxes({
      dataDir: values.data,
      edges: values.edge,
      channel: values.channel,
      count: values.count,
      id: values.id,
      answer,
      token: values.token,
      tags,
      languages,
      seed: values.seed,
    });
    return undefined;
  },
};
