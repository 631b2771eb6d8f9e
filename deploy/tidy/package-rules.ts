/** The rules of what stands around the sources: package.json, its lock, and the packages that sources import. */

import type { Import } from "./facts.ts";
import { missingOptionals } from "./lock.mjs";
import type { Violation } from "./rules.ts";

export interface Manifest {
  license?: string;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

export interface Lock {
  // biome-ignore lint/suspicious/noExplicitAny: npm's own format, of which three fields are read
  packages: Record<string, any>;
}

/** The lifecycle names that npm passes by with `ignore-scripts=true`. */
const PASSED_BY = /^(pre|post)(install|start|test|bench|build|pack|publish)$|^(install|prepare)$/;

export function packageViolations(manifest: Manifest, lock: Lock, npmrc: string): Violation[] {
  const found: Violation[] = [];
  const say = (path: string, message: string) => found.push({ path, line: 0, message });
  if (manifest.license !== "Apache-2.0")
    say("package.json", `the licence is Apache-2.0, not ${manifest.license}`);
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
  for (const [name, version] of Object.entries(wanted)) {
    if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) say("package.json", `${name} is not pinned: ${version}`);
    const locked = lock.packages[`node_modules/${name}`]?.version;
    if (locked !== version) say("package-lock.json", `${name} is locked at ${locked}, wanted ${version}`);
  }
  for (const name of Object.keys(manifest.scripts ?? {})) {
    if (PASSED_BY.test(name)) say("package.json", `the script ${name} never runs: .npmrc has ignore-scripts`);
  }
  if (!/^ignore-scripts=true$/m.test(npmrc)) say(".npmrc", "install scripts of packages are not ignored");
  for (const { name, parent } of missingOptionals(lock)) {
    say("package-lock.json", `${parent} names ${name}, which has no entry: run npm run lock`);
  }
  return found;
}

/** Packages that a file imports and package.json does not name; what serves must not live on devDependencies. */
export function undeclaredPackages(
  files: readonly { path: string; imports: readonly Import[] }[],
  manifest: Manifest,
): Violation[] {
  return files.flatMap(({ path, imports }) =>
    imports.flatMap(({ from, line }) => {
      if (from.startsWith(".") || from.startsWith("node:")) return [];
      const name = from
        .split("/")
        .slice(0, from.startsWith("@") ? 2 : 1)
        .join("/");
      const forDevelopment =
        path.startsWith("deploy/") || path.endsWith(".test.ts") || path.includes("/testing/");
      if (manifest.dependencies?.[name] !== undefined) return [];
      if (manifest.devDependencies?.[name] === undefined) {
        return [{ path, line, message: `imports ${name}, which package.json does not name` }];
      }
      if (forDevelopment) return [];
      return [{ path, line, message: `imports ${name}, which is a devDependency: make it a dependency` }];
    }),
  );
}
