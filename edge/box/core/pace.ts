/** Every duration and limit the box goes by: unit, value, reason. Others may be passed for the pace; a box maker need not. */

export interface Pace {
  /** A channel counts once it was kept this long: zapping through ten costs one pull. */
  zapSettleMs: number;
  /** Between revalidations from a cue's prefetch until it is gone, at most; WIRE.md says 30 s or less. */
  revalidateMs: number;
  /** The mark that forbids a second firing is written this long before the moment, at the latest ... */
  markAheadMs: number;
  /** ... plus up to this, drawn, so that flash memory slow to write costs no punctuality. */
  markSpreadMs: number;
  /** Between clock samples; 100 ppm of drift makes 60 ms in that time. */
  sampleMs: number;
  /** Answers leave within this after they were given, drawn. */
  answerSpreadMs: number;
  /** Airings leave within this after they happened, drawn. */
  airingSpreadMs: number;
  /** Results are asked within this after they may exist, drawn. */
  resultsSpreadMs: number;
  /** The line-up is asked again after about this. */
  lineUpMs: number;
  /** Until a request for the time is given up: a slow sample is a bad sample. */
  timeTimeoutMs: number;
  /** Backoff of a task that failed: first bound and highest bound. */
  backoffBaseMs: number;
  backoffMaxMs: number;
}

export const PACE: Pace = {
  zapSettleMs: 400,
  revalidateMs: 30_000,
  markAheadMs: 300,
  markSpreadMs: 1_500,
  sampleMs: 600_000,
  answerSpreadMs: 2_000,
  airingSpreadMs: 20_000,
  resultsSpreadMs: 2_000,
  lineUpMs: 3_600_000,
  timeTimeoutMs: 3_000,
  backoffBaseMs: 1_000,
  backoffMaxMs: 60_000,
};

export const LIMITS = {
  /** Schedules kept: what a viewer hops between. */
  schedules: 8,
  /** Interactions kept. */
  interactions: 64,
  /** Cues in one schedule that are looked at; more is no schedule for a human. */
  cues: 5_000,
  /** Marks of fired cues kept; at one cue in five minutes, two weeks. */
  fired: 4_000,
  /** How long a mark is kept at least, unless there are too many ... */
  firedKeepMs: 14 * 86_400_000,
  /** ... and how much longer that of a cue which comes once, and may be moved by months. */
  onceKeepMs: 400 * 86_400_000,
  /** Answers waiting; a hand on a remote makes no more in a day without network. */
  answers: 500,
  /** Airings waiting; the oldest go first. */
  airings: 1_000,
  /** In one body; WIRE.md. */
  batch: 100,
  /** Of one body, below WIRE.md's 64 KiB by what the envelope needs. */
  batchBytes: 60_000,
  edges: 16,
  samples: 8,
  /** Until any other request is given up. */
  requestTimeoutMs: 8_000,
  /** The thank-you stays this long. */
  thanksMs: 4_000,
  /** Results stay at least this long once they came. */
  resultsShownMs: 8_000,
  /** Refresh when no schedule came yet or the channel is unknown. */
  refreshFallbackMs: 60_000,
  /** From this to twice this, drawn, after which a box that failed over looks for the nearest edge again. */
  returnMs: 300_000,
  /** Samples in a row on start and after a suspected step: the first pays for opening the connection. */
  sampleBurst: 4,
  /** Between samples of one burst, plus up to as much again. */
  sampleBurstMs: 150,
  /** A clock error bound that more samples would not make better for a viewer; above it, a cue asks for some. */
  sharpMs: 10,
  /** How long firing waits for a clock sample after a start or a sleep. */
  doubtMs: 4_000,
  /** Two a cue: were any of an open cue's forgotten, the same would be done for ever. */
  prefetched: 10_000,
  /** Longest sleep of the timer: timers of old engines overflow, and suspended ones come late. */
  hopMs: 60_000,
  standbyHopMs: 600_000,
  /** While something is shown: it must not stay when the machine has slept. */
  shownHopMs: 5_000,
  /** Longest absence taken for a suspend, with or without power; a larger jump is a wall clock being set. */
  suspendMaxMs: 400 * 86_400_000,
  /** A smaller jump of the wall clock is taken for its being set. */
  suspendMinMs: 1_000,
  /** What an edge says to wait, `Retry-After` or `refreshMs`, counts as this at most: a slip must not silence a box for good. */
  waitMs: 86_400_000,
  /** A lower revision is taken after being seen for this long. */
  lowerKeepMs: 86_400_000,
  /** What a wall clock that ran through a reboot is trusted at best. */
  rebootErrorMs: 1_000,
  /** How far ahead of the truth an answer's stamp may lie; an edge takes 5,000, WIRE.md. */
  aheadMs: 4_000,
  /** An answer or airing that an edge refuses as malformed is sent so often: it may have been something on the way. */
  refusals: 16,
  /** Shown later than this is `late`; WIRE.md. */
  lateAfterMs: 1_000,
} as const;
