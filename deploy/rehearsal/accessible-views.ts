/** Every view of the editors' page, looked over by axe-core in both themes and on a telephone; and pictures of them. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { accessibilityFaults, faultsInBothThemes } from "./accessibility.ts";
import { until } from "./rig.ts";

/** Nobody made it: the browser logs that central says so. */
const GONE = "interactions/nobody";
const VIEWS = [
  "on-air",
  "timeline",
  "interactions",
  "interactions/tonight-quiz",
  GONE,
  "placements",
  "placements/tonight",
  "channels",
  "channels/group:both",
  "channels/rule:new",
  "explain",
  "explain?placement=tonight&of=drafts",
  "publish",
  "results",
  "edges",
  "guide",
  "guide/2",
  "system",
  "privacy",
  "people",
  "audit",
];
const NARROW_VIEWS = ["on-air", "publish", "placements", "edges", "people"];
/** The API's reference needs nobody signed in; a page of its own. */
const REFERENCE = ["", "put-api-v1-placements-id"];
/** Fonts come piece by piece, the overlay slides in. */
const SETTLE_MS = 800;

/** Goes to a view, and waits until all of it is there. */
export async function openView(page: Page, view: string): Promise<void> {
  await page.evaluate(`location.hash = "#/${view}"`);
  await until(
    `${view} to be drawn`,
    async () => (await page.locator("main h1").count()) > 0 && (await page.locator(".loading").count()) === 0,
  );
}
const unfold = (page: Page) =>
  page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true");

/** @param troubles what the browser logged; what it must log is taken out of it */
export async function viewFaults(page: Page, troubles: string[]): Promise<string[]> {
  const faults: string[] = [];
  await page.evaluate(`localStorage.setItem("cuecast.theme", "light")`);
  await page.reload();
  for (const view of VIEWS) {
    await openView(page, view);
    await unfold(page);
    faults.push(...(await faultsInBothThemes(page, view)));
    if (view !== GONE) continue;
    await page.getByRole("heading", { name: "Not there" }).waitFor();
    for (const words of troubles.splice(0)) if (!words.includes("404")) troubles.push(words);
  }
  return faults;
}

/** On a telephone: views stand in a menu, by their names, and nothing is wider than the screen. */
export async function narrowFaults(page: Page): Promise<string[]> {
  const faults: string[] = [];
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator('[data-name="menu"]').click();
  await page.getByRole("link", { name: "Results", exact: true }).click();
  await page.getByRole("heading", { name: "Results", exact: true }).waitFor();
  await page.locator('nav [data-view="results"]').waitFor({ state: "hidden" });
  for (const view of NARROW_VIEWS) {
    await openView(page, view);
    for (const fault of await accessibilityFaults(page)) faults.push(`${view} narrow: ${fault}`);
    const over = Number(await page.evaluate("document.documentElement.scrollWidth - innerWidth"));
    if (over > 0) faults.push(`${view} narrow: ${over} pixels too wide`);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  return faults;
}

async function openReference(page: Page, centralUrl: string, place: string): Promise<void> {
  await page.goto(`${centralUrl}/docs/#/${place}`);
  await page.reload();
  await page.locator("article.operation").waitFor();
}

export async function referenceFaults(page: Page, centralUrl: string): Promise<string[]> {
  const faults: string[] = [];
  for (const place of REFERENCE) {
    await openReference(page, centralUrl, place);
    faults.push(...(await faultsInBothThemes(page, `docs ${place}`)));
  }
  return faults;
}

/** A picture of every view in both languages and both themes. */
export async function shootViews(page: Page, centralUrl: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const shoot = async (name: string) => {
    await page.waitForTimeout(SETTLE_MS);
    await writeFile(join(folder, `${name.replaceAll("/", "-")}.png`), await page.screenshot());
  };
  for (const theme of ["light", "dark"]) {
    for (const language of ["en", "zh"]) {
      await page.goto(`${centralUrl}/#/on-air`);
      await page.evaluate(
        `localStorage.setItem("cuecast.theme", "${theme}"); localStorage.setItem("cuecast.language", "${language}")`,
      );
      await page.reload();
      for (const view of VIEWS.filter((each) => each !== GONE)) {
        await openView(page, view);
        await shoot(`${view}-${language}-${theme}`);
      }
    }
    for (const place of REFERENCE) {
      await openReference(page, centralUrl, place);
      await shoot(`docs-${place}-${theme}`);
    }
  }
}
