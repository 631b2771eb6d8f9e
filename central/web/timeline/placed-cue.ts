/** A cue in a row of the timeline. */
import type { TimelineCue } from "../../publish/timeline.ts";

export interface PlacedCue {
  cue: TimelineCue;
  channel: string;
  row: number;
  /** The cue that is on the screen as it begins. */
  overlaps: string | undefined;
  /** Until the next one of its row, px. */
  roomPx: number;
}
