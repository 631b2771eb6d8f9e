/**
 * `npm start`: installs what is missing, then runs the local deployment (`deployment.ts`) on Node 24 and hands
 * every option on to it. `--runtime deno|node` says what central, edges and boxes run on: Deno unless told.
 */
import { join } from "node:path";
import process from "node:process";
import { PROJECT_DIR } from "./binaries.mjs";
import { takeRuntimeOrExit } from "./flags.mjs";
import { handOver } from "./hand-over.mjs";
import { installOrExit } from "./install.mjs";

const chosen = takeRuntimeOrExit(process.argv.slice(2));
await installOrExit();
process.env.CUECAST_RUNTIME = chosen.runtime;
await handOver({
  runtime: "node",
  file: join(PROJECT_DIR, "deploy/local/deployment.ts"),
  args: chosen.rest,
});
