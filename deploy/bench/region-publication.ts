/**
 * What a large region has: 500 channels with a guide of eight days, 30 programmes a day, and placements by the
 * clock, by series and by title, which come to so many cues a day on each channel.
 */
import { guidePart } from "../../shared/publication/entries.ts";
import { PLACEMENT_DEFAULTS, type When } from "../../shared/schedule/placement.ts";
import type { BenchRegion } from "./lone-publication.ts";

const DAYS = 8;
const PROGRAMMES_A_DAY = 30;
const DAY_MS = 86_400_000;
const SLOT_MS = DAY_MS / PROGRAMMES_A_DAY;

/** 30 by series, 30 by title, 15 by the clock. */
export const CUES_A_DAY = 75;

/**
 * @param cues of eight days; the nearest number of channels is taken
 * @param edition changes the titles of a tenth of the channels, and moves a rule
 */
export function benchRegion(cues: number, edition = 0): BenchRegion {
  const count = Math.round(cues / (CUES_A_DAY * DAYS));
  const channels = Array.from({ length: count }, (_, number) => `region-${number}`);
  return {
    channels,
    fill(put, nowMs) {
      const fromMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
      for (const [number, channel] of channels.entries()) {
        for (let slot = 0; slot < DAYS * PROGRAMMES_A_DAY; slot++) {
          const startMs = fromMs + slot * SLOT_MS;
          const id = `p${number.toString(36)}x${slot.toString(36).padStart(9, "0")}`;
          put(guidePart(channel), id, {
            ...{ id, channel, startMs, endMs: startMs + SLOT_MS, isNew: slot % 2 === 0 },
            title: `节目 Programme ${(slot * 7 + number) % 400}${number % 10 === 0 ? ` ${edition}` : ""}`,
            series: `series-${slot % PROGRAMMES_A_DAY}`,
            categories: [slot % PROGRAMMES_A_DAY === 20 ? "新闻" : "其他"],
          });
        }
      }
      const place = (id: string, when: When) =>
        put("placements", id, {
          ...PLACEMENT_DEFAULTS,
          ...{ id, interaction: "poll", version: 1, channels: [], groups: ["region"], when },
        });
      put("channel-groups", "region", { id: "region", name: "Region", channels });
      put("channel-rules", "fair", { id: "fair", gapMs: 60_000, perHourMost: 12 });
      for (let series = 0; series < PROGRAMMES_A_DAY; series++) {
        place(`series-${series}`, {
          ...{ kind: "programme", match: { series: `series-${series}` } },
          at: { from: "start", offsetMs: (5 + edition) * 60_000 },
        } as When);
      }
      place("titles", { kind: "programme", match: { titlePattern: "节目*" }, at: { fraction: 0.5 } });
      place("hours", { kind: "cron", rule: "2 9-23 * * *", zone: "Asia/Shanghai" });
    },
  };
}
