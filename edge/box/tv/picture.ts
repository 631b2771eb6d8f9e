/** A stand-in for the programme: hills in the light of each channel's own hour, slowly passing by. */

interface Palette {
  sky: [string, string, string];
  sun: string;
  hills: string[];
}

const PALETTES: Palette[] = [
  {
    sky: ["#16264f", "#8a4b7d", "#ff9e6b"],
    sun: "255,214,150",
    hills: ["#6d4576", "#4b3264", "#2f2350", "#1a1638"],
  },
  {
    sky: ["#0e4a86", "#4f9fd0", "#d5ecf2"],
    sun: "255,255,240",
    hills: ["#7fb3bf", "#4f8d94", "#2f666d", "#183f49"],
  },
  {
    sky: ["#070b22", "#142a5c", "#2f5a8c"],
    sun: "220,232,255",
    hills: ["#20406f", "#182f57", "#101f40", "#090f26"],
  },
  {
    sky: ["#40203f", "#a83f4e", "#ffc078"],
    sun: "255,226,170",
    hills: ["#8a3d4d", "#632c43", "#431f37", "#271327"],
  },
  {
    sky: ["#0d3b3d", "#2c8276", "#c8e6a8"],
    sun: "250,255,214",
    hills: ["#4f9880", "#2f7468", "#1d5350", "#0f3236"],
  },
];

const WIDTH = 640;
const HEIGHT = 360;
/** Pictures per second: enough to pass for moving, cheap enough for a weak machine. */
const RATE = 12;

export interface Picture {
  /** @param channel decides the hour */
  tune(channel: string): void;
}

/** Heights of one range of hills, 0 to 1, by three waves of its own. */
function ridge(range: number, x: number): number {
  const a = Math.sin(x * 0.006 * (range + 1) + range * 2.1);
  const b = Math.sin(x * 0.013 * (range + 1) + range * 4.7);
  const c = Math.sin(x * 0.031 + range * 1.3);
  return 0.5 + 0.28 * a + 0.16 * b + 0.06 * c;
}

function draw(pen: CanvasRenderingContext2D, palette: Palette, seconds: number): void {
  const sky = pen.createLinearGradient(0, 0, 0, HEIGHT);
  sky.addColorStop(0, palette.sky[0]);
  sky.addColorStop(0.55, palette.sky[1]);
  sky.addColorStop(0.85, palette.sky[2]);
  pen.fillStyle = sky;
  pen.fillRect(0, 0, WIDTH, HEIGHT);

  const sunX = WIDTH * 0.68;
  const sunY = HEIGHT * 0.4 + 6 * Math.sin(seconds / 20);
  for (const [radius, strength] of [
    [190, 0.1],
    [110, 0.16],
    [60, 0.3],
    [26, 0.95],
  ] as const) {
    const glow = pen.createRadialGradient(sunX, sunY, 0, sunX, sunY, radius);
    glow.addColorStop(0, `rgba(${palette.sun},${strength})`);
    glow.addColorStop(
      radius < 30 ? 0.92 : 0.4,
      `rgba(${palette.sun},${radius < 30 ? strength : strength * 0.6})`,
    );
    glow.addColorStop(1, `rgba(${palette.sun},0)`);
    pen.fillStyle = glow;
    pen.fillRect(0, 0, WIDTH, HEIGHT);
  }

  palette.hills.forEach((colour, range) => {
    const base = HEIGHT * (0.5 + range * 0.11);
    const height = HEIGHT * (0.2 - range * 0.015);
    const offset = seconds * (3 + range * range * 3.5) + range * 400;
    pen.beginPath();
    pen.moveTo(0, HEIGHT);
    for (let x = 0; x <= WIDTH; x += 5) pen.lineTo(x, base + height * (0.5 - ridge(range, x + offset)));
    pen.lineTo(WIDTH, HEIGHT);
    pen.closePath();
    pen.fillStyle = colour;
    pen.fill();
  });

  const shade = pen.createLinearGradient(0, HEIGHT * 0.6, 0, HEIGHT);
  shade.addColorStop(0, "rgba(0,0,0,0)");
  shade.addColorStop(1, "rgba(0,0,0,0.35)");
  pen.fillStyle = shade;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
}

export function createPicture(canvas: HTMLCanvasElement): Picture {
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let palette = PALETTES[0] as Palette;
  let lastMs = Number.NEGATIVE_INFINITY;

  function frame(atMs: number): void {
    if (atMs - lastMs >= 1000 / RATE - 4) {
      lastMs = atMs;
      draw(pen, palette, atMs / 1000);
    }
    if (!still) requestAnimationFrame(frame);
  }
  requestAnimationFrame(frame);

  return {
    tune(channel) {
      let sum = 0;
      for (let at = 0; at < channel.length; at++) sum = (sum * 31 + channel.charCodeAt(at)) % 9973;
      palette = PALETTES[sum % PALETTES.length] as Palette;
      if (still) draw(pen, palette, 40);
    },
  };
}
