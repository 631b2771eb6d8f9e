/** A real browser from npm alone: Chromium, with libraries of its own where the machine has none. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium as driver } from "playwright-core";

export interface TestBrowser {
  browser: Browser;
  close(): Promise<void>;
}

/** What a page under test needs, and no more: the package's own flags switch web security off. */
const FLAGS = [
  "--no-sandbox",
  "--no-zygote",
  "--disable-gpu",
  "--disable-webgl",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--hide-scrollbars",
];

/** Where Chromium was unpacked, and the libraries that the package brings beside it. */
async function unpack(folder: string): Promise<string> {
  // The package unpacks below TMPDIR (200 MB), and its libraries only where it believes to be on Lambda.
  const saved = { ...process.env };
  process.env.TMPDIR = folder;
  process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs22.x";
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    return await chromium.executablePath();
  } finally {
    for (const name of ["TMPDIR", "AWS_EXECUTION_ENV", "LD_LIBRARY_PATH", "FONTCONFIG_PATH"]) {
      if (saved[name] === undefined) delete process.env[name];
      else process.env[name] = saved[name];
    }
  }
}

/** @throws with both tries' reasons when it does not start */
export async function startBrowser(): Promise<TestBrowser> {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-browser-"));
  const executablePath = await unpack(folder);
  const launch = (more: Record<string, string>) =>
    driver.launch({
      executablePath,
      args: FLAGS,
      env: { ...(process.env as Record<string, string>), HOME: folder, TMPDIR: folder, ...more },
    });
  const own = { LD_LIBRARY_PATH: join(folder, "al2023", "lib"), FONTCONFIG_PATH: join(folder, "fonts") };
  try {
    const browser = await launch({}).catch(() => launch(own));
    return {
      browser,
      async close() {
        await browser.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
