/** axe-core within a page under test: what it finds wrong, in words. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

interface Finding {
  id: string;
  help: string;
  nodes: { target: unknown[] }[];
}

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Narrowed {
  /** Only these; all of them unless told. */
  rules?: readonly string[];
  /** Only what lies within this element; the whole page unless told. */
  within?: string;
}

/** @returns one line for each rule that is broken; empty when none is */
export async function accessibilityFaults(page: Page, { rules, within }: Narrowed = {}): Promise<string[]> {
  // Evaluated, not linked: the page's policy lets no script of ours in. It stays until the page is loaded anew.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(await source);
  const options = { resultTypes: ["violations"], ...(rules && { runOnly: rules }) };
  const { violations } = (await page.evaluate(
    `axe.run(${within === undefined ? "document" : JSON.stringify(within)}, ${JSON.stringify(options)})`,
  )) as {
    violations: Finding[];
  };
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes
        .slice(0, 3)
        .map(({ target }) => target.join(" "))
        .join(", ")}`,
  );
}

const setTheme = (page: Page, theme: "light" | "dark") =>
  page.evaluate(`document.documentElement.dataset.theme = "${theme}"`);

/**
 * What is wrong in the light theme, and of the dark one's colours: what was found of the structure holds in both.
 *
 * @param name of what stands there, for the lines
 */
export async function faultsInBothThemes(page: Page, name: string, within?: string): Promise<string[]> {
  const narrowed = within === undefined ? {} : { within };
  await setTheme(page, "light");
  const light = await accessibilityFaults(page, narrowed);
  await setTheme(page, "dark");
  const dark = await accessibilityFaults(page, { ...narrowed, rules: ["color-contrast"] });
  await setTheme(page, "light");
  return [
    ...light.map((fault) => `${name} light: ${fault}`),
    ...dark.map((fault) => `${name} dark: ${fault}`),
  ];
}
