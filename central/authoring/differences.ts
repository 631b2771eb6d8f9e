/** What differs between two plain values, place by place: for the audit and for what publishing would change. Pure. */

export interface ValueDifference {
  /** `texts.en.title`; empty for the value itself. */
  path: string;
  /** Absent: there was nothing. */
  from?: unknown;
  /** Absent: there is nothing now. */
  to?: unknown;
}

/** Most places told of one change. */
export const DIFFERENCES_MAX = 50;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Lists are compared whole when their lengths differ or they hold plain values, else item by item.
 *
 * @returns in the order of keys, at most `most`
 */
export function differences(from: unknown, to: unknown, most = DIFFERENCES_MAX): ValueDifference[] {
  const found: ValueDifference[] = [];
  const visit = (a: unknown, b: unknown, path: string): void => {
    if (found.length >= most || JSON.stringify(a) === JSON.stringify(b)) return;
    const below = (key: string | number) => (path === "" ? String(key) : `${path}.${key}`);
    if (isRecord(a) && isRecord(b)) {
      for (const key of [...new Set([...Object.keys(a), ...Object.keys(b)])].sort())
        visit(a[key], b[key], below(key));
      return;
    }
    if (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every(isRecord)) {
      for (const [index, item] of a.entries()) visit(item, b[index], below(index));
      return;
    }
    found.push({ path, ...(a !== undefined && { from: a }), ...(b !== undefined && { to: b }) });
  };
  visit(from, to, "");
  return found.slice(0, most);
}
