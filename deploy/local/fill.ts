/**
 * Fills a local deployment through central's API: regions, a guide, interactions; and places them, which is for when all parts
 * run, since the opening poll comes soon after. Publishing is left to the caller: edges enrol in between.
 * May run again on the same data: what is there stays, only the opening poll gets a new moment.
 */
import type { Api } from "../cli/api.ts";
import { fileUpload, textUpload } from "../cli/upload.ts";
import { makeSampleGuide } from "./sample-guide.ts";
import { sampleInteractions } from "./sample-interactions.ts";
import { type SampleOptions, samplePlacements } from "./sample-placements.ts";

/** Channels that carry the sample's placements. */
const CHANNELS_MAX = 6;

export interface Filled {
  /** What carries the samples; the television opens on the first. */
  channels: [string, ...string[]];
  interactions: SampleOptions["interactions"];
}

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
  const file = guide ? fileUpload(guide) : textUpload(makeSampleGuide(nowMs));
  const report = (await api.upload("/api/v1/guide", file)) as GuideReport;
  sayGuide(report, nowMs, say);

  const { channels } = (await api.get("/api/v1/channels")) as { channels: { id: string; number: number }[] };
  const ids = [...channels]
    .sort((a, b) => a.number - b.number)
    .slice(0, CHANNELS_MAX)
    .map(({ id }) => id);
  const [first, ...others] = ids;
  if (first === undefined) throw new Error("Cannot go on: the guide has no channel");

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
  return {
    channels: [first, ...others],
    interactions: samples.map(({ interaction: { id, type } }) => ({
      ...{ id, type },
      version: versions.get(id) ?? 1,
    })),
  };
}

/** Places what was filled in. @returns when the opening poll appears */
export async function placeSamples(api: Api, filled: Filled, nowMs: number): Promise<number> {
  const drafts = (await api.get("/api/v1/placements")) as {
    placements: { placement: { id: string; generation: number } }[];
  };
  const last = drafts.placements.find(({ placement }) => placement.id === "opening");
  const { placements, pollAtMs } = samplePlacements({
    ...filled,
    nowMs,
    starts: last ? last.placement.generation + 1 : 0,
  });
  for (const placement of placements) {
    await api.send("PUT", `/api/v1/placements/${placement.id}`, placement);
  }
  return pollAtMs;
}
