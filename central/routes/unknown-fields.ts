/**
 * Fields of a body that its schema does not know. Schemas pass them over, which edges of other releases need; who changes
 * something would take a misspelt field for taken. Pure: looks along a valibot schema.
 */
import type * as v from "valibot";
import type { WrongPlace } from "../../shared/errors.ts";

/** What is looked at of a schema, whichever kind it is. */
interface Looked {
  type: string;
  entries?: Record<string, Looked>;
  wrapped?: Looked;
  item?: Looked;
  value?: Looked;
  /** Of a variant: the field that tells which. */
  key?: string;
  options?: readonly Looked[];
  literal?: unknown;
}

const PLACES_MAX = 20;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Of a variant, those that the value may be meant as: by the field that tells which, at whatever depth it stands. */
function meantOf(schema: Looked, value: Record<string, unknown>): Looked[] {
  const { key = "", options = [] } = schema;
  return options.flatMap((option) => {
    if (option.type === "variant") return meantOf(option, value);
    const told = option.entries?.[key];
    return told && "literal" in told && told.literal !== value[key] ? [] : [option];
  });
}

function look(
  schema: Looked | undefined,
  value: unknown,
  path: readonly string[],
  found: WrongPlace[],
): void {
  if (!schema || found.length >= PLACES_MAX) return;
  const { type, entries, wrapped, item } = schema;
  if (wrapped) {
    look(wrapped, value, path, found);
  } else if (item && Array.isArray(value)) {
    for (const [at, each] of value.entries()) look(item, each, [...path, String(at)], found);
  } else if (type === "record" && isObject(value)) {
    for (const [name, each] of Object.entries(value)) look(schema.value, each, [...path, name], found);
  } else if (type === "variant" && isObject(value)) {
    const [meant, ...others] = meantOf(schema, value);
    if (others.length === 0) look(meant, value, path, found);
  } else if (type === "union") {
    // Which of them is meant is not told: what one of them knows is known.
    const structured = (schema.options ?? []).filter((each) => each.entries ?? each.item ?? each.options);
    const tries = structured.map((option) => {
      const own: WrongPlace[] = [];
      look(option, value, path, own);
      return own;
    });
    const [least] = tries.sort((a, b) => a.length - b.length);
    found.push(...(least ?? []));
  } else if (entries && Array.isArray(value)) {
    const message = "Invalid type: Expected Object but received Array";
    found.push({ path: path.join("."), message, code: "wrong-kind", facts: { wanted: "Object" } });
  } else if (entries && isObject(value)) {
    for (const [name, each] of Object.entries(value)) {
      const own = [...path, name];
      if (Object.hasOwn(entries, name)) look(entries[name], each, own, found);
      else if (type !== "loose_object") {
        const message = `Invalid key: there is no field ${name.slice(0, 100)}`;
        found.push({ path: own.join("."), message, code: "unknown-field", facts: {} });
      }
    }
  }
}

/** @param passed fields of the whole that are passed over: what the address says already */
export function unknownFields(
  schema: v.GenericSchema<unknown, unknown>,
  body: unknown,
  passed: readonly string[] = [],
): WrongPlace[] {
  const found: WrongPlace[] = [];
  look(schema as unknown as Looked, body, [], found);
  return found
    .filter(({ path, code }) => code !== "unknown-field" || !passed.includes(path))
    .slice(0, PLACES_MAX);
}
