/** Which view the address names: `#/interactions/who-wins?language=en`. Pure. */

export const VIEWS = [
  "on-air",
  "timeline",
  "interactions",
  "placements",
  "publish",
  "results",
  "edges",
  "guide",
  "people",
  "audit",
] as const;
export type ViewName = (typeof VIEWS)[number];

export interface Place {
  view: ViewName;
  /** What of the view: an id. */
  id?: string | undefined;
  query: Record<string, string>;
}

export function parsePlace(hash: string): Place {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [name = "", id] = path.split("/", 2);
  const view = VIEWS.find((each) => each === name) ?? "on-air";
  let decoded: string | undefined;
  try {
    decoded = id === undefined || id === "" ? undefined : decodeURIComponent(id);
  } catch {
    decoded = undefined;
  }
  return { view, id: decoded, query: Object.fromEntries(new URLSearchParams(search)) };
}

export function formatPlace(view: ViewName, id?: string, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/${view}${id === undefined ? "" : `/${encodeURIComponent(id)}`}${search === "" ? "" : `?${search}`}`;
}
