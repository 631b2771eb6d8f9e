/**
 * `--ca FILE`: the authorities that a command trusts besides the runtime's own, for every connection that it
 * makes. Both runtimes read them from the environment before any program runs, so they are set here, at the start.
 */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { flagValue } from "../local/flags.mjs";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

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
