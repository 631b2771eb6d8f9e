/** Lists a page at a time: each reply names the place, as `next`, from which the next one goes on. Pure. */
import * as v from "valibot";

/** How many of a list, 1 to `most`. */
export const limitParam = (most: number) =>
  v.optional(v.pipe(v.string(), v.regex(/^\d{1,6}$/), v.transform(Number), v.minValue(1), v.maxValue(most)));

/** A place of a list that is ordered by a number and a name, like `4102444800000-cue:once`. */
export const placeParam = v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}-[\w.:~-]{1,200}$/)));
export const nextSchema = v.optional(v.string());

/** @returns undefined for the first page */
export function readPlace(place: string | undefined): [number, string] | undefined {
  const [, number, name] = /^(\d+)-(.+)$/.exec(place ?? "") ?? [];
  return name === undefined ? undefined : [Number(number), name];
}

/** @param found one more than the page holds, when there are more */
export function onePage<T>(found: readonly T[], limit: number, placeOf: (last: T) => string) {
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { page, ...(found.length > limit && last !== undefined && { next: placeOf(last) }) };
}
