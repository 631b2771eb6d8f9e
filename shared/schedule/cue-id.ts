/** Cue ids: `<placement>[.<generation>]:<occurrence>`. WIRE.md, "Schedule". */

export interface CueIdParts {
  placement: string;
  generation: number;
  /** `<programme>.<index>`, a nominal local date-time, or `once`. */
  occurrence: string;
}

export function formatCueId(parts: CueIdParts): string {
  const generation = parts.generation > 0 ? `.${parts.generation}` : "";
  return `${parts.placement}${generation}:${parts.occurrence}`;
}

/** Undefined when the text is no cue id. */
export function parseCueId(id: string): CueIdParts | undefined {
  const match = /^([A-Za-z0-9_~-]{1,40})(?:\.([1-9][0-9]{0,3}))?:(.+)$/.exec(id);
  if (!match) return undefined;
  const [, placement = "", generation, occurrence = ""] = match;
  return { placement, generation: generation ? Number(generation) : 0, occurrence };
}
