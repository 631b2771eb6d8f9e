/** For tests: regions, channels, a guide, groups, rules and placements that meet each other. */
import assert from "node:assert/strict";
import type { Programme } from "../../shared/guide/programme.ts";
import { pollBody, putProgrammes, TEST_NOW_MS, type TestCentral } from "./central-for-tests.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export const programme = (
  id: string,
  channel: string,
  startMs: number,
  more: Partial<Programme> = {},
): Programme => ({
  id,
  channel,
  title: "Film",
  startMs,
  endMs: startMs + HOUR,
  ...more,
});

/** Two regions, three channels, news on c1 and films; a poll every quarter of an hour on a group. */
export async function author({ api, central }: TestCentral): Promise<void> {
  const put = async (path: string, body: object) =>
    assert.equal((await api("PUT", `/api/v1/${path}`, body)).status, 200, path);
  await put("regions/north", { name: "North" });
  await put("regions/south", { name: "South", channels: ["c1", "c2"] });
  for (const [index, id] of ["c1", "c2", "c3"].entries()) {
    await put(`channels/${id}`, { number: index + 1, name: id.toUpperCase() });
  }
  await api("POST", "/api/v1/interactions", pollBody);
  const upsert = [
    programme("film", "c1", TEST_NOW_MS),
    programme("news", "c1", TEST_NOW_MS + HOUR, { title: "News", categories: ["新闻"], isNew: false }),
    programme("show", "c2", TEST_NOW_MS, { title: "Show" }),
  ];
  await putProgrammes(central.drafts, upsert);
  await put("channel-groups/main", { name: "Main", channels: ["c1", "c2"] });
  await put("channel-rules/fair", { groups: ["main"], gapMs: 20 * MINUTE });
  await put("channel-rules/quiet", { blackouts: [{ match: { category: "新闻" } }] });
  const poll = { interaction: "int-1", version: 1 };
  await put("placements/quarter", {
    ...poll,
    groups: ["main"],
    when: { kind: "cron", rule: "*/15 * * * *", zone: "UTC" },
  });
  await put("placements/big", {
    ...poll,
    channels: ["c1"],
    priority: 5,
    when: { kind: "programme", match: { title: "film" }, at: { fraction: 0.5 } },
  });
  await put("placements/first", {
    ...poll,
    channels: ["c1"],
    when: { kind: "programme", match: { titlePattern: "n*" }, airing: "first-run", at: { fraction: 0 } },
  });
  await put("placements/northern", {
    ...poll,
    channels: ["c3"],
    regions: ["north"],
    when: { kind: "instant", atMs: TEST_NOW_MS + 10 * MINUTE },
  });
}

export const time = (ms: number) => new Date(ms).toISOString().slice(11, 16);
