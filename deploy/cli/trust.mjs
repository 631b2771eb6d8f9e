/**
 * `--ca FILE`: the authorities that a command trusts besides the runtime's own, for every connection that it
 * makes. Both runtimes read them from the environment before any program runs, so they are set here, at the start.
 */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { flagValue } from "../local/flags.mjs";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/**
 * As `trustEnvironment`; the doctor of an edge trusts, unless told, whom that edge was started to trust. Such a file that
 * can no longer be used is no reason not to look at the rest: the doctor tells it.
 *
 * @param {string | undefined} command
 * @param {readonly string[]} args
 * @param {Record<string, string | undefined>} env
 * @param {string} cwd absolute
 * @returns {Record<string, string>}
 * @throws {Error} as `trustEnvironment`
 */
export function trustFor(command, args, env, cwd) {
  const told = trustEnvironment(args, env, cwd);
  const data = flagValue(args, "data") ?? env.CUECAST_DATA;
  if (command !== "doctor" || told.CUECAST_CA !== undefined || !data) return told;
  try {
    const { caFile } = JSON.parse(readFileSync(join(resolve(cwd, data), "started.json"), "utf8"));
    return typeof caFile === "string" ? trustEnvironment([`--ca=${caFile}`], {}, cwd) : told;
  } catch {
    return told;
  }
}

/**
 * @param {readonly string[]} args
 * @param {Record<string, string | undefined>} env
 * @param {string} cwd absolute
 * @returns {Record<string, string>} what the program's environment needs on top; empty without `--ca`
 * @throws {Error} when the file holds no certificate: both runtimes would pass over it and fail later, or not at all
 */
export function trustEnvironment(args, env, cwd) {
  const named = flagValue(args, "ca") ?? (env.CUECAST_CA || undefined);
  if (named === undefined) return {};
  const path = resolve(cwd, named);
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`Cannot use --ca ${path}: ${error instanceof Error ? error.message : error}`);
  }
  const found = text.match(CERTIFICATE) ?? [];
  if (found.length === 0) throw new Error(`Cannot use --ca ${path}: it holds no certificate in PEM`);
  for (const pem of found) {
    try {
      new X509Certificate(pem);
    } catch {
      throw new Error(`Cannot use --ca ${path}: a certificate in it cannot be read`);
    }
  }
  return { DENO_CERT: path, NODE_EXTRA_CA_CERTS: path, CUECAST_CA: path };
}
