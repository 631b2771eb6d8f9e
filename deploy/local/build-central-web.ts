/**
 * Bundles the editors' page into `dist/central`, where central serves it from: the page, its style and fonts,
 * the API's reference, and the frame that shows the box's built bundle. Run after `build-box.ts`.
 */
import { copyFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const PROJECT = join(import.meta.dirname, "../..");
const WEB = join(PROJECT, "central/web");
const FONT = join(PROJECT, "node_modules/@fontsource/noto-sans-sc");
/** Text and what stands out of it. Each is about 100 pieces, of which a browser loads those that it needs. */
const WEIGHTS = [400, 600];

/** The font's pieces, each with the range of characters that it holds. */
async function copyFonts(to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const faces: string[] = [];
  for (const weight of WEIGHTS) {
    const sheet = await readFile(join(FONT, `${weight}.css`), "utf8");
    for (const face of sheet.match(/@font-face \{[^}]*\}/g) ?? []) {
      const file = /files\/([^)]+\.woff2)/.exec(face)?.[1];
      const range = /unicode-range: ([^;]+);/.exec(face)?.[1];
      if (!file || !range) continue;
      await copyFile(join(FONT, "files", file), join(to, file));
      faces.push(
        `@font-face{font-family:"Noto Sans SC";font-weight:${weight};font-display:swap;src:url(${file}) format("woff2");unicode-range:${range}}`,
      );
    }
  }
  await writeFile(join(to, "fonts.css"), `${faces.join("\n")}\n`);
  await copyFile(join(FONT, "LICENSE"), join(to, "LICENSE.txt"));
}

export async function buildCentralWeb(dist = join(PROJECT, "dist")): Promise<void> {
  const out = join(dist, "central");
  await rm(out, { recursive: true, force: true });
  for (const folder of ["preview", "docs"]) await mkdir(join(out, folder), { recursive: true });
  const common = { bundle: true, minify: true, logLevel: "warning", target: "es2022" } as const;
  await Promise.all([
    build({ ...common, entryPoints: [join(WEB, "main.tsx")], outfile: join(out, "main.js"), format: "esm" }),
    build({
      ...common,
      entryPoints: [join(WEB, "reference/reference.main.tsx")],
      outfile: join(out, "docs/reference.js"),
      format: "esm",
    }),
    build({ ...common, entryPoints: [join(WEB, "style/page.css")], outfile: join(out, "page.css") }),
    build({
      ...common,
      entryPoints: [join(WEB, "preview/frame.main.ts")],
      outfile: join(out, "preview/frame.js"),
      format: "iife",
    }),
    copyFonts(join(out, "fonts")),
    cp(join(WEB, "index.html"), join(out, "index.html")),
    cp(join(WEB, "reference/index.html"), join(out, "docs/index.html")),
    cp(join(WEB, "preview/index.html"), join(out, "preview/index.html")),
    cp(join(WEB, "preview/frame.css"), join(out, "preview/frame.css")),
  ]);
  for (const name of ["cuecast-box.js", "cuecast-box.css"]) {
    await copyFile(join(dist, "box", name), join(out, "preview", name));
  }
}

if (import.meta.main) await buildCentralWeb();
