/**
 * An image as boxes can take it: at most so many bytes and pixels. What is larger, or what central would refuse (another
 * format, colours for print), is drawn anew by the browser; of a moving picture that leaves the first.
 */
import { IMAGE_BYTES_MAX, imageFacts } from "../../authoring/image-facts.ts";

/** A picture larger than this is larger than any panel. */
const SIDE_MAX = 1280;
const QUALITIES = [0.88, 0.75, 0.6];

export interface Shrunk {
  blob: Blob;
  width: number;
  height: number;
  /** It is not the file as it was. */
  changed: boolean;
}

async function isTaken(file: Blob): Promise<boolean> {
  try {
    imageFacts(new Uint8Array(await file.arrayBuffer()));
    return true;
  } catch {
    return false;
  }
}

/** @returns undefined when the file is no image, or does not get small enough */
export async function shrinkImage(file: Blob): Promise<Shrunk | undefined> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return undefined;
  }
  const { width, height } = bitmap;
  if (file.size <= IMAGE_BYTES_MAX && Math.max(width, height) <= SIDE_MAX && (await isTaken(file))) {
    return { blob: file, width, height, changed: false };
  }
  // Old televisions have no WebP; what lets nothing through can do without.
  const type = file.type === "image/jpeg" ? "image/jpeg" : "image/webp";
  for (let scale = Math.min(1, SIDE_MAX / Math.max(width, height)); scale > 0.05; scale *= 0.7) {
    const size = {
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
    };
    const canvas = new OffscreenCanvas(size.width, size.height);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, size.width, size.height);
    for (const quality of QUALITIES) {
      const blob = await canvas.convertToBlob({ type, quality });
      if (blob.size <= IMAGE_BYTES_MAX) return { blob, ...size, changed: true };
    }
  }
  return undefined;
}
