/** The random port: what is drawn comes in from outside, so that a seed can replay it. */

/** A number from 0 up to, not including, 1. */
export type Random = () => number;
