/**
 * What a schema refuses, place by place: a sentence in English for whoever reads the reply, a code and its facts for a
 * page that says it in the reader's language. Pure.
 */
import type * as v from "valibot";
import type { WrongPlace } from "../../shared/errors.ts";
import { problemErrors } from "../../shared/protocol/problem.ts";

/** What a place may be, by its code; the page has words for each. */
export const FIELD_CODES = [
  "missing",
  "unknown-field",
  "wrong-kind",
  "not-one-of",
  "not-whole",
  "too-small",
  "too-large",
  "too-short",
  "too-long",
  "too-few",
  "too-many",
  /** A sentence of the schema's own says it. */
  "not-so",
] as const;
export type FieldCode = (typeof FIELD_CODES)[number];

type Issue = v.BaseIssue<unknown>;
type Found = Required<Pick<WrongPlace, "code" | "facts">> & { code: FieldCode };

/** What is bounded: of a text its length, of a list how many it has. */
const isList = (input: unknown) => Array.isArray(input);

function codeOf({ type, expected, received, input, requirement }: Issue): Found {
  const bound = typeof requirement === "number" ? requirement : 0;
  switch (type) {
    case "min_length":
      return { code: isList(input) ? "too-few" : "too-short", facts: { least: bound } };
    case "max_length":
      return { code: isList(input) ? "too-many" : "too-long", facts: { most: bound } };
    case "min_value":
      return { code: "too-small", facts: { least: bound } };
    case "gt_value":
      return { code: "too-small", facts: { above: bound } };
    case "max_value":
      return { code: "too-large", facts: { most: bound } };
    case "integer":
    case "safe_integer":
      return { code: "not-whole", facts: {} };
    case "picklist":
    case "literal":
    case "variant":
      if (received === "undefined") return { code: "missing", facts: {} };
      return { code: "not-one-of", facts: { allowed: allowedOf(expected) } };
    case "strict_object":
      if (expected === "never") return { code: "unknown-field", facts: {} };
  }
  if (received === "undefined") return { code: "missing", facts: {} };
  return type === "check" ||
    type === "partial_check" ||
    type === "regex" ||
    type === "uuid" ||
    type === "url" ||
    type === "starts_with"
    ? { code: "not-so", facts: {} }
    : { code: "wrong-kind", facts: { wanted: expected ?? "" } };
}

/** `("poll" | "quiz")` as `poll, quiz`. */
const allowedOf = (expected: string | null) =>
  (expected ?? "").replaceAll(/["()]/g, "").split(" | ").join(", ");

const placeOf = ({ path }: Issue) => JSON.stringify(path?.map(({ key }) => key) ?? []);

/** One for each place, the first: what is empty need not be told which letters it may have. At most as many as a problem lists. */
export function fieldErrors(issues: readonly Issue[]): Required<WrongPlace>[] {
  const seen = new Set<string>();
  const firsts = issues.filter((issue) => {
    const place = placeOf(issue);
    return !seen.has(place) && seen.add(place);
  });
  return problemErrors(firsts).map((place, at) => ({ ...place, ...codeOf(firsts[at] as Issue) }));
}
