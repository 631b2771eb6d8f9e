/**
 * The container files, as far as they can be checked without an engine: what they copy and run exists, and every
 * setting that they give is one.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { central } from "../cli/commands/central.ts";
import { edge } from "../cli/commands/edge.ts";
import { environmentName } from "../cli/settings.ts";
import { PROJECT_DIR } from "../local/binaries.mjs";

const read = (name: string) => readFile(join(import.meta.dirname, name), "utf8");

test("Containerfile copies and runs what exists", async () => {
  const text = await read("Containerfile");
  const copied = [...text.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = ""]) =>
    paths.split(" "),
  );
  assert.ok(copied.length >= 3);
  for (const path of copied) assert.ok(existsSync(join(PROJECT_DIR, path)), path);
  const run = /^ENTRYPOINT (\[.*\])$/m.exec(text)?.[1];
  const [, program = ""] = JSON.parse(run ?? "[]") as string[];
  assert.ok(existsSync(join(PROJECT_DIR, program.replace("/opt/cuecast/", ""))), program);
  for (const name of ["data", "node_modules", ".git"]) {
    assert.match(
      await readFile(join(PROJECT_DIR, ".dockerignore"), "utf8"),
      new RegExp(`^${name.replace(".", "\\.")}$`, "m"),
    );
  }
});

test("compose.yaml gives each service settings that it has, and a cache and data that it may write", async () => {
  const text = await read("compose.yaml");
  assert.doesNotMatch(text, /\t/);
  const services = text.slice(text.indexOf("\nservices:"), text.indexOf("\nvolumes:"));
  for (const [name, command] of Object.entries({ central, edge })) {
    const block = new RegExp(`\n  ${name}:\n((?:    .*\n|\n)+)`).exec(services)?.[1] ?? "";
    assert.match(block, new RegExp(`command: \\["${name}"\\]`));
    const known = Object.keys(command.settings).map(environmentName);
    const given = [...block.matchAll(/^ {6}(CUECAST_[A-Z_]+):/gm)].map(([, setting = ""]) => setting);
    assert.ok(given.length >= 4, block);
    for (const setting of given) assert.ok(known.includes(setting), `${name} has no ${setting}`);
    for (const volume of [`${name}-data:/data`, `${name}-cache:/var/cache/cuecast`])
      assert.ok(block.includes(volume));
    assert.match(text, new RegExp(`\nvolumes:[\\s\\S]*\n  ${name}-data:`));
  }
});

test("compose-air.yaml runs what this project has, beside compose.yaml", async () => {
  const text = await read("compose-air.yaml");
  const paths = [...text.matchAll(/\/opt\/cuecast\/(\S+)/g)].map(([, path = ""]) => path);
  assert.ok(paths.length >= 2);
  for (const path of paths) assert.ok(existsSync(join(PROJECT_DIR, path)), path);
  const known = Object.keys(central.settings).map(environmentName);
  for (const [, setting = ""] of text.matchAll(/^ {6}(CUECAST_[A-Z_]+):/gm))
    assert.ok(known.includes(setting));
});
