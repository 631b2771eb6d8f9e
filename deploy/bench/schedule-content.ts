/**
 * What the schedule benchmark compiles, as an edge holds it: a publication whose parts are bytes. 500 channels with
 * a guide of 30 programmes a day, and placements that give about 250 cues a day and channel.
 */
import type { Publication } from "../../edge/headend/serve/publication-view.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import { guidePart } from "../../shared/publication/entries.ts";
import { createPartPacker, type PackedPart, packPart } from "../../shared/publication/packed-part.ts";
import type { Body } from "../../shared/publication/part.ts";
import { PLACEMENT_DEFAULTS, type When } from "../../shared/schedule/placement.ts";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";

export const DAYS = 8;
export const PROGRAMMES_A_DAY = 30;
export const DAY_MS = 86_400_000;
export const FROM_MS = Date.UTC(2026, 10, 23);
export const UNTIL_MS = FROM_MS + DAYS * DAY_MS;
export const REGION = "north";
export const CHANNELS = Array.from({ length: 500 }, (_, number) => `channel-${number}`);

/** The guide reaches a day further at both ends, so that every day has its neighbours. */
const GUIDE_DAYS = DAYS + 2;
const SLOT_MS = DAY_MS / PROGRAMMES_A_DAY;

/** In one piece, as the database gives a part's entries, and not a piece for each. */
function packedOf(entries: Iterable<readonly [string, object]>): PackedPart {
  const part = new Map<string, Body>();
  for (const [key, body] of entries) part.set(key, canonicalJson(body));
  const pieces: Uint8Array[] = [];
  packPart(part).scan((bytes) => pieces.push(bytes));
  const packer = createPartPacker();
  packer.add(new Uint8Array(Buffer.concat(pieces)));
  return packer.end();
}

/** @param laterMs an overrun: how much later every programme begins */
function guideOf(number: number, titles: readonly string[], random: () => number, laterMs: number) {
  const channel = CHANNELS[number] as string;
  return packedOf(
    Array.from({ length: GUIDE_DAYS * PROGRAMMES_A_DAY }, (_, slot) => {
      const startMs = FROM_MS - DAY_MS + slot * SLOT_MS + laterMs;
      const id = `p${number.toString(36)}x${slot.toString(36).padStart(9, "0")}`;
      const programme = {
        ...{ id, channel, startMs, endMs: startMs + SLOT_MS, isNew: slot % 2 === 0 },
        title: titles[Math.floor(random() * titles.length)] as string,
        series: `series-${slot % PROGRAMMES_A_DAY}`,
        categories: slot % PROGRAMMES_A_DAY === 20 ? ["新闻"] : ["其他"],
      };
      return [id, programme] as const;
    }),
  );
}

/** 96 a day by the clock, the others in programmes; and one placement of each channel's own. */
function placements(): [string, object][] {
  const place = (id: string, when: When, more: object = {}): [string, object] => [
    id,
    {
      ...PLACEMENT_DEFAULTS,
      id,
      interaction: "poll",
      version: 1,
      channels: [],
      groups: ["all"],
      when,
      ...more,
    },
  ];
  const inProgramme = (match: object, at: object, more: object = {}) =>
    ({ kind: "programme", match, at, ...more }) as When;
  const everyTen = { everyMs: 600_000, offsetMs: 60_000, most: 500 };
  return [
    place("quarters", { kind: "cron", rule: "*/15 * * * *", zone: "Asia/Shanghai" }),
    place("each", inProgramme({ titlePattern: "*" }, everyTen)),
    place("news", inProgramme({ series: "series-20" }, { from: "start", offsetMs: 300_000 }), {
      priority: 10,
    }),
    place("ends", inProgramme({ series: "series-3" }, { from: "end", offsetMs: -1000 })),
    ...CHANNELS.map((channel, number) =>
      place(
        `own-${number}`,
        inProgramme({ titlePattern: "*9*" }, { fraction: 0.5 }, { airing: "first-run" }),
        { channels: [channel], groups: [] },
      ),
    ),
  ];
}

const poll = {
  ...{ id: "poll", version: 1, type: "poll", durationMs: 20_000, clockToleranceMs: 2_000 },
  ...{ defaultLanguage: "zh-CN", options: ["a", "b"], choices: { least: 1, most: 1 }, results: "never" },
  texts: { "zh-CN": { title: "今晚谁会赢？", body: "请用遥控器选择", options: { a: "红队", b: "蓝队" } } },
  answer: { mode: "first", closeAfterMs: 60_000, acceptAfterCloseMs: DAY_MS },
};

export interface Edition {
  publication: Publication;
  /** The same with an overrun on one channel, as central publishes it next. */
  overrun(channel: number, revision: number, laterMs: number): Publication;
}

export function drawEdition(): Edition {
  const random = createSeededRandom(1);
  const titles = Array.from({ length: 400 }, (_, number) => `节目 Programme ${number}`);
  const scheduled = (changed?: string, revision = 1) =>
    packedOf(
      CHANNELS.map((channel) => [
        channel,
        { epoch: 1, revision: channel === changed ? revision : 1, inputs: "b".repeat(64) },
      ]),
    );
  const content = new Map<string, PackedPart>([
    ["regions", packedOf([[REGION, { id: REGION, name: "North", edges: [] }]])],
    [
      "channels",
      packedOf(CHANNELS.map((id, number) => [id, { id, number: number + 1, name: `Channel ${number}` }])),
    ],
    ["placements", packedOf(placements())],
    ["channel-groups", packedOf([["all", { id: "all", name: "All", channels: CHANNELS }]])],
    [
      "channel-rules",
      packedOf([
        ["fair", { id: "fair", gapMs: 90_000, perHourMost: 12 }],
        ["news", { id: "news", blackouts: [{ match: { category: "新闻" }, beforeMs: 0, afterMs: 0 }] }],
      ]),
    ],
    ["interactions", packedOf([["poll@1", { interaction: poll }]])],
    ["schedules", scheduled()],
    ...CHANNELS.map((channel, number) => [guidePart(channel), guideOf(number, titles, random, 0)] as const),
  ]);
  const published = (revision: number, parts: ReadonlyMap<string, PackedPart>): Publication => ({
    manifest: {
      ...{ epoch: 1, revision, publishedAtMs: FROM_MS },
      parts: Object.fromEntries([...parts].map(([name, { streamHash }]) => [name, streamHash])),
    },
    hash: String(revision).padStart(64, "0"),
    content: parts,
  });
  return {
    publication: published(1, content),
    overrun(number, revision, laterMs) {
      const channel = CHANNELS[number] as string;
      const changed = guideOf(number, titles, random, laterMs);
      const parts = new Map([
        ...content,
        [guidePart(channel), changed],
        ["schedules", scheduled(channel, revision)],
      ]);
      return published(revision, parts as Map<string, PackedPart>);
    },
  };
}
