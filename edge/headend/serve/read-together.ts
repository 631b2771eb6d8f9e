/**
 * All bodies of a packed part read at once: decoding and parsing a guide's programmes one by one costs twice as much,
 * and every schedule that is made waits for its guide.
 *
 * Bodies are JSON, and what stands between two of them is at least nine bytes long: blanked out, with a comma in the
 * last place, a page of entries is a JSON list.
 */
import { type PackedPart, textOf } from "../../../shared/publication/packed-part.ts";

const [BLANK, COMMA, OPEN, CLOSE] = [" ", ",", "[", "]"].map((each) => each.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
];

/**
 * @returns in the order of the part
 * @throws when a body is no JSON
 */
export function readTogether(part: PackedPart): unknown[] {
  const pages: unknown[][] = [];
  let page: Uint8Array | undefined;
  let list = new Uint8Array(0);
  let end = 0;
  const close = () => {
    if (!page) return;
    list[end] = CLOSE;
    pages.push(JSON.parse(textOf(list.subarray(0, end + 1))) as unknown[]);
  };
  part.scan((bytes, _keyAt, _kindAt, bodyAt, bodyEnd) => {
    const isFirst = bytes !== page;
    if (isFirst) {
      close();
      page = bytes;
      list = new Uint8Array(bytes.length + 1);
      list.set(bytes);
      end = 0;
    }
    for (let at = end; at < bodyAt; at++) list[at] = BLANK;
    list[bodyAt - 1] = isFirst ? OPEN : COMMA;
    end = bodyEnd;
  });
  close();
  return pages.length === 1 ? (pages[0] as unknown[]) : pages.flat();
}
