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
