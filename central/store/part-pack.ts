/** A part of a publication as one compressed blob: how past publications are kept for roll back. */
import type { Body, Part } from "../../shared/publication/part.ts";

type Packed = [key: string, body: string | { base64: string }][];

async function through(bytes: Uint8Array, transform: CompressionStream | DecompressionStream) {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(transform);
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

/** @returns gzip of JSON; entries by key, so that equal parts pack alike */
export function packPart(part: Part): Promise<Uint8Array> {
  const packed: Packed = [...part.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, body]) => [
      key,
      typeof body === "string" ? body : { base64: Buffer.from(body).toString("base64") },
    ]);
  return through(new TextEncoder().encode(JSON.stringify(packed)), new CompressionStream("gzip"));
}

export async function unpackPart(bytes: Uint8Array): Promise<Part> {
  const text = new TextDecoder().decode(await through(bytes, new DecompressionStream("gzip")));
  const part = new Map<string, Body>();
  for (const [key, body] of JSON.parse(text) as Packed) {
    part.set(key, typeof body === "string" ? body : new Uint8Array(Buffer.from(body.base64, "base64")));
  }
  return part;
}
