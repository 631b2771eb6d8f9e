/** A channel's programmes as one body, which is how they are kept: a JSON array, by start, one to a line. Pure. */
import type { Programme } from "../../shared/guide/programme.ts";

const BETWEEN = ",\n";
const OPEN = 0x5b;
const CLOSE = 0x5d;
const LINE_BREAK = 0x0a;

// Texts are made and read in pieces of some ten thousand characters: V8 keeps a string of over 128 KB apart from
// others, and a body as one string takes Node 24 three to ten times as long.
const PIECE_PROGRAMMES = 64;
const PIECE_BYTES = 16_384;

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
  const encoder = new TextEncoder();
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < programmes.length; at += PIECE_PROGRAMMES) {
    const lines = programmes.slice(at, at + PIECE_PROGRAMMES).map(programmeJson);
    pieces.push(encoder.encode((at === 0 ? "" : BETWEEN) + lines.join(BETWEEN)));
  }
  const body = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 2));
  let at = 1;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  body[0] = OPEN;
  body[at] = CLOSE;
  return body;
}

/** The text of a body between its brackets, some whole programmes at a time. */
function* piecesOf(body: Uint8Array): Generator<string> {
  const decoder = new TextDecoder();
  const end = body.length - 1;
  for (let from = 1; from < end; ) {
    // A line break within a text is written \n: a real one only stands between two programmes.
    const newline = body.indexOf(LINE_BREAK, from + PIECE_BYTES);
    const until = newline < 0 ? end : newline + 1 - BETWEEN.length;
    yield decoder.decode(body.subarray(from, until));
    from = until + BETWEEN.length;
  }
}

export function unpackProgrammes(body: Uint8Array): Programme[] {
  return [...piecesOf(body)].flatMap((text) => JSON.parse(`[${text}]`) as Programme[]);
}

/** Programme id → canonical JSON, as a publication carries them. */
export function partOfBody(body: Uint8Array): ReadonlyMap<string, string> {
  const entries = [...piecesOf(body)].flatMap((text) => text.split(BETWEEN));
  return new Map(entries.map((json) => [idOf(json), json]));
}

/** A quote within a text is written \": what looks like the field is the field, and it stands before `titles`. */
const ID = /"id":"([^"]*)"/;

function idOf(json: string): string {
  const id = ID.exec(json)?.[1];
  if (id === undefined) throw new Error("a programme is kept without its id");
  return id;
}
