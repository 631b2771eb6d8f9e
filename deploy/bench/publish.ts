/**
 * Publishing at central: 100,000 cues' worth of placements over the 500 channels of a large guide, and what others wait
 * for meanwhile; then one placement more, one withdrawn, and all of it changed. On real processes: central and its
 * libSQL server. CUECAST_BENCH_GUIDE_MB: how large the guide is, 30 unless told.
 */
import process from "node:process";
import { POLL, placement } from "../rehearsal/content.ts";
import { createRig, type Rig } from "../rehearsal/rig.ts";
import type { Bench } from "./figures.ts";
import { askAgain, generatedGuide } from "./guide-import.ts";
import { processorTimeMs } from "./processor-time.ts";

const GUIDE_MB = Number(process.env.CUECAST_BENCH_GUIDE_MB ?? 30);
/** What an edge expands ahead, and central looks through before publishing. */
const DAYS = 8;
/** Of each channel: 24 and one a day, 200 cues in eight days. */
const RULES = ["0 * * * *", "30 20 * * *"];
const CUES_A_CHANNEL = DAYS * 25;
/** Saves at a time: what an editor's script does, and no flood. */
const SAVING = 4;

interface Published {
  changed: boolean;
  position: { revision: number };
}

async function importGuide({ api }: Rig): Promise<string[]> {
  const bytes = generatedGuide(GUIDE_MB * 1e6, false);
  await api.upload("/api/v1/guide", { type: "application/xml", bytes });
  const { channels } = (await api.get("/api/v1/channels")) as { channels: { id: string }[] };
  return channels.map(({ id }) => id);
}

/** Two placements a channel, with this version of the poll. */
async function place({ api }: Rig, channels: readonly string[], version: number): Promise<number> {
  const all = channels.flatMap((channel, index) =>
    RULES.map((rule, which) =>
      placement(`at-${index}-${which}`, {
        ...{ channels: [channel], version, when: { kind: "cron", rule, zone: "Asia/Shanghai" } },
      }),
    ),
  );
  const waiting = all.values();
  await Promise.all(
    Array.from({ length: SAVING }, async () => {
      for (const each of waiting) await api.send("PUT", `/api/v1/placements/${each.id}`, each);
    }),
  );
  return all.length;
}

export async function publish({ note, runtime }: Bench): Promise<void> {
  process.env.CUECAST_REHEARSE_RUNTIME = runtime;
  const rig = await createRig();
  const { api, centralUrl } = rig;
  const pid = rig.central.pid ?? Number.NaN;

  /** Notes how long it took by the clock and by central's processor, and what others waited */
  async function timed(what: string, more: string, ask: () => Promise<unknown>): Promise<void> {
    const others = [
      askAgain(() => fetch(`${centralUrl}/healthz`).then((reply) => reply.body?.cancel())),
      askAgain(() => api.send("PUT", "/api/v1/regions/beside", { name: `Beside ${performance.now()}` })),
    ];
    const [cpu, from] = [await processorTimeMs(pid), performance.now()];
    const { changed } = (await ask()) as Published;
    const tookMs = performance.now() - from;
    const cpuMs = (await processorTimeMs(pid)) - cpu;
    const [health, save] = await Promise.all(others.map((stop) => stop()));
    if (!changed) throw new Error(`Cannot trust the figure: ${what} changed nothing`);
    note(
      what,
      tookMs,
      "ms",
      `${more}; central's processor ${Math.round(cpuMs)} ms; meanwhile a health check took ${health?.longest} ms at most, a save ${save?.longest} ms`,
    );
  }

  try {
    await api.send("PUT", "/api/v1/regions/north", { name: "North" });
    await api.send("POST", "/api/v1/interactions", POLL);
    const channels = await importGuide(rig);
    const placements = await place(rig, channels, 1);
    const cues = channels.length * CUES_A_CHANNEL;
    const go = (comment: string) => () => api.send("POST", "/api/v1/publish", { comment });
    await timed(
      "publish everything for the first time",
      `${placements} placements, ${cues} cues in ${DAYS} days, ${channels.length} channels, a guide of ${GUIDE_MB} MB`,
      go("all"),
    );
    const longer = { interaction: { ...POLL.interaction, durationMs: POLL.interaction.durationMs + 1_000 } };
    await api.send("POST", "/api/v1/interactions", longer);
    await place(rig, channels, 2);
    await timed("publish when every placement changed", `${cues} cues with another version`, go("changed"));
    await api.send(
      "PUT",
      "/api/v1/placements/one-more",
      placement("one-more", {
        ...{ channels: channels.slice(0, 1), when: { kind: "instant", atMs: Date.now() + 7_200_000 } },
      }),
    );
    await timed("publish one placement more", "everything else as it was", go("one more"));
    await timed("withdraw it", "", () => api.send("POST", "/api/v1/withdraw", { placement: "one-more" }));
  } finally {
    await rig.stop();
  }
}
