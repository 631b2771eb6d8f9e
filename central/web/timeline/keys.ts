/** What a key means on the timeline. Pure. */
import type { TimelineCue } from "../../publish/timeline.ts";
import type { Programme } from "./tiles.ts";
import { grainOf, nextEdge, type Viewport } from "./viewport.ts";

export type KeyStep =
  | { kind: "zoom"; factor: number }
  | { kind: "pan"; share: number }
  | { kind: "now" }
  | { kind: "select"; channel: string; cue?: string | undefined; atMs?: number | undefined }
  | { kind: "move"; toMs: number; exact: boolean }
  | { kind: "open" }
  | { kind: "place" }
  /** The row is still being loaded: what comes next is not known yet. */
  | { kind: "wait" }
  | { kind: "cancel" };

export interface KeyState {
  view: Viewport;
  /** Channels of the rows, in order. */
  ids: readonly string[];
  cursor: { channel: string; cue?: string };
  rowsPerPage: number;
  cuesOf(channel: string): readonly TimelineCue[];
  programmesOf(channel: string): readonly Programme[];
  /** Something of a row as it is seen has not come yet. */
  isLoading(channel: string): boolean;
  /** Where a cue that is being moved stands now. */
  moving: number | undefined;
}
type Key = Pick<KeyboardEvent, "key" | "altKey" | "shiftKey" | "ctrlKey" | "metaKey">;

const ZOOM = 1.5;
const PAN_SHARE = 0.25;

/** @returns undefined for a key that the timeline has no use for */
export function keyStep(
  { key, altKey, shiftKey, ctrlKey, metaKey }: Key,
  state: KeyState,
): KeyStep | undefined {
  if (ctrlKey || metaKey) return undefined;
  const { view, ids, cursor } = state;
  const cues = [...state.cuesOf(cursor.channel)].sort((a, b) => a.atMs - b.atMs);
  const chosen = cues.find(({ id }) => id === cursor.cue);
  const side = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  if (side !== 0 && altKey) {
    const atMs = state.moving ?? chosen?.atMs;
    if (atMs === undefined) return undefined;
    if (!shiftKey) return { kind: "move", toMs: atMs + side * Math.min(60_000, grainOf(view)), exact: true };
    const toMs = nextEdge(atMs, side, state.programmesOf(cursor.channel));
    return toMs === undefined ? undefined : { kind: "move", toMs, exact: true };
  }
  if (side !== 0) {
    const fromMs = chosen?.atMs ?? view.fromMs + (side > 0 ? 0 : view.spanMs);
    const ahead = cues.filter((cue) => cue !== chosen && (cue.atMs - fromMs) * side >= 0);
    const next = side > 0 ? ahead[0] : ahead.at(-1);
    if (!next && state.isLoading(cursor.channel)) return { kind: "wait" };
    if (!next) return { kind: "pan", share: side * PAN_SHARE };
    return { kind: "select", channel: cursor.channel, cue: next.id, atMs: next.atMs };
  }
  const rows = { ArrowDown: 1, ArrowUp: -1, PageDown: state.rowsPerPage, PageUp: -state.rowsPerPage }[key];
  if (rows !== undefined) {
    const at = Math.min(ids.length - 1, Math.max(0, Math.max(0, ids.indexOf(cursor.channel)) + rows));
    const channel = ids[at];
    if (channel === undefined) return undefined;
    const wantedMs = chosen?.atMs ?? view.fromMs + view.spanMs / 2;
    const [near] = [...state.cuesOf(channel)].sort(
      (a, b) => Math.abs(a.atMs - wantedMs) - Math.abs(b.atMs - wantedMs),
    );
    const seen = near && near.atMs >= view.fromMs && near.atMs <= view.fromMs + view.spanMs;
    return { kind: "select", channel, ...(seen && { cue: near.id, atMs: near.atMs }) };
  }
  switch (key) {
    case "+":
    case "=":
      return { kind: "zoom", factor: ZOOM };
    case "-":
    case "−":
      return { kind: "zoom", factor: 1 / ZOOM };
    case "0":
      return { kind: "now" };
    case "Home":
      return { kind: "pan", share: -1 };
    case "End":
      return { kind: "pan", share: 1 };
    case "Enter":
      return chosen ? { kind: "open" } : { kind: "place" };
    case "n":
    case "N":
      return { kind: "place" };
    case "Escape":
      return { kind: "cancel" };
    default:
      return undefined;
  }
}
