/** For the tests of this folder: small guides as bytes, and everything that a reader yields. */
import { CuecastError } from "../../shared/errors.ts";
import type { Programme } from "../../shared/guide/programme.ts";
import { type GuideImport, guideInMemory, readGuide } from "../testing/read-guide.ts";
import type { ExistingGuide } from "./compare.ts";
import type { Defect } from "./defects.ts";
import type { GuideItem, ProgrammeItem } from "./guide-items.ts";
import { type ReaderOptions, readGuideItems } from "./guide-reader.ts";
import type { ImportOptions } from "./import.ts";

/** Pieces of `pieceBytes`, the last shorter. */
export async function* inPieces(bytes: Uint8Array, pieceBytes = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.slice(at, at + pieceBytes);
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export async function gzip(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** A guide of channel `c1` and the elements given. */
export function guide(...elements: string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<tv>\n${CHANNEL}\n${elements.join("\n")}\n</tv>\n`;
}

export const CHANNEL = '<channel id="c1"><display-name>One</display-name></channel>';

/** @param times `hhmm` on 2026-11-23, UTC; the stop may be left out, or any text */
export function programme(
  start: string,
  stop: string | undefined,
  title: string,
  more = "",
  channel = "c1",
): string {
  const time = (text: string) => (/^\d{4}$/.test(text) ? `20261123${text}00 +0000` : text);
  const stopAttribute = stop === undefined ? "" : ` stop="${time(stop)}"`;
  return `<programme start="${time(start)}"${stopAttribute} channel="${channel}"><title>${title}</title>${more}</programme>`;
}

/** 2026-11-23 at `hhmm`, UTC. */
export function at(hhmm: string): number {
  return Date.UTC(2026, 10, 23, Number(hhmm.slice(0, 2)), Number(hhmm.slice(2)));
}

export async function readAll(
  bytes: AsyncIterable<Uint8Array>,
  options?: ReaderOptions,
): Promise<GuideItem[]> {
  const items: GuideItem[] = [];
  for await (const batch of readGuideItems(bytes, options)) items.push(...batch);
  return items;
}

export async function programmesIn(text: string): Promise<ProgrammeItem[]> {
  return (await readAll(inPieces(utf8(text)))).filter((item) => item.kind === "programme");
}

/** Code and count of each defect among the items. */
export function defectCounts(items: readonly GuideItem[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) {
    if (item.kind === "defect") counts[item.code] = (counts[item.code] ?? 0) + item.count;
  }
  return counts;
}

export async function importText(
  text: string,
  existing: ExistingGuide = guideInMemory([], []),
  options?: ImportOptions,
): Promise<GuideImport> {
  return await readGuide(inPieces(utf8(text)), existing, options);
}

export function countsOf(defects: readonly Defect[]): Record<string, number> {
  return Object.fromEntries(defects.map(({ code, count }) => [code, count]));
}

/** `hhmm-hhmm title` of each programme, for short comparisons. */
export function asLines(programmes: readonly Pick<Programme, "startMs" | "endMs" | "title">[]): string[] {
  const clock = (ms: number) => new Date(ms).toISOString().slice(11, 16).replace(":", "");
  return programmes.map(({ startMs, endMs, title }) => `${clock(startMs)}-${clock(endMs)} ${title}`);
}

/** For assert.rejects: a coded refusal whose message has `words`. */
export function refusedAs(code: string, words = ""): (thrown: unknown) => boolean {
  return (thrown) => {
    if (!(thrown instanceof CuecastError)) throw thrown;
    if (thrown.code !== code || !thrown.message.includes(words)) {
      throw new Error(`refused as ${thrown.code}: ${thrown.message}`);
    }
    return thrown.message.startsWith("Cannot import the guide: ");
  };
}
