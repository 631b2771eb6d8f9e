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
  ".woff2": "font/woff2",
};

/** Empty when the page was not built. */
export async function loadPage(directory = PAGE_DIR): Promise<PageFile[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files: PageFile[] = [];
  for (const entry of entries) {
    const type = TYPES[extname(entry.name)];
    if (!type || !entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const below = path.slice(directory.length).replaceAll("\\", "/");
    files.push({
      path: below.endsWith("/index.html") ? below.slice(0, -"index.html".length) : below,
      type,
      bytes: new Uint8Array(await readFile(path)),
    });
  }
  return files;
}
