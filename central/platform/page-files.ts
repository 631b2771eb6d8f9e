/** The web page's files as built into `dist/central`. */
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PageFile } from "../routes/page.ts";

const PAGE_DIR = fileURLToPath(new URL("../../dist/central", import.meta.url));
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Empty when the page was not built. */
export async function loadPage(directory = PAGE_DIR): Promise<PageFile[]> {
  const names = await readdir(directory).catch(() => []);
  const files: PageFile[] = [];
  for (const name of names) {
    const type = TYPES[extname(name)];
    if (!type) continue;
    const bytes = new Uint8Array(await readFile(join(directory, name)));
    files.push({ path: name === "index.html" ? "/" : `/${name}`, type, bytes });
  }
  return files;
}
