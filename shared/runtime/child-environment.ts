/**
 * The environment of a program that this one starts. Deno starts none, whatever its permissions name, while the
 * environment tells the system's loader what to load (`LD_PRELOAD`): for that it wants the right to run everything. So on
 * Deno a child goes without; what it needs of such a library (an allocator, a profiler) this process alone has.
 */

const LOADER = /^(LD_|DYLD_)/;

/** @param more on top of this process's own */
export function childEnvironment(
  more: Record<string, string | undefined> = {},
): Record<string, string | undefined> {
  const all = { ...process.env, ...more };
  if (!("Deno" in globalThis)) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => !LOADER.test(name)));
}
