/** A QR code on a canvas, whole pixels per module, with the quiet zone of four modules that the norm asks for. */
import { qrModules } from "./qr-code.ts";

const QUIET = 4;
/** Pixels of the canvas, about; the style scales it down. */
const PIXELS = 400;

/** @returns null when the text is too long for a code */
export function drawQr(text: string): HTMLElement | null {
  const rows = qrModules(text);
  if (!rows) return null;
  const modules = rows.length + 2 * QUIET;
  const step = Math.floor(PIXELS / modules);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = modules * step;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  rows.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (dark) pen.fillRect((x + QUIET) * step, (y + QUIET) * step, step, step);
    });
  });
  return canvas;
}
