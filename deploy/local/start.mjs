/**
 * `npm start`: installs what is missing, then runs the local deployment (`deployment.ts`) on Node 24 and hands
 * every option on to it. `--runtime deno|node` says what central, edges and boxes run on: Deno unless told.
 */
import { join } from "node:path";
import process from "node:process";
import { PROJECT_DIR } from "./binaries.mjs";
import { takeRuntime } from "./flags.mjs";
import { handOver } from "./hand-over.mjs";
import { installOrExit } from "./install.mjs";

let chosen;
try {
  chosen = takeRuntime(process.argv.slice(2), process.env.CUECAST_RUNTIME, "deno");
} catch (error) {
  process.stderr.write(`${/** @type {Error} */ (error).message}\n`);
  process.exit(2);
}
await installOrExit();
process.env.CUECAST_RUNTIME = chosen.runtime;
await handOver({
  runtime: "node",
  file: join(PROJECT_DIR, "deploy/local/deployment.ts"),
  args: chosen.rest,
});
