/** The reader: what it takes from a file, what it survives, and what it refuses whole. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";
import {
  at,
  CHANNEL,
  defectCounts,
  guide,
  gzip,
  inPieces,
  programme,
  programmesIn,
  readAll,
  refusedAs,
  utf8,
} from "./_testing.ts";
import type { ReaderProgress } from "./guide-reader.ts";

const FULL = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tv SYSTEM "xmltv.dtd">
<tv generator-info-name="x">
  <!-- channels & more -->
  <channel id="CCTV1.cn@SD">
    <display-name lang="zh">CCTV-1 综合</display-name>
    <display-name lang="en">CCTV-1 General</display-name>
    <lcn>1</lcn>
    <icon src="https://logos.example/1.png?a=1&amp;b=2"/>
  </channel>
  <programme start="20261123190000 +0800" stop="20261123193000 +0800" channel="CCTV1.cn@SD">
    <title lang="zh_CN">七点  新闻</title>
    <title lang="en">The &lt;Seven&gt;</title>
    <sub-title>第 1 集</sub-title>
    <desc>Long <b>story</b></desc>
    <category>News</category><category>Live</category>
    <credits><actor role="title">Nobody</actor></credits>
    <episode-num system="xmltv_ns">5.3/10.</episode-num>
    <episode-num system="dd_progid">EP01234567.0123</episode-num>
    <previously-shown/>
  </programme>
</tv>
`;

const FULL_ITEMS = [
  {
    kind: "channel",
    id: "CCTV1.cn@SD",
    names: [
      { lang: "zh", text: "CCTV-1 综合" },
      { lang: "en", text: "CCTV-1 General" },
    ],
    number: 1,
    iconUrl: "https://logos.example/1.png?a=1&b=2",
    line: 5,
  },
  {
    kind: "programme",
    channel: "CCTV1.cn@SD",
    startMs: at("1100"),
    endMs: at("1130"),
    titles: [
      { lang: "zh-CN", text: "七点 新闻" },
      { lang: "en", text: "The <Seven>" },
    ],
    subtitle: "第 1 集",
    categories: ["News", "Live"],
    series: "dd:EP01234567",
    isNew: false,
    line: 11,
  },
];

test("readGuideItems() takes channels and programmes as the file says", async () => {
  assert.deepEqual(await readAll(inPieces(utf8(FULL))), FULL_ITEMS);
});

test("readGuideItems() gives the same items wherever the pieces are cut", async () => {
  for (const pieceBytes of [1, 2, 3, 7, 64, 1000]) {
    assert.deepEqual(await readAll(inPieces(utf8(FULL), pieceBytes)), FULL_ITEMS, `pieces of ${pieceBytes}`);
  }
});

test("readGuideItems() unpacks gzip, in pieces of any size", async () => {
  const packed = await gzip(utf8(FULL));
  for (const pieceBytes of [1, 50, 65_536]) {
    assert.deepEqual(await readAll(inPieces(packed, pieceBytes)), FULL_ITEMS);
  }
});

test("readGuideItems() tells its progress in bytes, channels and programmes", async () => {
  const packed = await gzip(utf8(FULL));
  let last: ReaderProgress | undefined;
  await readAll(inPieces(packed), { onProgress: (progress) => (last = { ...progress }) });
  assert.deepEqual(last, { bytes: packed.length, plainBytes: utf8(FULL).length, channels: 1, programmes: 1 });
});

const series: [string, string | undefined][] = [
  ['<episode-num system="dd_progid">SH01234567.0000</episode-num>', "dd:SH01234567"],
  ['<episode-num system="dd_progid">EP012345670123</episode-num>', "dd:EP01234567"],
  ['<episode-num system="dd_progid">MV01234567.0000</episode-num>', undefined],
  ['<episode-num system="xmltv_ns">.3.</episode-num>', "title:ｎews at ten".normalize("NFKC")],
  ['<episode-num system="onscreen">S1E2</episode-num>', "title:news at ten"],
  ['<episode-num system="xmltv_ns">..</episode-num>', undefined],
  ["", undefined],
];
for (const [xml, key] of series) {
  test(`readGuideItems() finds the series ${key} in ${xml || "nothing"}`, async () => {
    const [item] = await programmesIn(guide(programme("1000", "1100", "Ｎews  at Ten", xml)));
    assert.equal(item?.series, key);
  });
}

const firstRuns: [string, boolean | undefined][] = [
  ["<new/>", true],
  ["<premiere>ITV</premiere>", true],
  ["<previously-shown/><new/>", true],
  ["<new/><previously-shown/>", true],
  ['<previously-shown start="20200101"/>', false],
  ["", undefined],
];
for (const [xml, isNew] of firstRuns) {
  test(`readGuideItems() reads ${xml || "nothing"} as isNew ${isNew}`, async () => {
    const [item] = await programmesIn(guide(programme("1000", "1100", "X", xml)));
    assert.equal(item?.isNew, isNew);
  });
}

const survived: [name: string, xml: string, titles: string[], counts: Record<string, number>][] = [
  [
    "bare ampersands, counted",
    guide(programme("1000", "1100", "Tom & Jerry & co"), programme("1100", "1200", "A&B; C &amp; D")),
    // `&B;` is no bare one: it is a reference that nothing defines.
    ["Tom & Jerry & co", "A&B; C & D"],
    { "bare-ampersand": 2, "malformed-xml": 1 },
  ],
  [
    "CDATA with an ampersand",
    guide(programme("1000", "1100", "<![CDATA[Tom & <Jerry>]]>")),
    ["Tom & <Jerry>"],
    {},
  ],
  ["HTML's entities", guide(programme("1000", "1100", "Caf&eacute;&nbsp;&hellip;")), ["Café …"], {}],
  [
    "a title that is never closed",
    guide(
      '<programme start="202611231000 Z" channel="c1"><title>X</programme>',
      programme("1100", "1200", "Y"),
    ),
    ["X", "Y"],
    { "malformed-xml": 1 },
  ],
  [
    "a programme that is never closed",
    guide('<programme start="202611231000 Z" channel="c1"><title>X</title>', programme("1100", "1200", "Y")),
    ["X", "Y"],
    { "malformed-xml": 1 },
  ],
  ["a < in a title", guide(programme("1000", "1100", "1 < 2")), ["1 2"], { "malformed-xml": 1 }],
  ["control characters", guide(programme("1000", "1100", "a\u0008b")), ["a b"], { "malformed-xml": 1 }],
  [
    "replacement characters, counted",
    guide(programme("1000", "1100", "caf\uFFFD \uFFFD", "<desc>\uFFFD</desc>")),
    ["caf\uFFFD \uFFFD"],
    { "replacement-characters": 3 },
  ],
  [
    "blank lines before the declaration",
    `\n\n${guide(programme("1000", "1100", "X"))}`,
    ["X"],
    { "malformed-xml": 1 },
  ],
  [
    "two guides, one after the other",
    guide(programme("1000", "1100", "X")) + guide(programme("1100", "1200", "Y")),
    ["X", "Y"],
    { "malformed-xml": 3 },
  ],
  [
    "times that are none",
    guide(
      programme("20211332000000 +0000", "1100", "X"),
      programme("1100", "null", "Y"),
      programme("", "1", "Z"),
    ),
    ["Y"],
    { "bad-start": 2, "bad-stop": 1 },
  ],
  [
    "times without zone, taken as UTC",
    guide(programme("20261123100000", "20261123110000", "X")),
    ["X"],
    { "time-without-zone": 1 },
  ],
  [
    "languages that are none",
    guide('<programme start="202611231000 Z" channel="c1"><title lang="?">X</title></programme>'),
    ["X"],
    { "bad-language": 1 },
  ],
  ["a text of 3,000 characters", guide(programme("1000", "1100", "x".repeat(3000))), ["x".repeat(2000)], {}],
];
for (const [name, xml, titles, counts] of survived) {
  test(`readGuideItems() survives ${name}`, async () => {
    for (const pieceBytes of [5, 65_536]) {
      const items = await readAll(inPieces(utf8(xml), pieceBytes));
      const read = items.flatMap((item) => (item.kind === "programme" ? [item.titles[0]?.text] : []));
      assert.deepEqual(read, titles);
      assert.deepEqual(defectCounts(items), counts);
    }
  });
}

test("readGuideItems() places a defect on its line", async () => {
  const items = await readAll(inPieces(utf8(guide(programme("1000", "x", "A")))));
  assert.deepEqual(
    items.find(({ kind }) => kind === "defect"),
    {
      kind: "defect",
      code: "bad-stop",
      count: 1,
      line: 4,
      text: 'c1 20261123100000 +0000 stop="x"',
    },
  );
});

test("readGuideItems() takes times without zone in the zone set", async () => {
  const xml = guide(programme("20261123180000", "20261123190000", "X"));
  const items = await readAll(inPieces(utf8(xml)), { zone: "Asia/Shanghai" });
  assert.deepEqual(
    items.flatMap((item) => (item.kind === "programme" ? [item.startMs, item.endMs] : [])),
    [at("1000"), at("1100")],
  );
});

const BILLION = `<!DOCTYPE tv [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>\n<tv><channel id="c">&b;</channel></tv>`;
const refused: [name: string, text: string, code: string, words: string][] = [
  ["an empty file", "", "not-a-guide", "empty"],
  ["blanks", "  \n ", "not-a-guide", "no element of a guide"],
  ["a list of lists", "<ServiceListEntryPoints/>", "not-a-guide", "a list of DVB-I service lists"],
  ["a web page", "<!DOCTYPE html>\n<html><body>502</body></html>", "not-a-guide", "a web page"],
  [
    "a web page as portals write it",
    "<!doctype html><html><head><meta charset=utf-8></head><body>Sign in</body></html>",
    "not-a-guide",
    "a web page",
  ],
  ["JSON", '{"error":"no such guide"}', "not-a-guide", "it is JSON; send XMLTV"],
  ["binary", "\u0001\u0002PK\u0003\u0004\u0000\u0000", "not-a-guide", ""],
  ["only a declaration", '<?xml version="1.0"?>', "not-a-guide", "no element of a guide"],
  [
    "a file that ends inside a title",
    guide(programme("1000", "1100", "X")).slice(0, 190),
    "guide-truncated",
    "line 4",
  ],
  [
    "a file without its last tag",
    guide().replace("</tv>\n", ""),
    "guide-truncated",
    "line 5, column 1 within <tv>;",
  ],
  ["entities of its own", BILLION, "guide-unsafe", "entities"],
  ["elements 65 deep", `<tv>${"<a>".repeat(64)}${"</a>".repeat(64)}</tv>`, "guide-unsafe", "64"],
];
for (const [name, text, code, words] of refused) {
  test(`readGuideItems() refuses ${name}: ${code}`, async () => {
    for (const pieceBytes of [3, 65_536]) {
      await assert.rejects(readAll(inPieces(utf8(text), pieceBytes)), refusedAs(code, words));
    }
  });
}

test("readGuideItems() refuses an element of over 1,000 attributes before it has read it, with the place", async () => {
  const attributes = Array.from({ length: 5000 }, (_, n) => `a${n}=""`).join("\n");
  const text = `<tv><channel id="c1" ${attributes}`;
  const refused = refusedAs("guide-unsafe", "over 1000 attributes up to line 1");
  await assert.rejects(readAll(inPieces(utf8(text), 4096)), refused);
});

test("readGuideItems() pauses every 1,024 characters, also within what gzip holds", async () => {
  const text = guide(...Array.from({ length: 600 }, () => programme("1000", "1100", "新闻 𠮷 &amp; X")));
  const whole = await readAll(inPieces(utf8(text)));
  let pauses = 0;
  const pause = async () => void pauses++;
  assert.deepEqual(await readAll(inPieces(await gzip(utf8(text))), { pause }), whole);
  assert.ok(pauses >= text.length / 1024, `${pauses}`);
});

test("readGuideItems() takes elements 64 deep", async () => {
  assert.deepEqual(await readAll(inPieces(utf8(`<tv>${"<a>".repeat(63)}${"</a>".repeat(63)}</tv>`))), []);
});

const limited: [name: string, text: string, limits: object, code: string][] = [
  ["more bytes than allowed", guide(), { plainBytesMax: 50 }, "guide-too-large"],
  [
    "one attribute over the limit",
    `<tv x="${"y".repeat(200_000)}"/>`,
    { tokenMax: 100_000 },
    "guide-too-large",
  ],
  [
    "one comment over the limit",
    `<tv><!--${"y".repeat(200_000)}--></tv>`,
    { tokenMax: 100_000 },
    "guide-too-large",
  ],
  [
    "comments alone over the limit",
    `<tv>${"<!-- y -->".repeat(20_000)}</tv>`,
    { tokenMax: 100_000 },
    "guide-too-large",
  ],
  [
    "blanks alone over the limit",
    `<tv>${" ".repeat(200_000)}</tv>`,
    { tokenMax: 100_000 },
    "guide-too-large",
  ],
  ["more breaches than allowed", `<tv>${"&x; ".repeat(11)}</tv>`, { malformedMax: 10 }, "guide-malformed"],
];
for (const [name, text, limits, code] of limited) {
  test(`readGuideItems() refuses ${name}: ${code}`, async () => {
    await assert.rejects(readAll(inPieces(utf8(text)), { limits }), refusedAs(code));
    await readAll(inPieces(utf8(text)));
  });
}

test("readGuideItems() says of comments alone that they bring nothing, not that one of them is too long", async () => {
  const text = `<tv>${"<!-- y -->".repeat(20_000)}</tv>`;
  const refused = refusedAs("guide-too-large", "or nothing but comments and blanks");
  await assert.rejects(readAll(inPieces(utf8(text)), { limits: { tokenMax: 100_000 } }), refused);
});

/** Long enough for offsets in every kind of token. */
const LONG = FULL.replace(
  "</tv>",
  `${Array.from({ length: 40 }, (_, n) => programme("1000", "1100", `节目 ${n} &amp; <![CDATA[more]]>`)).join("\n<!-- x -->\n")}\n</tv>`,
);

test("readGuideItems() refuses a file cut off anywhere before its end", async () => {
  const bytes = utf8(LONG);
  const end = utf8(LONG.trimEnd()).length;
  const random = createSeededRandom(20261123);
  const offsets = [
    0,
    1,
    5,
    end - 1,
    end - 4,
    ...Array.from({ length: 300 }, () => Math.floor(random() * end)),
  ];
  for (const offset of offsets) {
    await assert.rejects(
      readAll(inPieces(bytes.subarray(0, offset), 1 + Math.floor(random() * 3000))),
      (thrown: { code?: string }) => thrown.code === "guide-truncated" || thrown.code === "not-a-guide",
      `cut at ${offset} of ${bytes.length}`,
    );
  }
  assert.equal((await readAll(inPieces(bytes.subarray(0, end)))).length, 42);
});

test("readGuideItems() refuses a gzip cut off anywhere", async () => {
  const packed = await gzip(utf8(LONG));
  const random = createSeededRandom(7);
  for (let turn = 0; turn < 40; turn++) {
    const offset = 2 + Math.floor(random() * (packed.length - 2));
    await assert.rejects(
      readAll(inPieces(packed.subarray(0, offset), 100)),
      refusedAs("guide-truncated"),
      `cut at ${offset}`,
    );
  }
});

test("readGuideItems() passes on the failure of its source, plain or gzip", async () => {
  const packed = await gzip(utf8(LONG));
  for (const bytes of [utf8(LONG), packed]) {
    async function* breaking() {
      yield bytes.subarray(0, 200);
      throw new Error("line lost");
    }
    await assert.rejects(readAll(breaking()), { message: "line lost" });
  }
});

test("readGuideItems() takes channels and programmes in any order", async () => {
  const xml = `<tv>${programme("1000", "1100", "X")}${CHANNEL}${programme("1100", "1200", "Y")}</tv>`;
  const kinds = (await readAll(inPieces(utf8(xml)))).map(({ kind }) => kind);
  assert.deepEqual(kinds, ["programme", "channel", "programme"]);
});
