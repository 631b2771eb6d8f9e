/** Unpacking: bounded, whatever is sent. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzip, inPieces, refusedAs, utf8 } from "./_testing.ts";
import { type ByteCounts, gunzip, SIZE_LIMITS, type SizeLimits } from "./gunzip.ts";

async function unpacked(bytes: Uint8Array, limits: Partial<SizeLimits> = {}, pieceBytes = 65_536) {
  const counts: ByteCounts = { bytes: 0, plainBytes: 0 };
  const parts: Uint8Array[] = [];
  for await (const part of gunzip(inPieces(bytes, pieceBytes), counts, { ...SIZE_LIMITS, ...limits }))
    parts.push(part);
  return { text: await new Blob(parts as Uint8Array<ArrayBuffer>[]).text(), parts, counts };
}

test("gunzip() hands plain bytes on, in parts of at most 64 KiB", async () => {
  const text = "guide ".repeat(50_000);
  const { text: read, parts, counts } = await unpacked(utf8(text), {}, 1_000_000);
  assert.equal(read, text);
  assert.equal(Math.max(...parts.map(({ length }) => length)), 65_536);
  assert.deepEqual(counts, { bytes: 300_000, plainBytes: 300_000 });
});

test("gunzip() unpacks what begins as gzip does, even one byte at a time", async () => {
  const packed = await gzip(utf8("guide ".repeat(500)));
  const { text, counts } = await unpacked(packed, {}, 1);
  assert.equal(text, "guide ".repeat(500));
  assert.deepEqual(counts, { bytes: packed.length, plainBytes: 3000 });
});

test("gunzip() unpacks a guide of several members with zeros behind them, and counts all of it", async () => {
  const member = await gzip(utf8("guide ".repeat(500)));
  const packed = new Uint8Array(2 * member.length + 512);
  packed.set(member);
  packed.set(member, member.length);
  for (const pieceBytes of [1, 65_536]) {
    const { text, counts } = await unpacked(packed, {}, pieceBytes);
    assert.equal(text, "guide ".repeat(1000));
    assert.deepEqual(counts, { bytes: packed.length, plainBytes: 6000 });
  }
});

test("gunzip() unpacks what a server has packed once more, even one byte at a time", async () => {
  const twice = await gzip(await gzip(utf8("guide ".repeat(500))));
  const { text, counts } = await unpacked(twice, {}, 1);
  assert.equal(text, "guide ".repeat(500));
  assert.deepEqual(counts, { bytes: twice.length, plainBytes: 3000 });
  const short = twice.subarray(0, twice.length - 9);
  await assert.rejects(
    unpacked(short),
    refusedAs("guide-truncated", `breaks off after ${short.length} bytes`),
  );
});

test("gunzip() stops a bomb of gzip within gzip, though it unpacks to nothing", async () => {
  const empty = await gzip(new Uint8Array(0));
  const members = new Uint8Array(Array.from({ length: 1_000 }, () => [...empty]).flat());
  await assert.rejects(
    unpacked(await gzip(members), { plainBytesMax: 10_000 }),
    refusedAs("guide-too-large", "more than 10000 bytes"),
  );
});

test("gunzip() stops a bomb of many small members too", async () => {
  const member = await gzip(new Uint8Array(1_000_000));
  const bomb = new Uint8Array(Array.from({ length: 60 }, () => [...member]).flat());
  const counts: ByteCounts = { bytes: 0, plainBytes: 0 };
  await assert.rejects(
    async () => {
      for await (const _ of gunzip(inPieces(bomb), counts));
    },
    (thrown) =>
      refusedAs("guide-too-large", `, ${counts.plainBytes} bytes from the first ${counts.bytes};`)(thrown),
  );
  assert.ok(counts.plainBytes < 20_000_000, `${counts.plainBytes} bytes unpacked`);
});

test("gunzip() tells where gzip breaks off, from where it is damaged", async () => {
  const packed = await gzip(utf8("guide ".repeat(500)));
  const short = packed.subarray(0, packed.length - 9);
  await assert.rejects(
    unpacked(short),
    refusedAs("guide-truncated", `breaks off after ${short.length} bytes`),
  );
  const junk = new Uint8Array([...packed, ...utf8("junk")]);
  const says = refusedAs("guide-truncated", `is damaged after ${junk.length} bytes (incorrect header check)`);
  await assert.rejects(unpacked(junk), says);
});

test("gunzip() hands on nothing, one byte, and two that are not gzip's", async () => {
  for (const text of ["", "x", "xy"]) assert.equal((await unpacked(utf8(text))).text, text);
});

test("gunzip() stops a bomb before it has unpacked", async () => {
  const bomb = await gzip(new Uint8Array(60_000_000));
  const counts: ByteCounts = { bytes: 0, plainBytes: 0 };
  await assert.rejects(
    async () => {
      for await (const _ of gunzip(inPieces(bomb), counts));
    },
    refusedAs("guide-too-large", "250 times its size, as a bomb's does"),
  );
  assert.ok(counts.plainBytes < 20_000_000, `${counts.plainBytes} bytes unpacked`);
});

test("gunzip() refuses more bytes than allowed, plain or packed", async () => {
  const bytes = utf8("x".repeat(1001));
  for (const sent of [bytes, await gzip(bytes)]) {
    await assert.rejects(unpacked(sent, { plainBytesMax: 1000 }), refusedAs("guide-too-large", "1000 bytes"));
    await unpacked(sent, { plainBytesMax: 1001 });
  }
});

test("gunzip() refuses gzip that is damaged in the middle", async () => {
  const random = Array.from({ length: 5000 }, (_, n) => String.fromCharCode(33 + ((n * n) % 90))).join("");
  const packed = await gzip(utf8(random));
  packed[packed.length >> 1] = (packed[packed.length >> 1] ?? 0) ^ 0xff;
  await assert.rejects(unpacked(packed), refusedAs("guide-truncated", "gzip"));
});

test("gunzip() ends its source when its reader goes away", async () => {
  const packed = await gzip(utf8("guide ".repeat(100_000)));
  for (const bytes of [packed, utf8("guide ".repeat(100_000))]) {
    let ended = false;
    async function* source() {
      try {
        yield* inPieces(bytes, 500);
      } finally {
        ended = true;
      }
    }
    for await (const _ of gunzip(source(), { bytes: 0, plainBytes: 0 })) break;
    assert.equal(ended, true);
  }
});
