/**
 * `cuecast schedule export CHANNEL`: a channel's programmes as XMLTV or iCalendar.
 * `cuecast schedule preview PLACEMENT`: when a placement would fire, before it is published, and where not and why.
 * `cuecast schedule explain CUE|PLACEMENT`: why a cue appears, or why one that was expected does not.
 */
import { CuecastError } from "../../../shared/errors.ts";
import type { Cue } from "../../../shared/protocol/schedule.ts";
import type { Explanation } from "../../../shared/schedule/explanation.ts";
import type { Suppression } from "../../../shared/schedule/reason.ts";
import { apiSettings, createApi } from "../api.ts";
import { type Command, EXIT } from "../command.ts";
import { instantText, printJson, printLine, printTable } from "../print.ts";
import { exportSchedule, exportSettings } from "../schedule-export.ts";
import { readSettings, type SettingTable, type Values } from "../settings.ts";

const settings = {
  ...apiSettings,
  count: { kind: "number", about: "preview: how many firings", default: 10, least: 1, most: 1000 },
  channel: { kind: "text", about: "explain: on this channel; else on each that it concerns" },
  region: { kind: "text", about: "explain: in this region; else in each, where regions differ" },
  programme: { kind: "text", about: "explain a placement: in the programme of this id" },
  at: {
    kind: "text",
    about: "explain a placement: at a local time YYYYMMDDThhmm, or an instant like 2026-11-23T11:05:00Z",
  },
  zone: { kind: "text", about: "explain: the zone of --at, for a rule that has none" },
  ...exportSettings,
  drafts: { kind: "flag", about: "explain what is drafted instead of what is on air" },
} as const satisfies SettingTable;
type Given = Values<typeof settings>;

interface Placed {
  channels: string[];
  regions?: string[];
}
interface Preview {
  cues: (Cue & Placed)[];
  suppressed: ({ id: string; atMs: number } & Placed & Suppression)[];
  reasons: { code: string; text: string }[];
}

const usage = (message: string) => new CuecastError(message, { code: "usage", status: 400 });

/** Channels of a cell: the first few, and how many more. */
const CHANNELS_SHOWN = 5;
const channelsText = (channels: readonly string[]) =>
  channels.length <= CHANNELS_SHOWN
    ? channels.join(" ")
    : `${channels.slice(0, CHANNELS_SHOWN).join(" ")} and ${channels.length - CHANNELS_SHOWN} more`;

const placesText = ({ channels, regions }: Placed) =>
  `${channelsText(channels)}${regions ? ` in ${regions.join(" ")}` : ""}`;

async function preview(placement: string, values: Given): Promise<number> {
  const query = new URLSearchParams({ placement, count: String(values.count) });
  const reply = (await createApi(values).get(`/api/v1/preview?${query}`)) as Preview;
  if (values.json) {
    printJson({ cues: reply.cues, suppressed: reply.suppressed, reasons: reply.reasons });
    return EXIT.ok;
  }
  if (reply.cues.length === 0) printLine("It does not appear in what is ahead");
  else {
    printTable(
      ["at", "channels", "cue"],
      reply.cues.map((cue) => [instantText(cue.atMs), placesText(cue), cue.id]),
    );
  }
  if (reply.suppressed.length > 0) {
    printLine();
    printLine("Suppressed:");
    printTable(
      ["at", "channels", "cue", "why"],
      reply.suppressed.map((each) => [
        instantText(each.atMs),
        placesText(each),
        each.id,
        `${each.reason}${each.rule ? `, rule ${each.rule}` : ""}${each.to ? `, lost to ${each.to}` : ""}`,
      ]),
    );
  }
  if (reply.reasons.length > 0) {
    printLine();
    printTable(
      ["code", "what keeps others away"],
      reply.reasons.map(({ code, text }) => [code, text]),
    );
  }
  return EXIT.ok;
}

/** What is asked, as the API takes it. */
function explainQuery(what: string, values: Given): URLSearchParams {
  const { channel, region, programme, at, zone } = values;
  const query = new URLSearchParams({ of: values.drafts ? "drafts" : "air" });
  if (channel !== undefined) query.set("channel", channel);
  if (region !== undefined) query.set("region", region);
  if (what.includes(":")) {
    query.set("cue", what);
    return query;
  }
  query.set("placement", what);
  if (programme !== undefined) query.set("programme", programme);
  else if (at === undefined) throw usage("Cannot explain a placement: say --programme or --at");
  else if (/^\d{8}T\d{4}$/.test(at)) query.set("local", at);
  else if (/[Zz]$|[+-]\d\d:?\d\d$/.test(at) && !Number.isNaN(Date.parse(at))) {
    query.set("atMs", String(Date.parse(at)));
  } else throw usage(`Cannot take --at ${at}: write 20261123T1905, or 2026-11-23T11:05:00Z with its zone`);
  if (zone !== undefined) query.set("zone", zone);
  return query;
}

/** Those that say the same of several channels made one. */
function together(explanations: readonly Explanation[]): { explanation: Explanation; channels: string[] }[] {
  const found = new Map<string, { explanation: Explanation; channels: string[] }>();
  for (const explanation of explanations) {
    const { channel = "", region, outcome, id, steps } = explanation;
    // The text of the channel's own step names it; its code tells all that matters here.
    const said = steps.map(({ step, code, text }) => [code, step === "channel" ? "" : text]);
    const key = JSON.stringify([region, outcome, id, said]);
    const same = found.get(key);
    if (same) same.channels.push(channel);
    else found.set(key, { explanation, channels: channel === "" ? [] : [channel] });
  }
  return [...found.values()];
}

function printExplanation(explanation: Explanation, channels: readonly string[]): void {
  const { id, placement, region, outcome, atMs, askedMs, steps } = explanation;
  const where = [channels.length > 0 && ` on ${channelsText(channels)}`, region && ` in ${region}`]
    .filter(Boolean)
    .join("");
  const when = atMs === undefined ? "" : ` at ${instantText(atMs)}`;
  const never = askedMs === undefined ? "does not fire" : `nothing stands at ${instantText(askedMs)}`;
  const words = { appears: `appears${when}`, suppressed: `is suppressed${when}`, never };
  printLine(`${id ?? placement}${where}: ${words[outcome]}`);
  printTable(
    ["", "step", "code", "because"],
    steps.map(({ holds, step, code, text }) => [holds ? "yes" : "NO", step, code, text]),
  );
  printLine();
}

async function explain(what: string, values: Given): Promise<number> {
  const query = explainQuery(what, values);
  const reply = (await createApi(values)
    .get(`/api/v1/explain?${query}`)
    .catch((error) => {
      // The API's words are of its own parameters.
      if (!(error instanceof CuecastError && error.code === "needs-zone")) throw error;
      const state = `the rule of ${what} has no zone; add --zone Asia/Shanghai, or write an instant like 2026-11-23T11:05:00Z`;
      throw usage(`Cannot read --at ${values.at}: ${state}`);
    })) as {
    explanations: Explanation[];
    more: boolean;
  };
  if (values.json) {
    printJson(reply);
    return EXIT.ok;
  }
  for (const { explanation, channels } of together(reply.explanations))
    printExplanation(explanation, channels);
  if (reply.more) printLine("There are more channels and regions: name one with --channel and --region");
  return EXIT.ok;
}

export const schedule: Command = {
  summary:
    "A placement's next firings; why a cue appears or does not; a channel's schedule for other programs",
  operands:
    "preview PLACEMENT | explain CUE | explain PLACEMENT --programme ID | explain PLACEMENT --at TIME | export CHANNEL",
  settings,
  async run({ args, environment }) {
    const { values, positionals } = readSettings(settings, args, environment);
    const [what, subject, ...rest] = positionals;
    const known = what === "preview" || what === "explain" || what === "export";
    if (!known || subject === undefined || rest.length > 0) {
      throw usage(
        "Cannot show a schedule: say `preview PLACEMENT`, `explain CUE|PLACEMENT` or `export CHANNEL`",
      );
    }
    if (what === "export") return exportSchedule(createApi(values), subject, values);
    return what === "preview" ? preview(subject, values) : explain(subject, values);
  },
};
