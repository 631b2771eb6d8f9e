/** What an edge gets from a herd, counted in bins by kind of request; and the peaks of it. */

export type Kind = "time" | "line-up" | "schedule" | "interaction" | "results" | "answers" | "airings";

export function kindOf(path: string): Kind {
  if (path.indexOf("/v1/time") === 0) return "time";
  if (path === "/v1/channels") return "line-up";
  if (path.endsWith("/schedule")) return "schedule";
  if (path.indexOf("/v1/interactions/") === 0) return "interaction";
  if (path.endsWith("/results")) return "results";
  return path === "/v1/answers" ? "answers" : "airings";
}

export interface HerdFigure {
  what: string;
  windowMs: number;
  /** The peak is the fullest bin of this width. */
  binMs: number;
  requests: number;
  peakPerSecond: number;
  /** Peak by boxes ÷ window. */
  ratio: number;
}

/** Finest bin that is kept. */
const BIN_MS = 10;
/** A peak is looked for over bins of at least so many requests: four standard deviations are then a tenth. */
const REQUESTS_PER_BIN = 1_500;

export interface HerdBins {
  count(kind: Kind, atMs: number): void;
  /** The peak of a kind between two instants. */
  figure(what: string, kind: Kind, windowMs: number, fromMs: number, untilMs: number): HerdFigure;
}

export function createHerdBins(boxes: number, endMs: number): HerdBins {
  const bins = new Map<Kind, Uint32Array>();
  return {
    count(kind, atMs) {
      let counts = bins.get(kind);
      if (!counts) {
        counts = new Uint32Array(Math.ceil(endMs / BIN_MS) + 1);
        bins.set(kind, counts);
      }
      const bin = Math.floor(atMs / BIN_MS);
      counts[bin] = (counts[bin] as number) + 1;
    },
    figure(what, kind, windowMs, fromMs, untilMs) {
      const counts = bins.get(kind) ?? new Uint32Array(0);
      const wanted = (REQUESTS_PER_BIN / boxes) * windowMs;
      const width = Math.max(1, Math.ceil(Math.min(windowMs / 2, wanted) / BIN_MS));
      let requests = 0;
      let inBin = 0;
      let most = 0;
      for (let bin = Math.floor(fromMs / BIN_MS); bin < untilMs / BIN_MS; bin++) {
        requests += counts[bin] ?? 0;
        inBin += (counts[bin] ?? 0) - (bin - width >= fromMs / BIN_MS ? (counts[bin - width] ?? 0) : 0);
        most = Math.max(most, inBin);
      }
      const peakPerSecond = (most / (width * BIN_MS)) * 1000;
      const ratio = (peakPerSecond * windowMs) / 1000 / boxes;
      return { what, windowMs, binMs: width * BIN_MS, requests, peakPerSecond, ratio };
    },
  };
}
