/**
 * The text of a guide from its bytes, whatever encoding they are in.
 *
 * Problem: feeds declare one encoding and are in another, and the whole file may not fit in memory. Idea: as
 * long as bytes are ASCII, every candidate reads them alike, so nothing need be decided; from the first other
 * byte on, look at a window and decide once: byte order mark, valid UTF-8, UTF-8 with a few broken bytes, the
 * declaration, GB18030, and Windows-1252 when even GB18030 does not fit.
 */

/** What is looked at before the encoding is decided, from the first byte that is not ASCII. */
const WINDOW_BYTES = 262_144;
/** Where the XML declaration is looked for. */
const DECLARATION_BYTES = 1_024;
/** Up to this share of broken characters a window still is UTF-8: titles cut in mid-character. */
const BROKEN_SHARE_MAX = 0.02;

/** Filled while the text is read; complete when it ends. */
export interface EncodingReport {
  /** As the XML declaration says; absent without one. */
  declared?: string;
  /** The first bytes. */
  head?: Uint8Array;
  /** As read, in TextDecoder's words; absent when all was ASCII. */
  used?: string;
}

/** @param pieces of at most 64 KiB or so: each is decoded at once */
export async function* decodeText(
  pieces: AsyncIterable<Uint8Array>,
  report: EncodingReport,
): AsyncGenerator<string> {
  const source = pieces[Symbol.asyncIterator]();
  try {
    let { bytes, ended } = await gather(source, DECLARATION_BYTES);
    let used = byteOrderMark(bytes);
    report.head = bytes;
    report.declared = declaredEncoding(bytes, used);
    if (used === undefined) {
      while (firstNonAscii(bytes) < 0) {
        yield new TextDecoder().decode(bytes);
        if (ended) return;
        ({ bytes, ended } = await gather(source, 1));
      }
      ({ bytes, ended } = await gather(source, firstNonAscii(bytes) + WINDOW_BYTES, bytes));
      used = guessEncoding(bytes, report.declared);
    }
    report.used = used;
    const decoder = new TextDecoder(used);
    while (!ended) {
      yield decoder.decode(bytes, { stream: true });
      ({ bytes, ended } = await gather(source, 1));
    }
    yield decoder.decode(bytes);
  } finally {
    await source.return?.();
  }
}

/** At least `least` bytes, `head` first, unless the source ends before. */
async function gather(
  source: AsyncIterator<Uint8Array>,
  least: number,
  head: Uint8Array = new Uint8Array(0),
): Promise<{ bytes: Uint8Array; ended: boolean }> {
  const parts = [head];
  let length = head.length;
  let ended = false;
  while (length < least) {
    const { done, value } = await source.next();
    if (done) {
      ended = true;
      break;
    }
    parts.push(value);
    length += value.length;
  }
  if (parts.length === 2 && head.length === 0) return { bytes: parts[1] ?? head, ended };
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, ended };
}

function firstNonAscii(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] ?? 0) >= 0x80) return at;
  }
  return -1;
}

/** The mark, or the zero bytes that `<` has beside it in UTF-16. */
function byteOrderMark(bytes: Uint8Array): string | undefined {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return "utf-16be";
  return undefined;
}

/** @param used told by a mark or by zero bytes, if it is */
function declaredEncoding(bytes: Uint8Array, used = "latin1"): string | undefined {
  const start = new TextDecoder(used).decode(bytes.subarray(0, DECLARATION_BYTES));
  const label = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']/.exec(start)?.[1];
  return label?.toLowerCase();
}

/** In the order that the head of this file states. */
function guessEncoding(window: Uint8Array, declared: string | undefined): string {
  if (brokenShare(window, "utf-8") <= BROKEN_SHARE_MAX) return "utf-8";
  const label = declared === undefined ? undefined : decoderLabel(declared);
  // A UTF-16 without its zero bytes is no UTF-16, whatever it declares.
  if (label !== undefined && label !== "utf-8" && !label.startsWith("utf-16")) return label;
  return brokenShare(window, "gb18030") <= BROKEN_SHARE_MAX ? "gb18030" : "windows-1252";
}

/** TextDecoder's name for a declared encoding, which for ISO-8859-1 is windows-1252; undefined: unknown. */
export function decoderLabel(declared: string): string | undefined {
  try {
    return new TextDecoder(declared).encoding;
  } catch {
    return undefined;
  }
}

/** Of the characters beyond ASCII, the share that does not decode; one that the window cuts off hardly counts. */
function brokenShare(window: Uint8Array, encoding: string): number {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(window);
    return 0;
  } catch {
    const text = new TextDecoder(encoding).decode(window);
    const others = text.match(/[\u0080-\uffff]/g)?.length ?? 0;
    const broken = text.match(/\ufffd/g)?.length ?? 0;
    return broken / Math.max(others, 1);
  }
}
