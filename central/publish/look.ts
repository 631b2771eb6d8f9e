/** The look at what is about to go on air: it is what an editor was shown, and nothing comes within the freeze time. */
import { CuecastError } from "../../shared/errors.ts";
import type { Content } from "../../shared/publication/part.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { comingCueChanges } from "./difference.ts";
import type { DraftView } from "./draft-view.ts";
import { lateChanges, type PublishLimits } from "./freeze.ts";
import { changeHash } from "./looked-at.ts";
import type { Look } from "./publish.ts";
import type { Work } from "./work.ts";

const NOTHING: Content = new Map();

interface Ports {
  draftView: Pick<DraftView, "forget">;
  clock: Clock;
  /** Has long work done, and lets whoever else waits have a turn between its steps. */
  worked<T>(work: Work<T>): Promise<T>;
}

/**
 * @param hash of what was looked at; undefined: whatever is drafted
 * @returns refuses with 409 `drafts-changed` or `frozen`
 */
export function createLook({ draftView, clock, worked }: Ports) {
  return (hash: string | undefined, limits: PublishLimits): Look =>
    async (onAir, wanted) => {
      if (hash !== undefined && hash !== (await worked(changeHash(onAir, wanted)))) {
        // What is looked at next must not be what was kept for this look.
        draftView.forget();
        throw new CuecastError(
          "Cannot publish: what is drafted or on air has changed since it was looked at; look at it again",
          { code: "drafts-changed", status: 409 },
        );
      }
      if (limits.freezeMs === 0) return;
      const nowMs = clock.wallMs();
      const { changes } = await worked(comingCueChanges(onAir ?? NOTHING, wanted, nowMs));
      const errors = lateChanges(changes, wanted, limits, nowMs).filter(({ frozen }) => frozen);
      if (errors.length === 0) return;
      throw new CuecastError(
        `Cannot publish: ${errors[0]?.message}; with force it is published all the same`,
        {
          code: "frozen",
          status: 409,
          errors: errors.map(({ frozen: _, ...each }) => each),
        },
      );
    };
}
