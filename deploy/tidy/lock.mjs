/**
 * Completes package-lock.json: `npm run lock`.
 *
 * Problem: a registry mirror that carries only some platforms makes `npm install` leave the other
 * platforms' optional packages out of the lock without a word; `npm ci` then refuses the lock as out
 * of sync, on every machine. Idea: their exact versions are known from the package that names them,
 * and their platform from their name, so the entries can be written without asking the registry. They
 * carry no integrity; npm never fetches them on a platform that they do not name.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const SYSTEMS = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const PROCESSORS = [
  "arm64",
  "armv7",
  "arm",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64le",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];

/**
 * The optional packages that a lock names but has no entry for.
 *
 * @param {{ packages: Record<string, any> }} lock a parsed package-lock.json, version 3
 * @returns {{ name: string, version: string, parent: string }[]} in the lock's order; only exact versions
 */
export function missingOptionals(lock) {
  const missing = [];
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const known = lock.packages[`${path}/node_modules/${name}`] ?? lock.packages[`node_modules/${name}`];
      if (known === undefined) missing.push({ name, version: String(version), parent: path });
    }
  }
  return missing;
}

/**
 * The lock entry of a package for one platform, read from its name.
 *
 * @param {string} name such as `@esbuild/linux-arm64` or `@biomejs/cli-linux-x64-musl`
 * @param {string} version exact
 * @throws {Error} when the name tells no platform: such a package must come from the registry
 */
export function platformEntry(name, version) {
  const parts = name.split(/[-/]/);
  const system = SYSTEMS.find((word) => parts.includes(word));
  const processor =
    PROCESSORS.find((word) => parts.includes(word)) ?? (name.includes("-arm-") ? "arm" : undefined);
  if (system === undefined || processor === undefined || !/^\d/.test(version)) {
    throw new Error(
      `Cannot complete the lock: ${name}@${version} names no platform, get it from the registry`,
    );
  }
  const libc = parts.includes("musl")
    ? ["musl"]
    : parts.some((p) => p === "gnu" || p === "glibc")
      ? ["glibc"]
      : undefined;
  return { version, cpu: [processor], ...(libc ? { libc } : {}), optional: true, os: [system] };
}

/**
 * A lock with every missing optional package written in, entries sorted as npm sorts them.
 *
 * @param {{ packages: Record<string, any> }} lock
 */
export function completeLock(lock) {
  const packages = { ...lock.packages };
  for (const { name, version, parent } of missingOptionals(lock)) {
    const dev = lock.packages[parent].dev === true ? { dev: true } : {};
    packages[`node_modules/${name}`] = { ...dev, ...platformEntry(name, version) };
  }
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en"));
  return { ...lock, packages: Object.fromEntries(sorted) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const file = new URL("../../package-lock.json", import.meta.url);
  const lock = JSON.parse(readFileSync(file, "utf8"));
  const count = missingOptionals(lock).length;
  if (count > 0) writeFileSync(file, `${JSON.stringify(completeLock(lock), null, 2)}\n`);
  console.log(
    count === 0 ? "The lock is complete" : `Wrote ${count} missing platform packages into the lock`,
  );
}
