/** A QR code on a canvas, whole pixels per module, with the quiet zone of four modules that the norm asks for. */
import type { Timers } from "../../../shared/time/timers.ts";
import { qrBytes, qrModules } from "./qr-code.ts";

const QUIET = 4;
/** Pixels of the canvas, about; the style scales it down. */
const PIXELS = 400;
/** A weak box computes for a while: the panel comes first, the code as soon as it stands. */
const LATER_MS = 30;

/** @returns null when no code can hold the text */
export function drawQr(text: string, timers: Timers): HTMLElement | null {
  const bytes = qrBytes(text);
  if (bytes === null) return null;
  const canvas = document.createElement("canvas");
  timers.after(LATER_MS, () => paint(canvas, bytes));
  return canvas;
}

function paint(canvas: HTMLCanvasElement, bytes: string): void {
  const rows = qrModules(bytes);
  const modules = rows.length + 2 * QUIET;
  const step = Math.floor(PIXELS / modules);
  canvas.width = canvas.height = modules * step;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  // The card around it is white: only what is dark needs paint.
  rows.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (dark) pen.fillRect((x + QUIET) * step, (y + QUIET) * step, step, step);
    });
  });
}
