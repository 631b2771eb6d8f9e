/** The fleet as the view shows it: every edge with its state, counted, and those that a filter leaves. Pure. */
import type { AirReply } from "../../routes/publishing-schemas.ts";
import { mostCommon } from "../app/most-common.ts";
import { type Edge, type EdgeState, edgeState } from "./edge-state.ts";

export interface FleetEdge {
  edge: Edge;
  state: EdgeState;
  landed: boolean;
}

export interface Fleet {
  /** By region, then id, as central tells them. */
  edges: FleetEdge[];
  inService: number;
  /** Of those in service. */
  landed: number;
  tones: Record<"good" | "warn" | "bad", number>;
  boxes: number;
  waiting: number;
  commonZones: string | undefined;
}

export interface Filter {
  text: string;
  /** Only what is not well. */
  onlyAmiss: boolean;
  region: string | undefined;
}

export function fleetOf(edges: readonly Edge[], air: AirReply, nowMs: number): Fleet {
  const landed = new Set(air.edges.filter((edge) => edge.landed).map(({ id }) => id));
  const allowed = edges.filter(({ revokedAtMs }) => revokedAtMs === undefined);
  const commonZones = mostCommon(allowed.flatMap(({ report }) => report?.timeZoneData ?? []));
  const all = edges.map((edge) => ({
    edge,
    landed: landed.has(edge.id),
    state: edgeState(edge, landed.has(edge.id), commonZones, nowMs),
  }));
  const tones = { good: 0, warn: 0, bad: 0 };
  for (const { state } of all) if (state.tone !== "plain") tones[state.tone] += 1;
  const sum = (of: (edge: Edge) => number | undefined) =>
    allowed.reduce((total, edge) => total + (of(edge) ?? 0), 0);
  return {
    edges: all,
    inService: allowed.length,
    landed: allowed.filter(({ id }) => landed.has(id)).length,
    tones,
    boxes: sum(({ report }) => report?.boxes),
    waiting: sum(({ report }) => report?.outbox.waiting),
    commonZones,
  };
}

/** @param regionName by its id */
export function filtered(
  edges: readonly FleetEdge[],
  { text, onlyAmiss, region }: Filter,
  regionName: (region: string) => string,
): FleetEdge[] {
  const wanted = text.trim().toLowerCase();
  return edges.filter(
    ({ edge, state }) =>
      (region === undefined || edge.region === region) &&
      (!onlyAmiss || state.findings.length > 0) &&
      `${edge.id} ${edge.url ?? ""} ${edge.region} ${regionName(edge.region)}`.toLowerCase().includes(wanted),
  );
}
