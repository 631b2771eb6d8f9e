/** The remote control on the page, and what its keys are on a keyboard. */
import type { KeyName } from "../platform/keys.ts";
import { make } from "./dom.ts";

const ROWS: [KeyName, string][][] = [
  [
    ["red", ""],
    ["green", ""],
    ["yellow", ""],
    ["blue", ""],
  ],
  [
    ["1", "1"],
    ["2", "2"],
    ["3", "3"],
    ["up", "▲"],
  ],
  [
    ["4", "4"],
    ["5", "5"],
    ["6", "6"],
    ["ok", "OK"],
  ],
  [
    ["7", "7"],
    ["8", "8"],
    ["9", "9"],
    ["down", "▼"],
  ],
  [
    ["left", "◀"],
    ["0", "0"],
    ["right", "▶"],
    ["back", "↩"],
  ],
  [
    ["channel-down", "CH −"],
    ["channel-up", "CH +"],
  ],
];

export function createRemote(press: (name: KeyName) => void): HTMLElement[] {
  return ROWS.map((row) => {
    const buttons = row.map(([name, label]) => {
      const button = make("button", label ? "" : `colour ${name}`, label) as HTMLButtonElement;
      button.type = "button";
      button.tabIndex = -1;
      button.setAttribute("aria-label", name);
      button.addEventListener("click", () => press(name));
      // The keyboard stays with the television.
      button.addEventListener("mousedown", (event) => event.preventDefault());
      return button;
    });
    return make("div", "row", ...buttons);
  });
}
