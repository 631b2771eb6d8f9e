/** Shares in whole per cent that add up to 100, by the largest remainder. */
import { own } from "../core/draft.ts";

/**
 * @param counts by option; what is missing counts as none
 * @returns one share per option, in their order; all 0 when nobody answered
 */
export function shares(options: readonly string[], counts: Readonly<Record<string, number>>): number[] {
  const tallies = options.map((option) => own(counts, option) || 0);
  const total = tallies.reduce((sum, one) => sum + one, 0);
  if (total === 0) return tallies;
  const exact = tallies.map((one) => (one / total) * 100);
  const floors = exact.map((one) => Math.floor(one));
  const left = 100 - floors.reduce((sum, one) => sum + one, 0);
  const remainder = (at: number) => (exact[at] as number) - (floors[at] as number);
  const order = exact.map((_, at) => at).sort((a, b) => remainder(b) - remainder(a) || a - b);
  order.slice(0, left).forEach((at) => {
    floors[at] = (floors[at] as number) + 1;
  });
  return floors;
}
