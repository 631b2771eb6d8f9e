/** Encodings: by mark, by valid UTF-8, by declaration, then GB18030. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { defectCounts, inPieces, readAll, utf8 } from "./_testing.ts";
import { decodeText, type EncodingReport } from "./encoding.ts";

/** 七点新闻 in GB18030. */
const NEWS_GB = [0xc6, 0xdf, 0xb5, 0xe3, 0xd0, 0xc2, 0xce, 0xc5];
/** 𠮷, beyond the basic plane, in GB18030's four bytes. */
const RARE_GB = [0x95, 0x34, 0xb2, 0x35];

const ascii = (text: string) => [...text].map((character) => character.charCodeAt(0));
const utf16 = (text: string, littleEndian: boolean) =>
  [...text].flatMap((character) => {
    const unit = character.charCodeAt(0);
    return littleEndian ? [unit & 0xff, unit >> 8] : [unit >> 8, unit & 0xff];
  });
const declared = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>`;
/** So long that the decision cannot lie in the first bytes. */
const FAR = "x".repeat(70_000);

async function decoded(bytes: Uint8Array, pieceBytes: number): Promise<[string, EncodingReport]> {
  const report: EncodingReport = {};
  let text = "";
  for await (const part of decodeText(inPieces(bytes, pieceBytes), report)) text += part;
  return [text, report];
}

const cases: [name: string, bytes: number[] | Uint8Array, text: string, used: string | undefined][] = [
  ["nothing", [], "", undefined],
  ["ASCII, whatever is declared", ascii(`${declared("GBK")}<tv/>`), `${declared("GBK")}<tv/>`, undefined],
  ["UTF-8 without declaration", utf8("<tv>七点新闻</tv>"), "<tv>七点新闻</tv>", "utf-8"],
  ["UTF-8 with a mark", [0xef, 0xbb, 0xbf, ...utf8("<tv>é</tv>")], "<tv>é</tv>", "utf-8"],
  ["UTF-8 declared as ISO-8859-1", utf8(`${declared("ISO-8859-1")}é`), `${declared("ISO-8859-1")}é`, "utf-8"],
  ["UTF-8 that begins late", utf8(`${FAR}七点`), `${FAR}七点`, "utf-8"],
  ["UTF-16 with a mark", [0xff, 0xfe, ...utf16("<tv>新</tv>", true)], "<tv>新</tv>", "utf-16le"],
  ["UTF-16, the other way round", [0xfe, 0xff, ...utf16("<tv>新</tv>", false)], "<tv>新</tv>", "utf-16be"],
  ["UTF-16 without a mark", utf16("<tv>新</tv>", true) as number[], "<tv>新</tv>", "utf-16le"],
  [
    "ISO-8859-1 declared",
    [...ascii(declared("ISO-8859-1")), 0xe9, 0x20],
    `${declared("ISO-8859-1")}é `,
    "windows-1252",
  ],
  [
    "GB18030 declared as GB2312",
    [...ascii(declared("GB2312")), ...NEWS_GB],
    `${declared("GB2312")}七点新闻`,
    "gbk",
  ],
  [
    "GB18030 declared as UTF-8",
    [...ascii(declared("UTF-8")), ...NEWS_GB],
    `${declared("UTF-8")}七点新闻`,
    "gb18030",
  ],
  ["GB18030 without declaration", [...ascii("<tv>"), ...NEWS_GB, ...RARE_GB], "<tv>七点新闻𠮷", "gb18030"],
  ["GB18030 that begins late", [...ascii(FAR), ...NEWS_GB], `${FAR}七点新闻`, "gb18030"],
  [
    "an encoding that does not exist",
    [...ascii(declared("x-none")), ...NEWS_GB],
    `${declared("x-none")}七点新闻`,
    "gb18030",
  ],
  [
    "Latin-1 that nothing declares",
    [...ascii("<tv>caf"), 0xe9, 0x20, 0xe9, 0x2e],
    "<tv>café é.",
    "windows-1252",
  ],
  [
    "UTF-8 with one broken character in a hundred",
    [...utf8("新".repeat(100)), 0xe6, 0x20, ...utf8("闻")],
    `${"新".repeat(100)}\uFFFD 闻`,
    "utf-8",
  ],
  [
    "UTF-8 that breaks after it was decided",
    [...utf8("新".repeat(120_000)), 0xe6, 0x20],
    `${"新".repeat(120_000)}\uFFFD `,
    "utf-8",
  ],
];
for (const [name, bytes, text, used] of cases) {
  test(`decodeText() reads ${name}`, async () => {
    for (const pieceBytes of [1, 1001, 65_536]) {
      if (pieceBytes === 1 && bytes.length > 1000) continue;
      const [read, report] = await decoded(new Uint8Array(bytes), pieceBytes);
      assert.equal(read === text, true, `pieces of ${pieceBytes}: ${read.slice(-40)}`);
      assert.equal(report.used, used);
    }
  });
}

const reports: [string, number[] | Uint8Array, number][] = [
  ["UTF-8 as declared", utf8(`${declared("utf8")}<tv>é</tv>`), 0],
  ["UTF-8 undeclared", utf8("<tv>é</tv>"), 0],
  ["UTF-8 declared as ISO-8859-1", utf8(`${declared("ISO-8859-1")}<tv>é</tv>`), 1],
  ["GB18030 declared as UTF-8", [...ascii(`${declared("UTF-8")}<tv>`), ...NEWS_GB, ...ascii("</tv>")], 1],
  ["GBK declared as GBK", [...ascii(`${declared("GBK")}<tv>`), ...NEWS_GB, ...ascii("</tv>")], 0],
  ["UTF-16 with a mark", [0xff, 0xfe, ...utf16("<tv>新</tv>", true)], 0],
  ["UTF-16 as declared", [0xfe, 0xff, ...utf16(`${declared("UTF-16")}<tv>新</tv>`, false)], 0],
  [
    "UTF-16 with a mark, declared as UTF-8",
    [0xff, 0xfe, ...utf16(`${declared("UTF-8")}<tv>新</tv>`, true)],
    1,
  ],
  [
    "UTF-8 with a mark, declared as GB2312",
    [0xef, 0xbb, 0xbf, ...utf8(`${declared("GB2312")}<tv>é</tv>`)],
    1,
  ],
];
for (const [name, bytes, count] of reports) {
  test(`readGuideItems() ${count ? "reports" : "does not report"} the encoding of ${name}`, async () => {
    const counts = defectCounts(await readAll(inPieces(new Uint8Array(bytes))));
    assert.deepEqual(counts, count === 0 ? {} : { encoding: 1 });
  });
}
