/**
 * Fills a local deployment through central's API: regions, a guide, interactions, placements. Publishing is left to the caller: edges enrol in between.
 * May run again on the same data: what is there stays, only the opening poll gets a new moment.
 */
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import type { Placement } from "../../shared/schedule/placement.ts";
import { PLACEMENT_DEFAULTS } from "../../shared/schedule/placement.ts";
import type { Api } from "../cli/api.ts";
import { makeSampleGuide } from "./sample-guide.ts";
import { sampleInteractions } from "./sample-interactions.ts";

/** From the start to the opening poll: time for edges and boxes to come up, and to prefetch it. */
const OPENING_MS = 30_000;
/** How long the opening poll has the screen to itself. */
const OPENING_ALONE_MS = 75_000;
/** Channels that carry the sample's placements. */
const CHANNELS_MAX = 6;

export interface Filled {
  /** What the television opens on. */
  channel: string;
  pollAtMs: number;
}

const bytesOf = (text: string) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });

interface GuideReport {
  stats: { channels: number; programmes: number; untilMs?: number };
  defects: { code: string; count: number; repaired: string }[];
}

/** What the guide held, what was repaired, and whether any of it is still to come. */
function sayGuide({ stats, defects }: GuideReport, nowMs: number, say: (line: string) => void): void {
  say(`  ${stats.channels} channels, ${stats.programmes} programmes`);
  for (const { code, count, repaired } of defects) say(`  ${count} × ${code}: ${repaired}`);
  if (stats.untilMs !== undefined && stats.untilMs < nowMs) {
    say(
      `  All of it is past (it ends on ${new Date(stats.untilMs).toISOString().slice(0, 10)}): the television`,
    );
    say(
      "  will show no programmes; the sample's interactions are placed by the clock and appear all the same",
    );
  }
}

export async function fillDeployment(
  api: Api,
  options: {
    guide: string | undefined;
    regions: readonly string[];
    nowMs: number;
    say: (line: string) => void;
  },
): Promise<Filled> {
  const { guide, nowMs, say } = options;
  for (const region of options.regions) {
    await api.send("PUT", `/api/v1/regions/${region}`, {
      name: region === "north" ? "North · 北区" : "South · 南区",
    });
  }
  say(guide ? `Importing ${guide} …` : "Importing a sample guide …");
  const body = guide
    ? (Readable.toWeb(createReadStream(guide)) as unknown as ReadableStream<Uint8Array>)
    : bytesOf(makeSampleGuide(nowMs));
  const report = (await api.upload("/api/v1/guide", "application/xml", body)) as GuideReport;
  sayGuide(report, nowMs, say);

  const { channels } = (await api.get("/api/v1/channels")) as { channels: { id: string; number: number }[] };
  const ids = [...channels]
    .sort((a, b) => a.number - b.number)
    .slice(0, CHANNELS_MAX)
    .map(({ id }) => id);
  const channel = ids[0];
  if (channel === undefined) throw new Error("Cannot go on: the guide has no channel");

  const existing = (await api.get("/api/v1/interactions")) as {
    interactions: { id: string; version: number }[];
  };
  const versions = new Map(existing.interactions.map(({ id, version }) => [id, version]));
  const samples = sampleInteractions();
  for (const sample of samples) {
    const { id } = sample.interaction;
    if (versions.has(id)) continue;
    const saved = (await api.send("POST", "/api/v1/interactions", sample)) as {
      interaction: { version: number };
    };
    versions.set(id, saved.interaction.version);
  }
  const poll = samples.find(({ interaction }) => interaction.type === "poll")?.interaction.id ?? "";
  const pollAtMs = Math.ceil((nowMs + OPENING_MS) / 1000) * 1000;
  const place = (
    id: string,
    interaction: string,
    more: Pick<Placement, "when"> & Partial<Placement>,
  ): Placement => ({
    ...PLACEMENT_DEFAULTS,
    id,
    interaction,
    version: versions.get(interaction) ?? 1,
    channels: ids,
    ...more,
  });
  const drafts = (await api.get("/api/v1/placements")) as {
    placements: { placement: { id: string; generation: number } }[];
  };
  const last = drafts.placements.find(({ placement }) => placement.id === "opening");
  const openings = last ? last.placement.generation + 1 : 0;
  const placements = [
    place("opening", poll, {
      when: { kind: "instant", atMs: pollAtMs },
      // Every start is another occasion: a new generation, so that boxes show it again.
      generation: openings,
      prefetch: { leadMs: OPENING_MS, guardMs: 2000 },
    }),
    ...samples.map(({ interaction }, index) =>
      place(`sample-${interaction.type}`, interaction.id, {
        when: {
          kind: "cron",
          // Not before the opening poll has left the screen.
          fromMs: pollAtMs + OPENING_ALONE_MS,
          rule: `${[0, 1, 2, 3, 4]
            .map((turn) => (turn * 12 + index * 2 + 1) % 60)
            .sort((a, b) => a - b)
            .join(",")} * * * *`,
          zone: "Asia/Shanghai",
        },
        prefetch: { leadMs: 60_000, guardMs: 5000 },
      }),
    ),
  ];
  for (const placement of placements) {
    await api.send("PUT", `/api/v1/placements/${placement.id}`, placement);
  }
  return { channel, pollAtMs };
}
