/** Guide sources in words: a table that fits 80 columns, and below each source its address and what is wrong with it. */
import type { SourceView } from "../../central/guide/source.ts";
import { minuteText, tableLines, wrapped } from "./print.ts";

const INDENT = 4;

/** @param columns of the terminal; without it lines are as long as they are, for what reads them */
export function sourceLines(sources: readonly SourceView[], columns = Number.POSITIVE_INFINITY): string[] {
  if (sources.length === 0) return ["There are no guide sources"];
  const [head = "", ...rows] = tableLines(
    ["source", "asked", "next", "last guide", "until"],
    sources.map(({ id, every, state, running, paused }) => [
      id,
      "ms" in every ? `every ${every.ms / 60_000} min` : `${every.rule} ${every.zone}`,
      running ? "now" : paused ? "paused" : minuteText(state.nextMs),
      state.doneMs === undefined ? "never" : minuteText(state.doneMs),
      state.last?.untilMs === undefined ? "" : minuteText(state.last.untilMs),
    ]),
  );
  return [
    head,
    ...sources.flatMap((source, at) => [
      rows[at] ?? "",
      ...notesOf(source).flatMap((note) => wrapped(note, INDENT, columns)),
    ]),
  ];
}

function notesOf({ url, state, trouble }: SourceView): string[] {
  const { last } = state;
  const notes = [url];
  if (last) {
    const findings = last.defects === 1 ? "1 finding" : `${last.defects} findings`;
    notes.push(`${last.programmes} programmes, ${findings} of the import doctor`);
  }
  if (last?.import !== undefined && (last.state === "pending" || last.state === "partly")) {
    notes.push(`waits for a person: cuecast import --accept ${last.import}, or --refuse ${last.import}`);
  }
  if (trouble) notes.push(`trouble: ${trouble}`);
  else if (state.failures > 0) notes.push(`last try failed: ${state.why ?? ""}`);
  return notes;
}
