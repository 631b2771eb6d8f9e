/** A cue in a row of the timeline. */
import type { TimelineCue } from "../../publish/timeline.ts";

export interface PlacedCue {
  cue: TimelineCue;
  channel: string;
  row: number;
  /** The cue that is on the screen as it begins. */
  overlaps: string | undefined;
  /** Others that stand so close that they are not drawn. */
  crowd: number;
  /** Until the next one of its row, px. */
  roomPx: number;
}
