import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { CuecastError } from "../../../shared/errors.ts";
import { type Schedule, scheduleSchema } from "../../../shared/protocol/schedule.ts";
import { compile, DAY, HOUR, MINUTE, NOW, place, programme } from "./_sample-publication.ts";
import type { Snapshot } from "./snapshot.ts";

const AT = 1795431900000;
const textOf = (snapshot: Snapshot, channel: string, nowMs = NOW) => {
  const body = snapshot.channel(channel)?.scheduleAt(nowMs);
  assert.ok(body);
  return new TextDecoder().decode(body.bytes);
};
const scheduleOf = (snapshot: Snapshot, channel: string, nowMs = NOW): Schedule =>
  v.parse(scheduleSchema, JSON.parse(textOf(snapshot, channel, nowMs)));
const ids = (schedule: Schedule) => schedule.cues.map((cue) => cue.id);

test("a schedule is WIRE.md's example: cue, window, programme, last change", async () => {
  const schedule = scheduleOf(await compile(), "cctv1");
  assert.equal(schedule.epoch, 1);
  assert.equal(schedule.revision, 418);
  assert.equal(schedule.fromMs, Math.floor(NOW / HOUR) * HOUR);
  assert.equal(schedule.untilMs - schedule.fromMs, 48 * HOUR);
  assert.deepEqual(schedule.programmes, [
    { id: "p1", title: "新闻联播", startMs: 1795431600000, endMs: 1795433400000 },
  ]);
  assert.deepEqual(
    schedule.cues.find((cue) => cue.id === "pl7:p1.0"),
    {
      id: "pl7:p1.0",
      atMs: AT,
      untilMs: AT + MINUTE,
      lateJoin: true,
      interaction: "int-42",
      version: 3,
      programme: "p1",
      priority: 0,
      fetch: { fromMs: AT - 5 * MINUTE, untilMs: AT - 10_000 },
      audience: { share: 0.5, languages: ["zh-CN"], tags: ["hd"] },
    },
  );
});

test("two snapshots of one publication, compiled apart, give equal bytes and ETags", async () => {
  const [a, b] = [await compile(), await compile()];
  for (const channel of ["cctv1", "cctv2"]) {
    assert.equal(textOf(a, channel), textOf(b, channel));
    assert.equal(a.channel(channel)?.scheduleAt(NOW).etag, b.channel(channel)?.scheduleAt(NOW).etag);
  }
  assert.equal(a.lineUp.etag, b.lineUp.etag);
  assert.match(a.lineUp.etag, /^"[0-9a-f]{8}"$/);
});

test("a publication that does not touch a channel changes no byte of its schedule", async () => {
  const before = await compile();
  const after = await compile(
    {
      revision: 419,
      put: {
        placements: {
          more: JSON.stringify(place("more", { when: { kind: "instant", atMs: NOW + HOUR } })),
        },
        schedules: { cctv1: JSON.stringify({ epoch: 1, revision: 419, inputs: "c".repeat(64) }) },
      },
    },
    before,
  );
  assert.equal(after.position.revision, 419);
  assert.equal(textOf(after, "cctv2"), textOf(before, "cctv2"));
  assert.notEqual(textOf(after, "cctv1"), textOf(before, "cctv1"));
  assert.ok(ids(scheduleOf(after, "cctv1")).includes("more:once"));
});

test("the window moves in whole hours, also backwards when the clock is set back", async () => {
  const snapshot = await compile({ placements: [] });
  const hourMs = Math.floor(NOW / HOUR) * HOUR;
  const early = textOf(snapshot, "cctv1", hourMs);
  assert.equal(textOf(snapshot, "cctv1", hourMs + HOUR - 1), early);
  assert.equal(scheduleOf(snapshot, "cctv1", hourMs + HOUR).fromMs, hourMs + HOUR);
  assert.equal(textOf(snapshot, "cctv1", hourMs), early);
});

test("refreshMs is 30 s from a cue's fetch window until it has left the screen, and 5 min otherwise", async () => {
  const snapshot = await compile({
    placements: [
      place("pl7", {
        when: { kind: "programme", match: { programme: "p1" }, at: { from: "start", offsetMs: 5 * MINUTE } },
      }),
    ],
  });
  const fetchFromMs = AT - 5 * MINUTE;
  const goneMs = AT + MINUTE + 20_000;
  const table: [number, number][] = [
    [fetchFromMs - 1, 300_000],
    [fetchFromMs, 30_000],
    [AT, 30_000],
    [fetchFromMs - 1, 300_000],
    [goneMs, 30_000],
    [goneMs + 1, 300_000],
    [fetchFromMs, 30_000],
  ];
  for (const [nowMs, refreshMs] of table) {
    assert.equal(scheduleOf(snapshot, "cctv1", nowMs).refreshMs, refreshMs, `at ${nowMs - AT} ms`);
  }
});

test("refreshMs is 30 s already five minutes before an embargoed cue", async () => {
  const snapshot = await compile({
    placements: [place("e", { when: { kind: "instant", atMs: AT }, embargo: { spreadMs: 3000 } })],
  });
  assert.equal(scheduleOf(snapshot, "cctv1", AT - 5 * MINUTE - 1).refreshMs, 300_000);
  assert.equal(scheduleOf(snapshot, "cctv1", AT - 5 * MINUTE).refreshMs, 30_000);
});

test("a rule without end gives cues for weeks without a new publication", async () => {
  const snapshot = await compile();
  const later = scheduleOf(snapshot, "cctv2", NOW + 30 * DAY);
  assert.equal(later.cues.length, 2);
  assert.ok(later.cues.every((cue) => cue.id.startsWith("daily:202612")));
});

test("channel() knows the line-up's channels and no others", async () => {
  const snapshot = await compile();
  const lineUp = JSON.parse(new TextDecoder().decode(snapshot.lineUp.bytes));
  assert.deepEqual(
    lineUp.channels.map((channel: { id: string }) => channel.id),
    ["cctv1", "cctv2"],
  );
  assert.equal(snapshot.channel("elsewhere"), undefined);
  assert.deepEqual(scheduleOf(await compile({ placements: [] }), "cctv2").cues, []);
});

test("two versions of an address never have one tag, though their hashes begin with the same 32 bits", async () => {
  const named = (name: number) => JSON.stringify({ id: "cctv1", number: 1, name: `Channel ${name}` });
  const first = await compile({ put: { channels: { cctv1: named(56_546) } } });
  const second = await compile({ put: { channels: { cctv1: named(97_301) } } }, first);
  const alone = await compile({ put: { channels: { cctv1: named(97_301) } } });
  assert.equal(first.lineUp.etag, '"6b6e7828"');
  // Found by trying: where this fails, the line-up has other bytes, and two others must be found.
  assert.equal(alone.lineUp.etag, first.lineUp.etag);
  assert.notEqual(second.lineUp.etag, first.lineUp.etag);
  assert.deepEqual(second.lineUp.bytes, alone.lineUp.bytes);
});

test("counts are of what this region's line-up carries, not of the whole publication", async () => {
  const here = (await compile()).counts;
  const elsewhere = JSON.stringify(
    place("far", { when: { kind: "instant", atMs: NOW + HOUR }, channels: ["elsewhere"] }),
  );
  const more = await compile({ put: { placements: { far: elsewhere } } });
  assert.deepEqual(more.troubles(), []);
  assert.equal(more.view.placements.size, (await compile()).view.placements.size + 1);
  assert.deepEqual(more.counts, here);
  assert.ok(here.placements > 0 && here.interactions > 0);
  const west = (await compile({}, undefined, "west")).counts;
  assert.deepEqual(west, { channels: 0, placements: 0, interactions: 0, programmes: 0 });
});

test("the line-up is sorted by number", async () => {
  const last = JSON.stringify({ id: "cctv1", number: 10, name: "Channel 10" });
  const { lineUp } = await compile({ put: { channels: { cctv1: last } } });
  assert.match(new TextDecoder().decode(lineUp.bytes), /cctv2.*cctv1/);
});

test("a region that the publication does not know has an empty line-up, and says so", async () => {
  const snapshot = await compile({}, undefined, "west");
  assert.equal(snapshot.regionKnown, false);
  assert.equal(snapshot.counts.channels, 0);
});

test("an entry that fails its schema is left out and named, and the rest is served", async () => {
  const snapshot = await compile({
    put: { placements: { bad: '{"id":"bad"}' }, interactions: { "x@1": "not json" } },
  });
  assert.equal(snapshot.troubles().length, 2);
  assert.ok(snapshot.troubles().some((trouble) => trouble.startsWith("placements bad:")));
  assert.ok(ids(scheduleOf(snapshot, "cctv1")).includes("pl7:p1.0"));
});

test("compileSnapshot() takes parts of the same hash over from the snapshot before", async () => {
  const before = await compile();
  const after = await compile({ revision: 419, placements: [] }, before);
  assert.equal(after.view.guides.get("cctv1"), before.view.guides.get("cctv1"));
  assert.equal(after.view.placements.size, 0);
});

const refusal = (act: () => unknown): CuecastError => {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof CuecastError);
    return error;
  }
  assert.fail("it did not throw");
};

test("interaction() withholds what has a coming embargoed cue until the moment, and while none is open", async () => {
  const again = AT + DAY;
  const snapshot = await compile({
    placements: [
      place("e", { when: { kind: "instant", atMs: AT }, embargo: { spreadMs: 3000 } }),
      place("f", { when: { kind: "instant", atMs: again }, embargo: { spreadMs: 3000 } }),
    ],
  });
  const get = (nowMs: number, version: number | undefined = 3) =>
    snapshot.interaction("int-42", version, nowMs);
  const error = refusal(() => get(AT - 1500));
  assert.equal(error.status, 425);
  assert.equal(error.retryAfterMs, 1500);
  assert.equal(refusal(() => get(AT - 1, undefined)).status, 425);
  assert.ok(get(AT - 1500, 2), "another version is not withheld");
  assert.ok(get(AT));
  assert.ok(get(AT + MINUTE + 20_000));
  assert.equal(refusal(() => get(AT + MINUTE + 20_001)).retryAfterMs, again - AT - MINUTE - 20_001);
  assert.ok(get(again));
  assert.ok(get(again + HOUR), "nothing is coming any more");
});

test("interaction() does not withhold for a coming cue without an embargo", async () => {
  const snapshot = await compile({
    placements: [
      place("e", { when: { kind: "instant", atMs: NOW - HOUR }, embargo: { spreadMs: 3000 } }),
      place("f", { when: { kind: "instant", atMs: NOW + HOUR } }),
    ],
  });
  assert.ok(snapshot.interaction("int-42", 3, NOW));
});

test("interaction() withholds for an embargoed recurrence whose next moment is weeks ahead", async () => {
  const snapshot = await compile({
    placements: [
      place("e", {
        when: { kind: "cron", rule: "0 12 1 * *", zone: "UTC" },
        embargo: { spreadMs: 3000 },
      }),
    ],
  });
  const nextMs = Date.UTC(2026, 11, 1, 12);
  assert.equal(refusal(() => snapshot.interaction("int-42", 3, NOW)).retryAfterMs, nextMs - NOW);
  assert.ok(snapshot.interaction("int-42", 3, nextMs));
  assert.equal(refusal(() => snapshot.interaction("int-42", 3, nextMs + DAY / 2)).status, 425);
});

test("cue() finds cues that are near, a day past, and long past", async () => {
  const snapshot = await compile();
  const found = (id: string, nowMs = NOW) => snapshot.cue(id, nowMs)?.cue.atMs;
  assert.equal(found("pl7:p1.0"), AT);
  assert.equal(found("daily:20261122T1200"), Date.UTC(2026, 10, 22, 12));
  assert.equal(found("daily:20260101T1200"), Date.UTC(2026, 0, 1, 12));
  assert.equal(found("secret:once"), NOW + 20 * MINUTE);
  assert.equal(found("pl7:p1.0", NOW + 30 * DAY), AT);
  for (const id of ["daily:20261122T1201", "pl7:p9.0", "pl7.1:p1.0", "none:once", "x", "pl7:q1.0"]) {
    assert.equal(found(id), undefined, id);
  }
});

test("cue() searches recurrences at a limited pace, so that invented ids cannot stall the edge", async () => {
  const snapshot = await compile();
  for (let turn = 0; turn < 1000; turn++) {
    snapshot.cue(`daily:20200101T${String(turn).padStart(4, "0")}`, NOW);
  }
  assert.equal(snapshot.cue("daily:20250101T1200", NOW), undefined);
  assert.ok(snapshot.cue("daily:20261122T1200", NOW), "a near one is always searched");
  assert.ok(snapshot.cue("daily:20250101T1200", NOW + 1000));
});

test("survey() looks each guide through in a turn of its own, and changes nothing of what is told", async () => {
  const [ahead, late] = [await compile(), await compile()];
  let turns = 0;
  await ahead.survey(async () => {
    turns++;
  });
  assert.equal(turns, ahead.view.guides.size);
  assert.ok(turns > 0);
  assert.deepEqual([ahead.left, ahead.counts], [late.left, late.counts]);
});

test("what is left of the schedule is told: recurrences without end, and the guide that ends first", async () => {
  const snapshot = await compile({
    programmes: [
      programme("p1", "cctv1", NOW),
      programme("p2", "cctv1", NOW + HOUR),
      programme("q1", "cctv2", NOW),
    ],
  });
  assert.deepEqual(snapshot.left, {
    ...{ recurrenceWithoutEnd: true, recurrenceEndsMs: [], withoutGuide: [] },
    guideUntilMs: NOW + 30 * MINUTE,
  });
});

test("what is left is of this region's line-up alone, with each recurrence that ends and channels without a guide", async () => {
  const rule = (untilMs?: number) => ({
    ...({ kind: "cron", rule: "0 12 * * *", zone: "UTC" } as const),
    ...(untilMs !== undefined && { untilMs }),
  });
  const changes = {
    programmes: [programme("p1", "cctv1", NOW), programme("x1", "elsewhere", NOW - HOUR)],
    placements: [
      place("late", { when: rule(NOW + 9 * HOUR), channels: ["cctv1", "cctv2"] }),
      place("soon", { when: rule(NOW + HOUR), channels: ["cctv2"] }),
      place("far", { when: rule(), channels: ["elsewhere"] }),
    ],
  };
  assert.deepEqual((await compile(changes)).left, {
    recurrenceWithoutEnd: false,
    recurrenceEndsMs: [NOW + HOUR, NOW + 9 * HOUR],
    guideUntilMs: NOW + 30 * MINUTE,
    withoutGuide: ["cctv2"],
  });
  const none = { id: "north", name: "North", edges: [], channels: [] };
  const empty = await compile({ ...changes, put: { regions: { north: JSON.stringify(none) } } });
  assert.deepEqual(empty.left, { recurrenceWithoutEnd: false, recurrenceEndsMs: [], withoutGuide: [] });
});

test("isCurrent() holds for what was sent last, until its hour is over, and for nothing else", async () => {
  const view = (await compile()).channel("cctv1");
  const other = (await compile()).channel("cctv1");
  assert.ok(view && other);
  const hourMs = Math.floor(NOW / HOUR) * HOUR + HOUR;
  const sent = view.scheduleAt(hourMs - 2);
  assert.equal(view.isCurrent(sent, hourMs - 1), true);
  assert.equal(view.isCurrent(sent, hourMs), false);
  assert.equal(view.isCurrent(sent, hourMs - 3), false, "a clock that was set back");
  assert.equal(view.isCurrent(other.scheduleAt(hourMs - 2), hourMs - 1), false, "another's body");
  view.scheduleAt(hourMs);
  assert.equal(view.isCurrent(sent, hourMs), false);
});
