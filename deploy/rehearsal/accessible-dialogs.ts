/** Every dialog of the editors' page, opened by a click or a key and looked over by axe-core in both themes. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { faultsInBothThemes } from "./accessibility.ts";
import { openView } from "./accessible-views.ts";
import type { Rig } from "./rig.ts";

const DIALOG = "dialog[open]";

interface Way {
  view: string;
  open(page: Page, rig: Rig): Promise<unknown>;
}
const named = (page: Page, name: string) => page.locator(`[data-name="${name}"]`);
const click = (view: string, name: string): Way => ({ view, open: (page) => named(page, name).click() });

/** In the order of the views, so that each is gone to once. */
const WAYS: Record<string, Way> = {
  palette: {
    view: "people",
    async open(page) {
      await page.keyboard.press("Control+k");
      await page.locator(".palette-question").fill("pub");
    },
  },
  help: click("people", "help"),
  withdraw: click("people", "open-withdraw"),
  password: {
    view: "people",
    async open(page) {
      await page.keyboard.press("Control+k");
      await page.locator(".palette-question").fill("password");
      await page.keyboard.press("Enter");
    },
  },
  "let somebody in": click("people", "add-person"),
  role: click("people", "role-anna"),
  "shut out": click("people", "remove-anna"),
  "new token": click("people", "new-token"),
  "revoke token": click("people", "revoke-monitor"),
  region: {
    view: "edges",
    async open(page) {
      await named(page, "edit-north").click();
      await page.locator(`${DIALOG} .tabs button`).last().click();
    },
  },
  "enrolment code": click("edges", "enrol-north"),
  "new source": click("guide", "new-source"),
  "new webhook": click("system", "new-webhook"),
  "roll back": { view: "publish", open: (page) => page.locator('[data-name^="rollback-"]').last().click() },
  "take off the air": {
    view: "on-air",
    open: (page) => page.evaluate(`location.hash = "#/on-air?withdraw=untitled:once"`),
  },
  "not saved": {
    view: "channels/group:both",
    async open(page) {
      await named(page, "name").fill("Not saved");
      await named(page, "sign-out").click();
    },
  },
  merge: {
    view: "channels/group:both",
    async open(page, rig) {
      const channels = ["one", "two"];
      await rig.api.send("PUT", "/api/v1/channel-groups/both", { name: "Of somebody else", channels });
      await named(page, "catch-up").click();
    },
  },
};

/** What stands in them is there already: the evening's content, a person `anna` and a token `monitor`. */
export async function dialogFaults(page: Page, rig: Rig): Promise<string[]> {
  const faults: string[] = [];
  let shown = "";
  for (const [name, { view, open }] of Object.entries(WAYS)) {
    if (view !== shown) await openView(page, view);
    shown = view;
    await open(page, rig);
    await page.locator(DIALOG).waitFor();
    faults.push(...(await faultsInBothThemes(page, name, DIALOG)));
    assert.ok(
      await page.evaluate(`document.querySelector("${DIALOG}").contains(document.activeElement)`),
      `${name} does not hold the focus`,
    );
    await page.keyboard.press("Escape");
    await page.locator(DIALOG).waitFor({ state: "detached" });
  }
  return faults;
}
