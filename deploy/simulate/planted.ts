/** Bugs to plant, one for each invariant: a check that never saw its bug proves nothing. */

export type PlantedBug =
  /** The box forgets at a reboot which cues it fired. */
  | "marks-forgotten"
  /** The box does not hear of channel switches. */
  | "deaf-to-tune"
  /** The box takes every cue for ten minutes later than it is. */
  | "cues-shifted"
  /** The box keeps cues that a newer schedule left out. */
  | "withdrawn-kept"
  /** The box keeps withdrawn cues that began before the newer schedule's window. */
  | "turn-forgotten"
  /** The wall clock stands still in a sleep of weeks. */
  | "sleep-unseen"
  /** A mark beyond 4,000 is not kept, though the store says that it is written. */
  | "newest-mark-unkept"
  /** The box's timers stop after some hours. */
  | "timers-stop"
  /** A box that wakes takes itself for switched on just then. */
  | "sleep-forgotten"
  /** A mark does not say what it is of: of those after which the power goes, as often here, nothing can be told. */
  | "marks-bare"
  /** What the clock was too far off for is not told. */
  | "blurred-untold"
  /** A cache hands out old stamps with a short round trip. */
  | "time-cached"
  /** Central counts whatever arrives. */
  | "votes-unjudged"
  /** Central does not tell answers apart by their keys. */
  | "keys-forgotten"
  /** An edge acknowledges answers that are not on its disk. */
  | "receipt-too-early"
  /** The store is never done with reading. */
  | "store-mute"
  /** The store says that a mark is written, and it is not. */
  | "mark-unkept"
  /** The store says that an answer is written, and it is not. */
  | "answer-unkept"
  /** The screen does not clear. */
  | "hide-lost"
  /** The box shows to everyone what is only for those who were there. */
  | "late-join-ignored"
  /** The box shows to everyone what is for some. */
  | "audience-ignored"
  /** Every try of an answer has a key of its own. */
  | "keys-redrawn"
  /** The oscillator is four times as far off as any that is sold. */
  | "quartz-broken";
