/** What a check of a node found, and how it is told. */

export interface Finding {
  check: string;
  /** `bad` wants somebody; `warning` soon; `unknown` could not be looked at. */
  state: "good" | "warning" | "bad" | "unknown";
  /** What is so. */
  what: string;
  /** What to do about it; absent when nothing is. */
  action?: string;
}

const STATES: readonly [Finding["state"], one: string, many: string][] = [
  ["bad", "wrong", "wrong"],
  ["warning", "warning", "warnings"],
  ["unknown", "unknown", "unknown"],
];

/** What is not good, counted: `1 wrong, 2 warnings: see above.`, or that nothing is. */
export function summary(findings: readonly Finding[]): string {
  const counts = STATES.flatMap(([state, one, many]) => {
    const count = findings.filter((finding) => finding.state === state).length;
    return count === 0 ? [] : `${count} ${count === 1 ? one : many}`;
  });
  if (counts.length === 0) return `Nothing is wrong: ${findings.length} checks are good.`;
  return `${counts.join(", ")}: see above.`;
}

export const good = (check: string, what: string): Finding => ({ check, state: "good", what });
export const warning = (check: string, what: string, action: string): Finding => ({
  ...{ check, state: "warning", what, action },
});
export const bad = (check: string, what: string, action: string): Finding => ({
  ...{ check, state: "bad", what, action },
});
export const unknown = (check: string, what: string, action?: string): Finding => ({
  ...{ check, state: "unknown", what },
  ...(action !== undefined && { action }),
});
