/** Reads from the output of a test runner how many tests it ran. Pure: text in, counts out. */

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * The counts of `node --test` with the spec or the TAP reporter; the last account in the text counts, for
 * a test may itself print one. What was cancelled has failed.
 *
 * @param {string} text without colours
 * @returns {Tally | undefined} undefined when the runner came to no account
 */
export function nodeTally(text) {
  /** @param {string} word */
  const count = (word) => {
    const found = [...text.matchAll(new RegExp(`^(?:# |ℹ )${word} (\\d+)$`, "gm"))].at(-1);
    return found === undefined ? undefined : Number(found[1]);
  };
  const passed = count("pass");
  const failed = count("fail");
  if (passed === undefined || failed === undefined) return undefined;
  const skipped = (count("skipped") ?? 0) + (count("todo") ?? 0);
  return { passed, failed: failed + (count("cancelled") ?? 0), skipped };
}

/**
 * The counts of `deno test`; the last account in the text counts.
 *
 * @param {string} text without colours
 * @returns {Tally | undefined} undefined when the runner came to no account
 */
export function denoTally(text) {
  const line =
    /^(?:ok|FAILED) \| (\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed(?: \(\d+ steps?\))?(.*)$/gm;
  const found = [...text.matchAll(line)].at(-1);
  if (found === undefined) return undefined;
  const ignored = /\| (\d+) ignored/.exec(found[3] ?? "");
  return { passed: Number(found[1]), failed: Number(found[2]), skipped: Number(ignored?.[1] ?? 0) };
}

/**
 * What a step of several tests came to. A runner that says that all is well has still failed when it ran
 * nothing, and one that failed has failed at least one test, whatever it counted.
 *
 * @param {Tally | undefined} counted
 * @param {boolean} exitedWell
 * @returns {Tally}
 */
export function judge(counted, exitedWell) {
  const tally = counted ?? { passed: 0, failed: 0, skipped: 0 };
  const ranNothing = tally.passed + tally.failed === 0;
  if (tally.failed === 0 && (!exitedWell || ranNothing)) return { ...tally, failed: 1 };
  return tally;
}

/**
 * The closing line: `N passed, N failed`, and `, N skipped` when some were.
 *
 * @param {readonly Tally[]} tallies
 */
export function closingLine(tallies) {
  /** @param {"passed" | "failed" | "skipped"} key */
  const sum = (key) => tallies.reduce((total, tally) => total + tally[key], 0);
  const skipped = sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : "";
  return `${sum("passed")} passed, ${sum("failed")} failed${skipped}`;
}

/**
 * The part of a failing runner's output worth reading: its own list of failures if it made one, else the
 * end of it.
 *
 * @param {readonly string[]} lines
 * @param {number} linesMax
 */
export function worthReading(lines, linesMax = 300) {
  if (lines.length <= linesMax) return lines;
  const list = lines.findIndex((line) => /^(✖ failing tests:| ERRORS )/.test(line));
  const part = list === -1 ? lines : lines.slice(list);
  if (part.length <= linesMax) return part;
  return list === -1
    ? part.slice(-linesMax)
    : [...part.slice(0, linesMax), `(${part.length - linesMax} more lines)`];
}
