/** `application/problem+json` (RFC 9457): every error that crosses HTTP. WIRE.md, "Errors". */
import * as v from "valibot";

export const PROBLEM_MEDIA_TYPE = "application/problem+json";

export const problemSchema = v.object({
  /** A stable address of the kind of error: `/problems/<code>`. */
  type: v.string(),
  title: v.string(),
  status: v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)),
  /** What was wrong, where, and what to do. */
  detail: v.string(),
  /** For a body that fails its schema: each place and what was wrong there. */
  errors: v.optional(
    v.array(
      v.object({
        path: v.string(),
        message: v.string(),
        /** Central's: what it is, and the facts of the message, for a page in another language. */
        code: v.optional(v.string()),
        facts: v.optional(v.record(v.string(), v.union([v.string(), v.number()]))),
      }),
    ),
  ),
});
export type Problem = v.InferOutput<typeof problemSchema>;

export const problemSample: Problem = {
  type: "/problems/unknown-channel",
  title: "Unknown channel",
  status: 404,
  detail: "Cannot serve the schedule of cctv99: this region's line-up has no such channel",
};

/** Most places listed for one body that fails its schema. */
const ERRORS_MAX = 20;

/** Where and what, for each place at which a value failed its schema; at most 20. */
export function problemErrors(issues: readonly v.BaseIssue<unknown>[]): { path: string; message: string }[] {
  return issues.slice(0, ERRORS_MAX).map((issue) => ({
    path: issue.path ? issue.path.map((item) => String(item.key)).join(".") : "",
    message: issue.message,
  }));
}
