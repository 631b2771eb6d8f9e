/** `cuecast schedule export CHANNEL`: prints a channel's schedule for other programs. */
import { CuecastError } from "../../shared/errors.ts";
import type { Api } from "./api.ts";
import { EXIT } from "./command.ts";
import type { SettingTable } from "./settings.ts";

export const exportSettings = {
  format: { kind: "text", about: "export: `xmltv` or `ical`", default: "xmltv" },
  from: { kind: "text", unit: "instant", about: "export: from then on, like 2026-11-23T00:00:00Z" },
  until: { kind: "text", unit: "instant", about: "export: until then" },
  cues: { kind: "flag", about: "export as iCalendar: the cues on air too" },
} as const satisfies SettingTable;

const usage = (message: string) => new CuecastError(message, { code: "usage", status: 400 });

function instant(name: string, text: string): string {
  const ms = Date.parse(text);
  // Without a zone it would mean something else on every machine.
  if (!Number.isFinite(ms) || !/(Z|[+-]\d\d:\d\d)$/.test(text)) {
    throw usage(`Cannot take --${name} ${text}: write an instant like 2026-11-23T00:00:00Z`);
  }
  return String(Math.max(0, ms));
}

export async function exportSchedule(
  api: Api,
  channel: string,
  values: { format: string; from: string | undefined; until: string | undefined; cues: boolean },
): Promise<number> {
  const { format, from, until, cues } = values;
  if (format !== "xmltv" && format !== "ical") throw usage(`Cannot export as ${format}: it is xmltv or ical`);
  const query = new URLSearchParams();
  if (from !== undefined) query.set("fromMs", instant("from", from));
  if (until !== undefined) query.set("untilMs", instant("until", until));
  if (cues && format === "ical") query.set("cues", "1");
  process.stdout.write(await api.text(`/api/v1/channels/${encodeURIComponent(channel)}/${format}?${query}`));
  return EXIT.ok;
}
