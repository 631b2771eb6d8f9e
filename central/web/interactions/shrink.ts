/** An image as boxes can take it: at most so many bytes and pixels, shrunk in the browser where it is larger. */

/** WIRE.md: 512 KiB; a picture wider than this is wider than any panel. */
const BYTES_MAX = 524_288;
const WIDTH_MAX = 1280;
const QUALITIES = [0.88, 0.75, 0.6];
const TAKEN = ["image/png", "image/jpeg", "image/webp"];

export interface Shrunk {
  blob: Blob;
  width: number;
  height: number;
  /** It is not the file as it was. */
  changed: boolean;
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
  if (file.size <= BYTES_MAX && width <= WIDTH_MAX && TAKEN.includes(file.type)) {
    return { blob: file, width, height, changed: false };
  }
  for (let scale = Math.min(1, WIDTH_MAX / width); scale > 0.05; scale *= 0.7) {
    const size = {
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
    };
    const canvas = new OffscreenCanvas(size.width, size.height);
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, size.width, size.height);
    for (const quality of QUALITIES) {
      const blob = await canvas.convertToBlob({ type: "image/webp", quality });
      if (blob.size <= BYTES_MAX) return { blob, ...size, changed: true };
    }
  }
  return undefined;
}
