/**
 * Where the sample's interactions stand: a poll right after the start, one of each type within every hour of the
 * first hours, and after that what a channel really has, a few a day, most of them with a programme. Pure.
 */
import type { Interaction } from "../../shared/protocol/interaction.ts";
import { PLACEMENT_DEFAULTS, type Placement, type ProgrammeWhen } from "../../shared/schedule/placement.ts";
import { SAMPLE_PROGRAMMES } from "./sample-channels.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const ZONE = "Asia/Shanghai";

/** From the start to the opening poll: time for edges and boxes to come up, and to prefetch it. */
const OPENING_MS = 30_000;
/** How long the opening poll has the screen to itself. */
const OPENING_ALONE_MS = 75_000;
/** How long there is something of each type in every hour: an afternoon of looking around. */
const BUSY_MS = 6 * HOUR_MS;
/** From the opening poll to the next cue, and between two of them, minutes. */
const NEXT_MINUTES = 3;
const APART_MINUTES = 10;

export interface SampleOptions {
  nowMs: number;
  channels: string[];
  /** In the order in which they come up. */
  interactions: readonly Pick<Interaction, "id" | "type" | "version">[];
  /** How often this deployment was started before. */
  starts: number;
}

/** With a programme of the sample guide; a guide without it has none of these cues. */
const WITH_PROGRAMMES: readonly [type: Interaction["type"], programme: string, at: ProgrammeWhen["at"]][] = [
  ["quiz", "eveningNews", { from: "start", offsetMs: 5 * MINUTE_MS }],
  ["rating", "eveningNews", { from: "end", offsetMs: -2 * MINUTE_MS }],
  ["link", "kitchen", { fraction: 0.6 }],
  ["coupon", "classicFilm", { fraction: 0.5 }],
];

/** @returns the placements, and when the opening poll appears */
export function samplePlacements(options: SampleOptions): { placements: Placement[]; pollAtMs: number } {
  const { nowMs, channels, interactions, starts } = options;
  const pollAtMs = Math.ceil((nowMs + OPENING_MS) / 1000) * 1000;
  const of = (type: Interaction["type"]) => {
    const found = interactions.find((interaction) => interaction.type === type);
    if (!found) throw new Error(`Cannot place the samples: there is no ${type} among them`);
    return found;
  };
  const place = (
    id: string,
    { id: interaction, version }: Pick<Interaction, "id" | "version">,
    more: Pick<Placement, "when"> & Partial<Placement>,
  ): Placement => ({ ...PLACEMENT_DEFAULTS, id, interaction, version, channels, ...more });
  const prefetch = { leadMs: MINUTE_MS, guardMs: 5_000 };

  const opening = place("opening", of("poll"), {
    when: { kind: "instant", atMs: pollAtMs },
    // Every start is another occasion: a new generation, so that boxes show it again.
    generation: starts,
    prefetch: { leadMs: OPENING_MS, guardMs: 2_000 },
  });
  const pollMinute = Math.floor(pollAtMs / MINUTE_MS) % 60;
  const hourly = interactions.map((interaction, index) =>
    place(`sample-${interaction.type}`, interaction, {
      when: {
        kind: "cron",
        // China is whole hours from UTC, so its minutes are UTC's.
        rule: `${(pollMinute + NEXT_MINUTES + index * APART_MINUTES) % 60} * * * *`,
        zone: ZONE,
        fromMs: pollAtMs + OPENING_ALONE_MS,
        untilMs: pollAtMs + BUSY_MS,
      },
      prefetch,
    }),
  );
  const daily = place("evening-poll", of("poll"), {
    when: { kind: "cron", rule: "30 20 * * *", zone: ZONE },
    prefetch,
  });
  const withProgrammes = WITH_PROGRAMMES.map(([type, programme, at]) =>
    place(`${type}-in-programme`, of(type), {
      when: { kind: "programme", match: { title: SAMPLE_PROGRAMMES[programme]?.zh ?? "" }, at },
      prefetch,
    }),
  );
  return { placements: [opening, ...hourly, daily, ...withProgrammes], pollAtMs };
}
