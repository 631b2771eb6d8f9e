/**
 * Central and the edge make a schedule of the same publication, each by its own way through the code, and agree
 * to the byte: whatever was drawn, in every region, on every channel, at any hour, and after another publication.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { draftContent } from "../../central/publish/assemble.ts";
import { completeContent, type Previous } from "../../central/publish/complete.ts";
import { planOf } from "../../central/publish/plan.ts";
import { gzip } from "../../edge/headend/platform/gzip.ts";
import { compileSnapshot, type Snapshot } from "../../edge/headend/serve/snapshot.ts";
import { interactionSample } from "../../shared/protocol/interaction.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import { scheduleEntrySchema, schedulePlaceIn } from "../../shared/publication/entries.ts";
import { hashParts } from "../../shared/publication/manifest.ts";
import type { Content } from "../../shared/publication/part.ts";
import { compileHorizon } from "../../shared/schedule/channel-horizon.ts";
import { HOUR_MS, makeSchedule, windowAt } from "../../shared/schedule/window.ts";
import {
  CHANNELS,
  type Drawn,
  drawnSchedule,
  REGIONS,
  runs,
} from "../../shared/testing/arbitrary-schedule.ts";

const interaction = { ...interactionSample, id: "int", version: 1 };
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function publish(drawn: Drawn, previous: Previous | undefined): Previous {
  const place = { epoch: 1, revision: (previous?.revision ?? 0) + 1 };
  const base = draftContent({
    regions: REGIONS.map((id) => ({ id, name: id, edges: [] })),
    channels: CHANNELS.map((id, index) => ({ id, number: index + 1, name: id })),
    guide: new Map(
      Object.entries(drawn.guide).map(([channel, programmes]) => [
        channel,
        new Map(programmes.map((each) => [each.id, canonicalJson({ ...each, channel })])),
      ]),
    ),
    placements: drawn.placements,
    groups: drawn.groups,
    rules: drawn.rules,
    interactions: [{ interaction }],
    images: new Map(),
    edges: [],
  });
  const content = completeContent(base, previous, place);
  return { ...place, content, hash: String(place.revision).padStart(64, "0"), publishedAtMs: 0 };
}

const served = ({ content, hash, epoch, revision }: Previous, region: string, before?: Snapshot) =>
  compileSnapshot(
    { manifest: { epoch, revision, publishedAtMs: 0, parts: hashParts(content) }, hash, content },
    { region, gzip, pause: () => Promise.resolve() },
    before,
  );

/** A schedule as central's own code makes it, but for how soon boxes are to ask again. */
function ofCentral(
  content: Content,
  region: string,
  channel: string,
  nowMs: number,
  refreshMs: number,
): string {
  const plan = planOf(content);
  const programmes = plan.programmes(channel);
  const entry = v.parse(scheduleEntrySchema, JSON.parse(String(content.get("schedules")?.get(channel))));
  const { epoch, revision } = schedulePlaceIn(entry, region);
  const window = windowAt(nowMs);
  const horizon = compileHorizon(plan.planner(region), channel, programmes, window.fromMs, window.untilMs);
  const cues = horizon.cues(window.fromMs, window.untilMs);
  const inputs = { channel, epoch, revision, programmes: programmes.programmes, cues };
  return JSON.stringify(makeSchedule(inputs, window, refreshMs));
}

test("central and an edge agree on every schedule to the byte, also after a second publication", () =>
  fc.assert(
    fc.asyncProperty(
      drawnSchedule,
      drawnSchedule,
      fc.constantFrom(...REGIONS),
      fc.integer({ min: -30, max: 30 }),
      async (one, other, region, hour) => {
        const nowMs = one.dayMs + hour * HOUR_MS;
        const first = publish(one, undefined);
        const second = publish({ ...other, guide: { ...other.guide, c1: one.guide.c1 ?? [] } }, first);
        const before = await served(first, region);
        const check = (snapshot: Snapshot, { content }: Previous) => {
          assert.deepEqual(snapshot.troubles(), []);
          for (const channel of CHANNELS) {
            const text = decode(snapshot.channel(channel)?.scheduleAt(nowMs).bytes ?? new Uint8Array());
            const { refreshMs } = JSON.parse(text);
            assert.equal(text, ofCentral(content, region, channel, nowMs, refreshMs));
          }
        };
        check(before, first);
        check(await served(second, region, before), second);
      },
    ),
    runs("central and edge", 0.5),
  ));

test("a publication that does not touch a channel changes no byte of its schedule, in no region", () =>
  fc.assert(
    fc.asyncProperty(drawnSchedule, fc.constantFrom(...REGIONS), async (drawn, region) => {
      const first = publish(drawn, undefined);
      const limited = { ...drawn.placements[0], regions: [region], id: "more", channels: ["c1"], groups: [] };
      if (!drawn.placements[0]) return;
      const second = publish({ ...drawn, placements: [...drawn.placements, limited as never] }, first);
      for (const each of REGIONS) {
        const [before, after] = [await served(first, each), await served(second, each)];
        const bytes = (snapshot: Snapshot, channel: string) =>
          decode(snapshot.channel(channel)?.scheduleAt(drawn.dayMs).bytes ?? new Uint8Array());
        assert.equal(bytes(after, "c2"), bytes(before, "c2"));
        if (each !== region) assert.equal(bytes(after, "c1"), bytes(before, "c1"));
        else assert.notEqual(bytes(after, "c1"), bytes(before, "c1"));
      }
    }),
    runs("untouched channels", 0.25),
  ));
