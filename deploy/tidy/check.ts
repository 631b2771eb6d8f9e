/** Checks the project's own rules over the whole tree, prints what breaks them, and ends with 1 if any does. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_DIR } from "../local/binaries.mjs";
import { readFacts } from "./facts.ts";
import { packageViolations, undeclaredPackages } from "./package-rules.ts";
import { type Source, type Violation, violations } from "./rules.ts";

const FOLDERS = ["shared", "central", "edge", "deploy"];
const NEEDED = ["LICENSE", "README.md", ".npmrc", "package-lock.json", ".ci/run"];

const read = (path: string) => readFileSync(join(PROJECT_DIR, path), "utf8");

function sources(): Source[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(PROJECT_DIR, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(tsx?|mjs)$/.test(file) && !file.endsWith(".d.ts"))
      .map((file) => `${folder}/${file}`)
      .sort()
      .map((path) => ({ path, text: read(path) })),
  );
}

function parsed({ path, text }: Source) {
  try {
    return [{ path, imports: readFacts(text, path.endsWith(".tsx")).imports }];
  } catch {
    // `violations()` tells of it.
    return [];
  }
}

const all = sources();
const manifest = JSON.parse(read("package.json"));
const found: Violation[] = [
  ...violations(all),
  ...packageViolations(manifest, JSON.parse(read("package-lock.json")), read(".npmrc")),
  ...undeclaredPackages(all.flatMap(parsed), manifest),
  ...NEEDED.filter((path) => !existsSync(join(PROJECT_DIR, path))).map((path) => ({
    path,
    line: 0,
    message: "is missing",
  })),
];
for (const { path, line, message } of found) console.log(`${path}${line > 0 ? `:${line}` : ""} ${message}`);
console.log(`${found.length} violations in ${all.length} files`);
process.exit(found.length === 0 ? 0 : 1);
