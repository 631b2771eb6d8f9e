/** One entry as text: format version, checksum, JSON. Damage is noticed, and costs that entry alone. */

const FORMAT = "1";

/** What a byte does to a CRC-32 (ISO 3309): a schedule has some 20,000 units, and a box no time to spare. */
const TURNS: number[] = [];
for (let byte = 0; byte < 256; byte++) {
  let word = byte;
  for (let bit = 0; bit < 8; bit++) word = word & 1 ? (word >>> 1) ^ 0xedb88320 : word >>> 1;
  TURNS.push(word);
}
/** What it does once another byte has followed: both bytes of a unit are then looked up side by side. */
const EARLIER = TURNS.map((word) => (word >>> 8) ^ (TURNS[word & 255] as number));

/** CRC-32 over UTF-16 units, both bytes of each. */
function checksum(text: string): string {
  let crc = -1;
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at);
    crc = (crc >>> 16) ^ (EARLIER[crc & 255] as number) ^ (TURNS[(crc >>> 8) & 255] as number);
  }
  return ((crc ^ -1) >>> 0).toString(16);
}

/** `1 <checksum> <JSON>` */
export function encodeRecord(data: unknown): string {
  const text = JSON.stringify(data);
  return `${FORMAT} ${checksum(text)} ${text}`;
}

/** @returns undefined when it is damaged or of another format */
export function decodeRecord(record: string): unknown {
  const match = /^1 ([0-9a-f]+) ([\s\S]*)$/.exec(record);
  if (!match || checksum(match[2] as string) !== match[1]) return undefined;
  try {
    return JSON.parse(match[2] as string);
  } catch {
    return undefined;
  }
}
