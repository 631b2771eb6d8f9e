/** Files of plainly another kind are refused with what they are and what to do. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { gzip, inPieces, readAll, refusedAs, utf8 } from "./_testing.ts";
import { foreignFile } from "./foreign-file.ts";

const wide = (text: string) => [...text].flatMap((character) => [character.charCodeAt(0), 0, 0, 0]);
const guide = utf8('<tv><channel id="c1"/></tv>');
const files: [what: string, bytes: Uint8Array | number[], words: string][] = [
  [
    "a zip archive",
    [0x50, 0x4b, 3, 4, 20, 0, 0, 0, 8, 0, 0x3c, 0x74, 0x76],
    "it is a zip archive; unpack it first",
  ],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4], "packed with xz; unpack it first"],
  ["gzip packed three times", await gzip(await gzip(await gzip(guide))), "unpack it first"],
  ["UTF-32 with a mark", [0xff, 0xfe, 0, 0, ...wide("<tv/>")], "it is in UTF-32; write it in UTF-8"],
  ["UTF-32 without", wide("<tv/>"), "it is in UTF-32; write it in UTF-8"],
  ["random bytes", new Uint8Array([0x01, ...randomBytes(5000)]), "it is binary, no text; send XMLTV"],
  ["JSON", utf8(' {"programmes": ["<tv>"]}'), "it is JSON; send XMLTV"],
];
for (const [what, bytes, words] of files) {
  test(`readGuideItems() says of ${what} what it is and what to do, with no line`, async () => {
    await assert.rejects(readAll(inPieces(new Uint8Array(bytes))), (thrown) => {
      assert.doesNotMatch((thrown as Error).message, /line \d/);
      return refusedAs("not-a-guide", words)(thrown);
    });
  });
}

test("foreignFile() takes nothing that may be a guide for another kind", () => {
  const texts = ["", "<tv/>", "\ufeff<tv/>", "\t\r\n<?xml?>", "[tv] guide", "{tv}", "七点新闻"];
  for (const text of texts) assert.equal(foreignFile(utf8(text)), undefined, text);
  assert.equal(foreignFile(new Uint8Array([0xff, 0xfe, 0x3c, 0, 0x74, 0])), undefined);
  assert.equal(foreignFile(new Uint8Array([0, 0x3c, 0, 0x74])), undefined);
});
