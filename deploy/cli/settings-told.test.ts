import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { central } from "./commands/central.ts";
import { edge } from "./commands/edge.ts";

for (const [name, { settings }] of Object.entries({ central, edge })) {
  test(`docs/${name}.md tells every setting of cuecast ${name} in its table, and none that there is not`, () => {
    const page = readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), "utf8");
    const [, section = ""] = /\n## Settings\n(.*?)\n## /s.exec(page) ?? [];
    const told = section.split("\n").flatMap((line) => {
      const cell = /^\| (`--.*?) \|/.exec(line)?.[1] ?? "";
      return [...cell.matchAll(/`--([a-z-]+)`/g)].map(([, flag]) => flag);
    });
    assert.deepEqual(told.sort(), Object.keys(settings).sort());
  });
}
