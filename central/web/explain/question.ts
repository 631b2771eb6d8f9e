/** A question about a cue, as the address holds it and as central is asked it. Pure. */

export const MODES = ["time", "programme", "cue"] as const;
export type Mode = (typeof MODES)[number];

export interface Question {
  mode: Mode;
  placement: string;
  cue: string;
  /** Empty: all that it concerns. */
  channel: string;
  region: string;
  programme: string;
  atMs: number;
  of: "air" | "drafts";
}

type Query = Record<string, string>;

/** @param nowMs expected then, when nothing is said */
export function questionFrom(query: Query, nowMs: number): Question {
  const { placement = "", cue = "", channel = "", region = "", programme = "", atMs } = query;
  const expected = Number(atMs);
  return {
    ...{ placement, cue, channel, region, programme },
    mode: cue !== "" ? "cue" : programme !== "" ? "programme" : "time",
    atMs: Number.isFinite(expected) && expected > 0 ? expected : Math.round(nowMs / 60_000) * 60_000,
    of: query.of === "drafts" ? "drafts" : "air",
  };
}

/** What central is asked; undefined while something is missing. */
export function queryOf(question: Question): Query | undefined {
  const { mode, placement, cue, channel, region, programme, atMs } = question;
  const where = { ...(channel !== "" && { channel }), ...(region !== "" && { region }) };
  if (mode === "cue") return cue.includes(":") ? { cue, ...where } : undefined;
  if (placement === "") return undefined;
  if (mode === "time") return { placement, atMs: String(atMs), ...where };
  return programme === "" ? undefined : { placement, programme, ...where };
}
