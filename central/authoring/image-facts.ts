/**
 * What an uploaded image is, read from its own bytes: PNG, JPEG or WebP, whole, within the limits that boxes
 * and edges hold to. Pure; decodes nothing.
 */
import { CuecastError } from "../../shared/errors.ts";

/** Largest image, bytes: WIRE.md. */
export const IMAGE_BYTES_MAX = 524_288;
/** Widest and highest, pixels. */
export const IMAGE_SIDE_MAX = 4_096;

export interface ImageFacts {
  type: "image/png" | "image/jpeg" | "image/webp";
  width: number;
  height: number;
}

const ascii = (bytes: Uint8Array, from: number, length: number) =>
  String.fromCharCode(...bytes.subarray(from, from + length));
const PNG_SIGNATURE = "\x89PNG\r\n\x1a\n";

type Read = (bytes: Uint8Array, view: DataView) => ImageFacts | "broken" | "cmyk" | "moving" | undefined;

/** PNG, third edition: the header chunk is first, the end chunk is last. */
const readPng: Read = (bytes, view) => {
  if (ascii(bytes, 0, 8) !== PNG_SIGNATURE) return undefined;
  if (bytes.length < 45 || ascii(bytes, 12, 4) !== "IHDR" || ascii(bytes, bytes.length - 8, 4) !== "IEND") {
    return "broken";
  }
  // Of a moving picture the chunk that says so stands before the first of its data.
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const chunk = ascii(bytes, at + 4, 4);
    if (chunk === "acTL") return "moving";
    if (chunk === "IDAT") break;
  }
  return { type: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
};

/** JPEG (T.81): segments up to the frame header; the end marker is last, but for padding. */
const readJpeg: Read = (bytes, view) => {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  let end = bytes.length;
  while (end > 2 && bytes[end - 1] === 0) end--;
  if (bytes[end - 2] !== 0xff || bytes[end - 1] !== 0xd9) return "broken";
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return "broken";
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame && bytes[at + 9] === 4) return "cmyk";
    if (isFrame) return { type: "image/jpeg", height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  return "broken";
};

/** Of the flags of its header. */
const WEBP_MOVES = 0x02;

/** WebP: RFC 9649, sections 2.5 to 2.7. */
const readWebp: Read = (bytes, view) => {
  if (ascii(bytes, 0, 4) !== "RIFF" || ascii(bytes, 8, 4) !== "WEBP") return undefined;
  if (bytes.length < 30 || view.getUint32(4, true) + 8 > bytes.length) return "broken";
  const type = "image/webp";
  const three = (at: number) => view.getUint16(at, true) + ((bytes[at + 2] as number) << 16);
  switch (ascii(bytes, 12, 4)) {
    case "VP8X":
      if (((bytes[20] as number) & WEBP_MOVES) !== 0) return "moving";
      return { type, width: three(24) + 1, height: three(27) + 1 };
    case "VP8L": {
      if (bytes[20] !== 0x2f) return "broken";
      const bits = view.getUint32(21, true);
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8 ":
      if (ascii(bytes, 23, 3) !== "\x9d\x01\x2a") return "broken";
      return { type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    default:
      return "broken";
  }
};

/** @throws {CuecastError} 400 `bad-image`, 413 `image-too-large` */
export function imageFacts(bytes: Uint8Array): ImageFacts {
  const refuse = (state: string, code = "bad-image", status = 400) =>
    new CuecastError(`Cannot take this image: ${state}`, { code, status });
  if (bytes.length > IMAGE_BYTES_MAX) {
    throw refuse(`it has ${bytes.length} bytes, at most ${IMAGE_BYTES_MAX} go`, "image-too-large", 413);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const read of [readPng, readJpeg, readWebp]) {
    const found = read(bytes, view);
    if (found === "cmyk") throw refuse("its colours are for print (CMYK), which televisions show wrong");
    if (found === "moving")
      throw refuse("it moves, and televisions show it each in its own way; send one picture");
    if (found === "broken") throw refuse("it breaks off or is damaged");
    if (!found) continue;
    const { width, height } = found;
    if (width < 1 || height < 1) throw refuse("it has no size");
    if (width > IMAGE_SIDE_MAX || height > IMAGE_SIDE_MAX) {
      throw refuse(`it is ${width} × ${height} pixels, at most ${IMAGE_SIDE_MAX} a side go`);
    }
    return found;
  }
  throw refuse("it is neither PNG nor JPEG nor WebP");
}
