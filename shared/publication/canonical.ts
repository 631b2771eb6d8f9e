/** One text for one value: JSON with sorted keys and no white space, so that equal content has equal bytes. */

/** @throws {TypeError} on what JSON cannot carry (functions, symbols, non-finite numbers, undefined at the top) */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError("Cannot encode a number: not finite");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object") {
    const record = value as Record<string, unknown>;
    const members: string[] = [];
    for (const key of Object.keys(record).sort()) {
      if (record[key] !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(record[key])}`);
    }
    return `{${members.join(",")}}`;
  }
  throw new TypeError(`Cannot encode a ${typeof value}: JSON has no such thing`);
}
