/** Bundles the editors' page into `dist/central`, where central serves it from. */
import { cp, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const WEB = path("../../central/web");
const OUT = path("../../dist/central");

export async function buildCentralWeb(): Promise<void> {
  await mkdir(OUT, { recursive: true });
  await build({
    entryPoints: [`${WEB}/main.ts`],
    outfile: `${OUT}/main.js`,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "warning",
  });
  for (const name of ["index.html", "page.css"]) await cp(`${WEB}/${name}`, `${OUT}/${name}`);
}

if (import.meta.main) await buildCentralWeb();
