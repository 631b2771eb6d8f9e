/** The few command line flags that the launchers need themselves; all others are read by what they launch. */
import process from "node:process";

/**
 * The value of `--name VALUE` or `--name=VALUE`; the last one wins.
 *
 * @param {readonly string[]} args
 * @param {string} name without dashes
 * @returns {string | undefined} undefined when it is not there or has no value
 */
export function flagValue(args, name) {
  let value;
  for (const [index, word] of args.entries()) {
    if (word === "--") break;
    if (word === `--${name}`) value = args[index + 1];
    else if (word.startsWith(`--${name}=`)) value = word.slice(name.length + 3);
  }
  return value;
}

/**
 * Takes `--runtime deno|node` out of the arguments.
 *
 * @param {readonly string[]} args
 * @param {string | undefined} fromEnvironment `CUECAST_RUNTIME`; a flag wins over it
 * @param {"deno" | "node"} otherwise
 * @returns {{ runtime: "deno" | "node", rest: string[] }}
 * @throws {Error} when neither runtime is named
 */
export function takeRuntime(args, fromEnvironment, otherwise) {
  const runtime = flagValue(args, "runtime") ?? (fromEnvironment || otherwise);
  if (runtime !== "deno" && runtime !== "node") {
    throw new Error(`Cannot choose the runtime: it is deno or node, not ${JSON.stringify(runtime)}`);
  }
  const end = args.indexOf("--") === -1 ? args.length : args.indexOf("--");
  const rest = args.filter(
    (word, index) =>
      index >= end ||
      !(
        word === "--runtime" ||
        word.startsWith("--runtime=") ||
        (index > 0 && args[index - 1] === "--runtime")
      ),
  );
  return { runtime, rest };
}

/**
 * As `takeRuntime`, with Deno unless told; a wrong one is told to the user, and ends the process with 2.
 *
 * @param {readonly string[]} args
 */
export function takeRuntimeOrExit(args) {
  try {
    return takeRuntime(args, process.env.CUECAST_RUNTIME, "deno");
  } catch (error) {
    process.stderr.write(`${/** @type {Error} */ (error).message}\n`);
    return process.exit(2);
  }
}
