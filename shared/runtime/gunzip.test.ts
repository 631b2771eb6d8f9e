/** gzip of all kinds that gzip's own tool reads. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { GzipError, gunzipPieces } from "./gunzip.ts";

const packed = (text: string) => new Uint8Array(gzipSync(text));
const joined = (...parts: Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]));

async function unpack(bytes: Uint8Array, pieceBytes = 8_192): Promise<string> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.slice(at, at + pieceBytes);
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of gunzipPieces(pieces())) parts.push(new Uint8Array(part));
  return await new Blob(parts).text();
}

const [first, second] = [packed("good "), packed("evening")];
const both = joined(first, second);
const zeros = new Uint8Array(600);
const LONG = "a long guide ".repeat(20_000);

const WHOLE: [string, Uint8Array, string][] = [
  ["one member", first, "good "],
  ["two members", both, "good evening"],
  ["an empty member between two", joined(first, packed(""), second), "good evening"],
  ["zeros behind the last", joined(both, zeros), "good evening"],
  ["long members", joined(packed(LONG), packed(LONG), zeros), LONG + LONG],
];
for (const [what, bytes, text] of WHOLE) {
  test(`gunzipPieces() unpacks ${what}, in pieces of any size`, async () => {
    for (const pieceBytes of [1, 7, first.length, 8_192, 1_000_000]) {
      assert.equal(await unpack(bytes, pieceBytes), text, `${pieceBytes}`);
    }
  });
}

test("gunzipPieces() tells two members cut off anywhere but between them", async () => {
  for (let length = 1; length < both.length; length++) {
    for (const pieceBytes of [1, 8_192]) {
      const cut = unpack(both.subarray(0, length), pieceBytes);
      if (length === first.length) assert.equal(await cut, "good ");
      else await assert.rejects(cut, { name: "GzipError", cutOff: true }, `${length} of ${both.length}`);
    }
  }
});

const DAMAGED: [string, Uint8Array][] = [
  ["text behind it", joined(first, new TextEncoder().encode("text"))],
  ["a member behind zeros", joined(first, zeros, second)],
  ["a wrong checksum", first.with(first.length - 6, (first.at(-6) ?? 0) ^ 1)],
];
for (const [what, bytes] of DAMAGED) {
  test(`gunzipPieces() loses nothing silently: it refuses ${what}`, async () => {
    for (const pieceBytes of [1, 100, 8_192]) {
      await assert.rejects(unpack(bytes, pieceBytes), { name: "GzipError", cutOff: false }, `${pieceBytes}`);
    }
  });
}

test("gunzipPieces() passes on what its source throws", async () => {
  const broken = new Error("the line broke");
  async function* source() {
    yield first;
    throw broken;
  }
  await assert.rejects(async () => {
    for await (const _ of gunzipPieces(source()));
  }, broken);
  assert.ok(!(broken instanceof GzipError));
});
