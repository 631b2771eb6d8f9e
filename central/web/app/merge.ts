/**
 * Two editors on one thing: what each changed of what both saw, unit by unit. A unit is a field, or the texts of
 * one language. What only one of them changed is that one's; the rest is a question. Pure.
 */

export interface Unit {
  /** `durationMs`, `texts.en` */
  name: string;
  mine: unknown;
  theirs: unknown;
  /** Both changed it, each in another way. */
  clash: boolean;
}

type Fields = Record<string, unknown>;
/** Fields whose own fields are units. */
const OPENED = ["texts", "interaction"];

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** By name; names of units never hold a dot but the one that opens a field. */
function unitsOf(value: Fields, prefix = ""): Map<string, unknown> {
  const units = new Map<string, unknown>();
  for (const [key, field] of Object.entries(value)) {
    const name = `${prefix}${key}`;
    if (OPENED.includes(key) && isFields(field)) {
      for (const [below, each] of unitsOf(field, `${name}.`)) units.set(below, each);
    } else if (field !== undefined) units.set(name, field);
  }
  return units;
}

/** @returns what differs between mine and theirs, by name */
export function compareUnits(base: Fields, mine: Fields, theirs: Fields): Unit[] {
  const [was, own, other] = [unitsOf(base), unitsOf(mine), unitsOf(theirs)];
  return [...new Set([...own.keys(), ...other.keys()])]
    .sort()
    .filter((name) => !same(own.get(name), other.get(name)))
    .map((name) => ({
      name,
      mine: own.get(name),
      theirs: other.get(name),
      clash: !same(was.get(name), own.get(name)) && !same(was.get(name), other.get(name)),
    }));
}

/** Whose a unit is unless the editor says otherwise: that of who changed it; mine where both did. */
export function suggestion(base: Fields, unit: Unit): "mine" | "theirs" {
  return same(unitsOf(base).get(unit.name), unit.mine) ? "theirs" : "mine";
}

/** @param choices by unit name; what is not named is the same in both */
export function merge(mine: Fields, theirs: Fields, choices: ReadonlyMap<string, "mine" | "theirs">): Fields {
  const merged = structuredClone(mine);
  const other = unitsOf(theirs);
  for (const [name, choice] of choices) {
    if (choice === "mine") continue;
    const keys = name.split(".");
    const last = keys.pop() as string;
    let at = merged;
    for (const key of keys) {
      if (!isFields(at[key])) at[key] = {};
      at = at[key] as Fields;
    }
    if (other.has(name)) at[last] = other.get(name);
    else delete at[last];
  }
  return merged;
}
