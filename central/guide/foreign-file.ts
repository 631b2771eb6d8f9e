/** What a file is that is plainly no guide, told by its first bytes, and what to do with it. Pure. */

const PACKED: [kind: string, first: number[]][] = [
  ["a zip archive", [0x50, 0x4b, 0x03, 0x04]],
  ["packed with xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["packed with bzip2", [0x42, 0x5a, 0x68]],
  ["packed with zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["a 7z archive", [0x37, 0x7a, 0xbc, 0xaf]],
  ["a rar archive", [0x52, 0x61, 0x72, 0x21]],
  ["gzip within gzip twice over", [0x1f, 0x8b]],
];
/** By mark, or by the zero bytes that `<` has beside it. */
const UTF_32 = [
  [0xff, 0xfe, 0, 0],
  [0, 0, 0xfe, 0xff],
  [0x3c, 0, 0, 0],
  [0, 0, 0, 0x3c],
];
const UTF_16 = [
  [0xff, 0xfe],
  [0xfe, 0xff],
  [0x3c, 0],
  [0, 0x3c],
];
const OTHERS: [kind: string, first: number[]][] = [
  ["a PDF", [0x25, 0x50, 0x44, 0x46]],
  ["a picture (PNG)", [0x89, 0x50, 0x4e, 0x47]],
  ["a picture (JPEG)", [0xff, 0xd8, 0xff]],
];
const SEND = "send XMLTV, DVB-I or TV-Anytime, plain or as gzip";

/** @returns a phrase that follows `Cannot import the guide: `; undefined when it may be text */
export function foreignFile(head: Uint8Array): string | undefined {
  const begins = (first: readonly number[]) => first.every((byte, at) => head[at] === byte);
  const packed = PACKED.find(([, first]) => begins(first));
  if (packed) return `it is ${packed[0]}; unpack it first, and send the guide that it holds`;
  if (UTF_32.some(begins)) return "it is in UTF-32; write it in UTF-8";
  const other = OTHERS.find(([, first]) => begins(first));
  if (other) return `it is ${other[0]}; ${SEND}`;
  // Tabs, line ends, escapes of East Asian encodings: no other control characters stand in text.
  const isText = (byte: number) => byte >= 0x20 || [0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(byte);
  if (!UTF_16.some(begins) && !head.every(isText)) return `it is binary, no text; ${SEND}`;
  const start = new TextDecoder("latin1").decode(head).replace(/^\u00ef\u00bb\u00bf/, "");
  return /^\s*(?:\{\s*(?:"|\}|$)|\[\s*["{[\]])/.test(start) ? `it is JSON; ${SEND}` : undefined;
}
