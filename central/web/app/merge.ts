/**
 * Two editors on one thing: what each changed of what both saw, unit by unit. A unit is a field, however deep it
 * lies: a title of one language, the label of one option. What only one of them changed is that one's; the rest is a
 * question. A moment or a rule is one unit, since its fields make sense together alone. Pure.
 */

export interface Unit {
  /** `durationMs`, `texts.en.title` */
  name: string;
  path: readonly string[];
  mine: unknown;
  theirs: unknown;
  /** Both changed it, each in another way. */
  clash: boolean;
}

type Fields = Record<string, unknown>;
/** Fields whose own fields are units; texts hold languages, and these options. */
const OPENED = new Set(["interaction", "texts", "choices", "answer"]);
/** Depth of `texts`, a language and `options` of it. */
const TEXTS_DEPTH = 2;

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** Ids hold dots: a path is told apart by what no id holds. */
const keyOf = (path: readonly string[]) => path.join("\n");

/** By path. @param open how deep fields below are units whatever they are called */
function unitsOf(
  value: Fields,
  path: readonly string[] = [],
  open = 0,
  units = new Map<string, unknown>(),
): Map<string, unknown> {
  for (const [key, field] of Object.entries(value)) {
    const below = [...path, key];
    const isEmpty = isFields(field) && Object.keys(field).length === 0;
    if (isFields(field) && !isEmpty && (open > 0 || OPENED.has(key)))
      unitsOf(field, below, key === "texts" && open === 0 ? TEXTS_DEPTH : Math.max(0, open - 1), units);
    else if (field !== undefined) units.set(keyOf(below), field);
  }
  return units;
}

/** @returns what differs between mine and theirs, by name */
export function compareUnits(base: Fields, mine: Fields, theirs: Fields): Unit[] {
  const [was, own, other] = [unitsOf(base), unitsOf(mine), unitsOf(theirs)];
  return [...new Set([...own.keys(), ...other.keys()])]
    .sort()
    .filter((key) => !same(own.get(key), other.get(key)))
    .map((key) => ({
      name: key.replaceAll("\n", "."),
      path: key.split("\n"),
      mine: own.get(key),
      theirs: other.get(key),
      clash: !same(was.get(key), own.get(key)) && !same(was.get(key), other.get(key)),
    }));
}

/** Whose a unit is unless the editor says otherwise: that of who changed it; mine where both did. */
export function suggestion(base: Fields, unit: Unit): "mine" | "theirs" {
  return same(unitsOf(base).get(keyOf(unit.path)), unit.mine) ? "theirs" : "mine";
}

const at = (fields: Fields, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (isFields(value) ? value[key] : undefined), fields);

function put(fields: Fields, path: readonly string[], value: unknown): void {
  let place = fields;
  for (const key of path.slice(0, -1)) {
    if (!isFields(place[key])) place[key] = {};
    place = place[key] as Fields;
  }
  const last = path.at(-1) as string;
  if (value !== undefined) place[last] = value;
  else delete place[last];
}

/** @param choices by unit name; what is not named is the same in both */
export function merge(
  mine: Fields,
  theirs: Fields,
  units: readonly Unit[],
  choices: ReadonlyMap<string, "mine" | "theirs">,
): Fields {
  const merged = structuredClone(mine);
  for (const { name, path, theirs: value } of units) {
    if (choices.get(name) !== "theirs") continue;
    // Left out with its last field, as they left it out: a language, the options of one.
    put(merged, path, structuredClone(value));
    for (let length = path.length - 1; value === undefined && length > 0; length--) {
      const above = path.slice(0, length);
      const left = at(merged, above);
      if (!isFields(left) || Object.keys(left).length > 0 || at(theirs, above) !== undefined) break;
      put(merged, above, undefined);
    }
  }
  return merged;
}
