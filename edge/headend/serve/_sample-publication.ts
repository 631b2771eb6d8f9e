/** A small publication for this folder's tests: three channels, a guide, every kind of rule. */
import { type Programme, programmeSample } from "../../../shared/guide/programme.ts";
import { type Interaction, interactionSample } from "../../../shared/protocol/interaction.ts";
import { canonicalJson } from "../../../shared/publication/canonical.ts";
import { guidePart, interactionKey } from "../../../shared/publication/entries.ts";
import { hashParts } from "../../../shared/publication/manifest.ts";
import type { Body, Content } from "../../../shared/publication/part.ts";
import { PLACEMENT_DEFAULTS, type Placement } from "../../../shared/schedule/placement.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import { gzip } from "../platform/gzip.ts";
import type { Publication } from "./publication-view.ts";
import { compileSnapshot, type Snapshot } from "./snapshot.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** Ten minutes before the programme of the sample messages begins; 2026-11-23T10:50:00Z. */
export const NOW = 1795431000000;
export const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3]);
export const PNG_SHA = "a".repeat(64);

export const place = (id: string, more: Partial<Placement> & Pick<Placement, "when">): Placement => ({
  ...PLACEMENT_DEFAULTS,
  id,
  interaction: "int-42",
  version: 3,
  channels: ["cctv1"],
  ...more,
});

const poll = interactionSample as Extract<Interaction, { type: "poll" }>;
export const quiz: Interaction = { ...poll, id: "quiz-1", version: 1, type: "quiz", results: "after-close" };
const silent: Interaction = { ...poll, id: "silent", version: 1, results: "never" };
const notice: Interaction = {
  id: "notice-1",
  version: 1,
  type: "notice",
  durationMs: 10_000,
  clockToleranceMs: 60_000,
  defaultLanguage: "en",
  texts: { en: { title: "Hello" } },
};

export const programme = (
  id: string,
  channel: string,
  startMs: number,
  more: Partial<Programme> = {},
): Programme => ({
  ...programmeSample,
  id,
  channel,
  startMs,
  endMs: startMs + 30 * MINUTE,
  ...more,
});

export interface Changes {
  epoch?: number;
  revision?: number;
  placements?: Placement[];
  programmes?: Programme[];
  /** Part → key → body, put over what there is. */
  put?: Record<string, Record<string, Body>>;
}

export function samplePublication(changes: Changes = {}): Publication {
  const { epoch = 1, revision = 418 } = changes;
  const parts = new Map<string, Map<string, Body>>();
  const put = (part: string, key: string, body: unknown) => {
    const entries = parts.get(part) ?? new Map<string, Body>();
    parts.set(part, entries);
    entries.set(key, body instanceof Uint8Array || typeof body === "string" ? body : canonicalJson(body));
  };
  put("regions", "north", {
    id: "north",
    name: "North",
    edges: [{ url: "http://127.0.0.1:8081", weight: 1 }],
    channels: ["cctv2", "cctv1"],
  });
  for (const [number, id] of [
    [1, "cctv1"],
    [2, "cctv2"],
    [3, "elsewhere"],
  ] as const) {
    put("channels", id, { id, number, name: `Channel ${number}` });
    put("schedules", id, { epoch: 1, revision: id === "cctv2" ? 7 : 418, inputs: "b".repeat(64) });
  }
  const programmes = changes.programmes ?? [
    programme("p1", "cctv1", 1795431600000),
    programme("q1", "cctv2", 1795431600000, { title: "Film", titles: undefined, series: undefined }),
  ];
  for (const each of programmes) put(guidePart(each.channel), each.id, each);
  for (const interaction of [poll, { ...poll, version: 2 }, silent, notice]) {
    put("interactions", interactionKey(interaction.id, interaction.version), { interaction });
  }
  put("interactions", "quiz-1@1", { interaction: quiz, correct: ["b"] });
  const placements = changes.placements ?? [
    place("pl7", {
      when: { kind: "programme", match: { programme: "p1" }, at: { from: "start", offsetMs: 5 * MINUTE } },
      audience: { share: 0.5, languages: ["zh-CN"], tags: ["hd"] },
    }),
    place("daily", {
      when: { kind: "cron", rule: "0 12 * * *", zone: "UTC" },
      channels: ["cctv1", "cctv2"],
      interaction: "notice-1",
      version: 1,
    }),
    place("secret", {
      when: { kind: "instant", atMs: NOW + 20 * MINUTE },
      interaction: "quiz-1",
      version: 1,
      embargo: { spreadMs: 3000 },
    }),
    place("mute", { when: { kind: "instant", atMs: NOW - HOUR }, interaction: "silent", version: 1 }),
  ];
  for (const placement of placements) put("placements", placement.id, placement);
  put("images", PNG_SHA, PNG);
  for (const [part, entries] of Object.entries(changes.put ?? {})) {
    for (const [key, body] of Object.entries(entries)) put(part, key, body);
  }
  const content: Content = parts;
  const hash = String(revision).padStart(64, "0");
  return {
    manifest: { epoch, revision, publishedAtMs: NOW - HOUR, parts: hashParts(content) },
    hash,
    content,
  };
}

export const compile = (changes: Changes = {}, before?: Snapshot, region = "north"): Promise<Snapshot> =>
  compileSnapshot(samplePublication(changes), { region, gzip, pause: () => Promise.resolve() }, before);

/** A clock that stands where it is put. */
export function standingClock(wallMs: number): Clock & { set(wallMs: number): void } {
  let nowMs = wallMs;
  return {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs,
    set(ms) {
      nowMs = ms;
    },
  };
}
