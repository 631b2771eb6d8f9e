/** What the tests put into a whole system: regions, a guide, a poll, placements of it. */
import type { Interaction } from "../../shared/protocol/interaction.ts";
import { PLACEMENT_DEFAULTS, type Placement } from "../../shared/schedule/placement.ts";
import { textUpload } from "../cli/upload.ts";
import type { Rig } from "./rig.ts";

/** A poll of two options that stays for 5 s and is open for a minute. */
export const POLL: { interaction: Omit<Interaction, "version"> } = {
  interaction: {
    id: "poll",
    type: "poll",
    durationMs: 5000,
    clockToleranceMs: 2000,
    defaultLanguage: "en",
    texts: { en: { title: "Who wins?", options: { a: "Red", b: "Blue" } } },
    options: ["a", "b"],
    choices: { least: 1, most: 1 },
    answer: { mode: "first", closeAfterMs: 60_000, acceptAfterCloseMs: 3_600_000 },
    results: "after-answer",
  } as Omit<Interaction, "version">,
};

/** A placement of that poll on channel `one`. */
export function placement(id: string, more: Pick<Placement, "when"> & Partial<Placement>): Placement {
  return {
    ...PLACEMENT_DEFAULTS,
    id,
    interaction: "poll",
    version: 1,
    channels: ["one"],
    prefetch: { leadMs: 60_000, guardMs: 1000 },
    ...more,
  };
}

/** Stores it as a draft: the next publication has it. */
export async function place(rig: Rig, id: string, more: Parameters<typeof placement>[1]): Promise<void> {
  await rig.api.send("PUT", `/api/v1/placements/${id}`, placement(id, more));
}

/** As `place()`, on air from this moment on. */
export async function placeNow(rig: Rig, id: string): Promise<void> {
  await place(rig, id, { when: { kind: "instant", atMs: Date.now() } });
}

const xmltvTime = (ms: number) => `${new Date(ms).toISOString().replace(/[-:T]/g, "").slice(0, 14)} +0000`;

/** A guide of channels, `one` and `two` unless told: on each a programme from `startMs`, ten minutes long, and one after. */
export function guideFrom(startMs: number, channels = ["one", "two"]): string {
  const programme = (channel: string, fromMs: number, title: string) =>
    `<programme start="${xmltvTime(fromMs)}" stop="${xmltvTime(fromMs + 600_000)}" channel="${channel}"><title lang="en">${title}</title></programme>`;
  return `<?xml version="1.0" encoding="UTF-8"?><tv>${channels
    .map(
      (id, index) =>
        `<channel id="${id}"><display-name>${index + 1}</display-name><display-name>${id}</display-name></channel>`,
    )
    .join("")}${channels
    .map(
      (id) =>
        programme(id, startMs, `Quiz night ${id}`) + programme(id, startMs + 600_000, `Late show ${id}`),
    )
    .join("")}</tv>`;
}

/** Regions north and south, the guide, the poll. Nothing is placed or published yet. */
export async function fill(rig: Rig, startMs: number): Promise<void> {
  for (const region of ["north", "south"])
    await rig.api.send("PUT", `/api/v1/regions/${region}`, { name: region });
  await rig.api.upload("/api/v1/guide", textUpload(guideFrom(startMs)));
  await rig.api.send("POST", "/api/v1/interactions", POLL);
}
