import assert from "node:assert/strict";
import { test } from "node:test";
import { IMAGE_BYTES_MAX, imageFacts } from "./image-facts.ts";

const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));
/** One pixel each, made with common tools. */
const PNG = bytesOf(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
);
const WEBP = bytesOf("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=");
const WEBP_LOSSLESS = bytesOf("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");
/** Start, a comment segment, a frame header of 640 × 360, end. */
const JPEG = new Uint8Array([
  0xff, 0xd8, 0xff, 0xfe, 0, 4, 1, 2, 0xff, 0xc2, 0, 11, 8, 1, 0x68, 2, 0x80, 1, 1, 0x11, 0, 0xff, 0xd9,
]);

test("imageFacts() reads kind and size of PNG, JPEG and WebP", () => {
  assert.deepEqual(imageFacts(PNG), { type: "image/png", width: 1, height: 1 });
  assert.deepEqual(imageFacts(WEBP), { type: "image/webp", width: 1, height: 1 });
  assert.deepEqual(imageFacts(JPEG), { type: "image/jpeg", width: 640, height: 360 });
  assert.deepEqual(imageFacts(WEBP_LOSSLESS), { type: "image/webp", width: 1, height: 1 });
});

const wide = PNG.slice();
new DataView(wide.buffer).setUint32(16, 5_000);
const forPrint = JPEG.slice();
/** Of its frame header: how many components. */
forPrint[17] = 4;
const empty = PNG.slice();
new DataView(empty.buffer).setUint32(16, 0);

/** Before its data: a chunk that tells of frames. */
const moving = new Uint8Array([
  ...PNG.slice(0, 33),
  ...[0, 0, 0, 8, 0x61, 0x63, 0x54, 0x4c, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0],
  ...PNG.slice(33),
]);
/** One pixel, with the extended header and its flag of motion. */
const movingWebp = new Uint8Array([
  ...new TextEncoder().encode("RIFF"),
  ...[22, 0, 0, 0],
  ...new TextEncoder().encode("WEBPVP8X"),
  ...[10, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0],
]);

for (const [what, bytes, code] of [
  ["a PNG that moves", moving, "bad-image"],
  ["a WebP that moves", movingWebp, "bad-image"],
  ["no bytes", new Uint8Array(), "bad-image"],
  ["markup", new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>"), "bad-image"],
  ["a PNG that breaks off", PNG.slice(0, 40), "bad-image"],
  ["a JPEG that breaks off", JPEG.slice(0, 18), "bad-image"],
  ["a WebP that breaks off", WEBP.slice(0, 31), "bad-image"],
  ["a JPEG in CMYK", forPrint, "bad-image"],
  ["one that is too wide", wide, "bad-image"],
  ["one without a size", empty, "bad-image"],
  ["one that is too large", new Uint8Array(IMAGE_BYTES_MAX + 1), "image-too-large"],
] as const) {
  test(`imageFacts() refuses ${what}`, () => {
    assert.throws(() => imageFacts(bytes), { code });
  });
}
