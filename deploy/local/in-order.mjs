/**
 * Runs test files on Node, each in a process of its own, and begins them in the order given; `node --test` sorts them.
 * First argument: how many side by side. Exit code 1 when one failed.
 */
import process from "node:process";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const [sideBySide, ...files] = process.argv.slice(2);
const ending = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => ending.abort());

run({ files, concurrency: Number(sideBySide), signal: ending.signal })
  .on("test:fail", () => {
    process.exitCode = 1;
  })
  .compose(new spec())
  .pipe(process.stdout);
