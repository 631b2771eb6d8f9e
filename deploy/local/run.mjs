/**
 * Runs one of the project's TypeScript programs after installing what is missing:
 * `node deploy/local/run.mjs [--deno] FILE [arguments]`. Used by the npm scripts; Node 24 unless told.
 */
import process from "node:process";
import { handOver } from "./hand-over.mjs";
import { installOrExit } from "./install.mjs";

const rest = process.argv.slice(2);
const runtime = rest[0] === "--deno" ? "deno" : "node";
if (runtime === "deno") rest.shift();
const [file, ...args] = rest;
if (file === undefined) {
  process.stderr.write(
    "Cannot run: no file named. Usage: node deploy/local/run.mjs [--deno] FILE [arguments]\n",
  );
  process.exit(2);
}
await installOrExit();
await handOver({ runtime, file, args });
