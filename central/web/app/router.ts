/** Which view the address names: `#/interactions/who-wins?language=en`. Pure. */

/** By what they are for, as the navigation shows them. */
export const SECTIONS = {
  watch: ["on-air", "timeline", "results"],
  author: ["interactions", "placements", "channels", "explain"],
  release: ["publish", "guide"],
  run: ["edges", "system", "privacy", "people", "audit"],
} as const;
export const VIEWS = Object.values(SECTIONS).flat();
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
