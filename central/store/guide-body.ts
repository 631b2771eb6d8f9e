/** A channel's programmes as one body, which is how they are kept: a JSON array, by start, one to a line. Pure. */
import type { Programme } from "../../shared/guide/programme.ts";

const BETWEEN = ",\n";

/**
 * As `canonicalJson` writes it, which publications are hashed by, in a tenth of the time: the fields are named in
 * the order of the alphabet.
 */
function programmeJson(programme: Programme): string {
  const { titles } = programme;
  return JSON.stringify({
    categories: programme.categories,
    channel: programme.channel,
    endMs: programme.endMs,
    id: programme.id,
    isNew: programme.isNew,
    series: programme.series,
    startMs: programme.startMs,
    subtitle: programme.subtitle,
    title: programme.title,
    titles: titles && inOrder(titles),
  });
}

function inOrder(titles: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(titles).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** @param programmes by start */
export function packProgrammes(programmes: readonly Programme[]): Uint8Array {
  return new TextEncoder().encode(`[${programmes.map(programmeJson).join(BETWEEN)}]`);
}

export function unpackProgrammes(body: Uint8Array): Programme[] {
  return JSON.parse(new TextDecoder().decode(body));
}

/** Programme id → canonical JSON, as a publication carries them. */
export function partOfBody(body: Uint8Array): ReadonlyMap<string, string> {
  const text = new TextDecoder().decode(body).slice(1, -1);
  // A line break within a text is written \n: a real one only stands between two programmes.
  const entries = text === "" ? [] : text.split(BETWEEN);
  return new Map(entries.map((json) => [idOf(json), json]));
}

/** A quote within a text is written \": what looks like the field is the field, and it stands before `titles`. */
const ID = /"id":"([^"]*)"/;

function idOf(json: string): string {
  const id = ID.exec(json)?.[1];
  if (id === undefined) throw new Error("a programme is kept without its id");
  return id;
}
