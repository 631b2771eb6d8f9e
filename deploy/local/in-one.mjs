/**
 * Loads the test files that its arguments name, from the project's root, into one isolate: on Deno a fresh one for
 * every file costs more than most files' tests.
 */

import process from "node:process";
import { pathToFileURL } from "node:url";

for (const file of process.argv.slice(2)) await import(pathToFileURL(file).href);
