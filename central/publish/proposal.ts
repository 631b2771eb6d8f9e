/** What putting a content on air would change of what is there, and what stands against it. Pure. */
import type { Content } from "../../shared/publication/part.ts";
import { type CheckError, checkPublication } from "./checks.ts";
import { comingCueChanges, describeDifference } from "./difference.ts";
import { lateChanges, PUBLISH_LIMITS, type PublishLimits } from "./freeze.ts";
import { changeHash } from "./looked-at.ts";
import type { OnAir } from "./on-air.ts";
import { warningsOf } from "./standing-warnings.ts";
import { checkTexts } from "./text-checks.ts";

const NOTHING: Content = new Map();

type Level = "refuse" | "warn";
const at = (level: Level, check: CheckError) => ({ level, standing: false, ...check });

/** @param limits undefined: of going back, which neither the freeze time nor a missing text refuses */
export function* propose(
  now: Pick<OnAir, "content"> | undefined,
  content: Content,
  limits: PublishLimits | undefined,
  nowMs: number,
) {
  const from = now?.content ?? NOTHING;
  const coming = yield* comingCueChanges(from, content, nowMs);
  return {
    hash: yield* changeHash(now?.content, content),
    difference: yield* describeDifference(from, content, nowMs, coming),
    checks: [
      ...checkPublication(content).map((each) => at("refuse", each)),
      ...(limits ? checkTexts(now?.content, content) : []).map((each) => at("refuse", each)),
      ...lateChanges(coming.changes, content, limits ?? PUBLISH_LIMITS, nowMs).map(({ frozen, ...each }) =>
        at(frozen ? "refuse" : "warn", each),
      ),
      ...(yield* warningsOf(now?.content, content, nowMs)).map((each) => ({
        ...each,
        level: "warn" as const,
      })),
    ],
  };
}
