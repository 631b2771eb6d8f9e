/** Which edge to ask: the nearest, drawn by weight among about equal ones; stuck to; left when it fails. */
import { drawFor } from "./chance.ts";
import { backoff, chance, type Draft, report, want } from "./draft.ts";
import { LIMITS } from "./pace.ts";
import type { EdgeState } from "./state.ts";

/** Round trips within this factor and this many ms of the best are about equal. */
const EQUAL_FACTOR = 1.5;
const EQUAL_MS = 10;

/** Makes the list: those configured, and those of the line-up, whose weights count. */
export function listEdges(draft: Draft): void {
  const state = draft.next;
  const known = state.edges.list;
  const list: EdgeState[] = [];
  const add = (url: string, weight: number) => {
    const address = url.replace(/\/+$/, "");
    const isIt = (edge: EdgeState) => edge.url === address;
    const there = list.filter(isIt)[0];
    if (there) there.weight = weight;
    if (there || list.length >= LIMITS.edges) return;
    const before = known.filter(isIt)[0];
    list.push({
      ...{ tripMs: null, failures: 0, blockedUntilMs: 0, restUntilMs: 0 },
      ...before,
      url: address,
      weight,
    });
  };
  state.settings.edges.forEach((url) => {
    add(url, 1);
  });
  if (state.lineUp)
    state.lineUp.lineUp.edges.forEach((edge) => {
      add(edge.url, edge.weight);
    });
  state.edges = { ...state.edges, list };
}

/** Measures every edge that has not been, unless there is only one to choose. */
export function probeEdges(draft: Draft): void {
  const list = draft.next.edges.list;
  if (list.length < 2) return;
  list.forEach((edge) => {
    if (edge.tripMs === null && edge.restUntilMs <= draft.steadyMs)
      want(draft, `probe/${edge.url}`, "time", chance(draft) * 300, edge.url);
  });
}

/** The edge to ask now; null while all of them are being left alone. */
export function pickEdge(draft: Draft): string | null {
  const edges = draft.next.edges;
  const isOpen = (edge: EdgeState) => edge.blockedUntilMs <= draft.steadyMs;
  if (edges.list.some((edge) => edge.url === edges.current && isOpen(edge))) return edges.current;
  const open = edges.list.filter(isOpen);
  if (open.length === 0) return null;

  const chosen = nearest(draft, open);
  draft.next.edges = {
    ...edges,
    current: chosen.url,
    returnMs: lookAgainMs(draft),
  };
  // One request finds out whether an edge that failed is back; the others wait for what becomes of it.
  if (chosen.failures > 0) {
    const blockedUntilMs = draft.steadyMs + LIMITS.requestTimeoutMs;
    change(draft, chosen.url, (edge) => ({ ...edge, blockedUntilMs }));
  }
  report(draft, "info", "edge", { url: chosen.url });
  return chosen.url;
}

function hasFailed(edge: EdgeState): boolean {
  return edge.failures > 0;
}

/** When to look for the nearest again, monotonic; null while none has failed. */
function lookAgainMs(draft: Draft): number | null {
  const { edges } = draft.next;
  return edges.list.some(hasFailed) ? draft.steadyMs + LIMITS.returnMs * (1 + chance(draft)) : null;
}

/**
 * Measures those that failed anew; then one is chosen among all. Boxes that merely drew again would stay with
 * the edge that took them in, or all leave it.
 */
export function probeFailed(draft: Draft): void {
  const edges = draft.next.edges;
  draft.next.edges = {
    ...edges,
    // The last probe chooses; one that wants its rest has none.
    returnMs: lookAgainMs(draft),
    list: edges.list.map((edge) =>
      hasFailed(edge) ? { ...edge, tripMs: null, blockedUntilMs: edge.restUntilMs } : edge,
    ),
  };
  probeEdges(draft);
}

/** The network is back, and perhaps to a whole region at once: those that failed are measured within a minute, spread. */
export function lookSoon(draft: Draft): void {
  const { edges, settings } = draft.next;
  const returnMs = draft.steadyMs + settings.pace.backoffMaxMs * chance(draft);
  if (edges.list.some(hasFailed) && !(edges.returnMs && edges.returnMs < returnMs))
    draft.next.edges = { ...edges, returnMs };
}

/**
 * Those of weight 0 take boxes only when there is no other. Among the about equal ones each draws a number that this box
 * keeps for ever, and the weights decide: all boxes together are shared out by weight, after an outage as before it, and a
 * new weight moves no more boxes than it must. Reference: Schindelhauer, Schomaker, "Weighted distributed hash tables", 2005.
 */
function nearest(draft: Draft, all: readonly EdgeState[]): EdgeState {
  const willing = all.filter((edge) => edge.weight > 0);
  const edges = willing.length > 0 ? willing : all;
  const trip = (edge: EdgeState) => (edge.tripMs === null ? Number.POSITIVE_INFINITY : edge.tripMs);
  const best = Math.min.apply(null, edges.map(trip));
  const equal = edges.filter((edge) => trip(edge) <= best * EQUAL_FACTOR + EQUAL_MS);
  const wait = ({ url, weight }: EdgeState) =>
    -Math.log(1 - drawFor(draft.next.secret, `edge/${url}`)) / (weight || 1);
  return equal.sort((one, other) => wait(one) - wait(other))[0] as EdgeState;
}

function change(draft: Draft, url: string, how: (edge: EdgeState) => EdgeState): void {
  const edges = draft.next.edges;
  draft.next.edges = { ...edges, list: edges.list.map((edge) => (edge.url === url ? how(edge) : edge)) };
}

export function edgeWorked(draft: Draft, url: string, tripMs: number | null): void {
  change(draft, url, (edge) => ({
    ...edge,
    failures: 0,
    blockedUntilMs: edge.restUntilMs,
    // The shortest counts, and slowly fades, so that one lucky trip does not bind for ever.
    tripMs:
      tripMs === null || edge.tripMs === null
        ? edge.tripMs || tripMs
        : Math.min(tripMs, edge.tripMs * 1.1 + 0.1),
  }));
}

/** @param restMs what it asked for, if anything */
export function edgeFailed(draft: Draft, url: string, restMs: number): void {
  const isCurrent = draft.next.edges.current === url;
  change(draft, url, (edge) => {
    // Requests under way at once fail at once: that is one failure.
    if (edge.failures > 0 && !isCurrent && !restMs) return edge;
    const failures = edge.failures + 1;
    const untilMs = draft.steadyMs + 200 + backoff(draft, failures, restMs);
    const blockedUntilMs = Math.max(edge.restUntilMs, untilMs);
    return { ...edge, failures, blockedUntilMs, restUntilMs: restMs ? blockedUntilMs : edge.restUntilMs };
  });
  if (isCurrent) draft.next.edges = { ...draft.next.edges, current: null };
}

/** Chooses anew: after the last probe, and when the line-up may have other weights. */
export function chooseAgain(draft: Draft): void {
  const { edges } = draft.next;
  draft.next.edges = { ...edges, current: null, returnMs: null };
  pickEdge(draft);
}
