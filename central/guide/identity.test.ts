/** Ids that stay: what moves keeps its id, what is new gets its own, what is gone is removed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Programme } from "../../shared/guide/programme.ts";
import { at } from "./_testing.ts";
import { type IncomingProgramme, MOVE_MAX_MS, matchProgrammes, type ProgrammeMatch } from "./identity.ts";

/** `hhmm-hhmm title`, separated by commas; `+1 ` before it: a day later. */
function parse(text: string): IncomingProgramme[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => {
      const [, days, from = "", until = "", title = ""] =
        /^(?:\+(\d) )?(\d{4})-(\d{4}) (.+)$/.exec(part) ?? [];
      const dayMs = Number(days ?? 0) * 86_400_000;
      const endMs = until === "2400" ? at("0000") + 86_400_000 : at(until);
      return { channel: "c1", title, startMs: at(from) + dayMs, endMs: endMs + dayMs };
    });
}

const store = (text: string): Programme[] =>
  parse(text).map((programme, n) => ({ id: `p${n}`, ...programme }));

/** The store after a match. */
function applied(existing: Programme[], match: ProgrammeMatch): Programme[] {
  const rows = new Map(existing.map((programme) => [programme.id, programme]));
  for (const id of match.remove) rows.delete(id);
  for (const programme of match.upsert) rows.set(programme.id, programme);
  return [...rows.values()].sort((one, other) => one.startMs - other.startMs);
}

const asText = (programmes: Programme[]) =>
  programmes.map(
    ({ id, title, startMs }) => `${id} ${new Date(startMs).toISOString().slice(11, 16)} ${title}`,
  );

const cases: [name: string, old: string, fresh: string, after: string[], counts: string][] = [
  [
    "keeps all ids when nothing changed",
    "1000-1100 A, 1100-1200 B",
    "1000-1100 A, 1100-1200 B",
    ["p0 10:00 A", "p1 11:00 B"],
    "added 0 moved 0 changed 0 removed 0 unchanged 2",
  ],
  [
    "keeps the ids of what an overrun moves",
    "1000-1100 A, 1100-1200 B, 1200-1300 C",
    "1000-1120 A, 1120-1215 B, 1215-1300 C",
    ["p0 10:00 A", "p1 11:20 B", "p2 12:15 C"],
    "added 0 moved 2 changed 1 removed 0 unchanged 0",
  ],
  [
    "leaves what stands in a hole of over 24 h, and cuts what reaches out of it",
    "1000-1100 A, 1100-1200 B, +1 1000-1100 C, +2 0930-1030 D, +2 1030-1100 E",
    "1000-1100 A, +2 1000-1100 X",
    ["p0 10:00 A", "p1 11:00 B", "p2 10:00 C", "p3 09:30 D", "? 10:00 X"],
    "added 1 moved 0 changed 1 removed 1 unchanged 1",
  ],
  [
    "removes what stands in a hole of 24 h",
    "1000-1100 A, 1100-1200 B, +1 1000-1100 C",
    "1000-1100 A, +1 1100-1200 X",
    ["p0 10:00 A", "? 11:00 X"],
    "added 1 moved 0 changed 0 removed 2 unchanged 1",
  ],
  [
    "takes a title in other case or width for the same",
    "1000-1100 The News",
    "1000-1100 the ＮＥＷＳ",
    ["p0 10:00 the ＮＥＷＳ"],
    "added 0 moved 0 changed 1 removed 0 unchanged 0",
  ],
  [
    "follows hourly news that all shift by ten minutes",
    "1000-1030 News, 1100-1130 News, 1200-1230 News",
    "1010-1040 News, 1110-1140 News, 1210-1240 News",
    ["p0 10:10 News", "p1 11:10 News", "p2 12:10 News"],
    "added 0 moved 3 changed 0 removed 0 unchanged 0",
  ],
  [
    "never pairs across one that stays",
    "1000-1030 News, 1100-1130 News, 1200-1300 X",
    "0900-1100 Y, 1100-1130 News, 1200-1230 News, 1230-1300 X",
    ["? 09:00 Y", "p1 11:00 News", "? 12:00 News", "p2 12:30 X"],
    "added 2 moved 1 changed 0 removed 1 unchanged 1",
  ],
  [
    "follows what moves before and after one that stays",
    "1000-1030 News, 1030-1100 X, 1100-1130 News, 1200-1230 News",
    "0930-1015 X, 1015-1030 News, 1100-1130 News, 1205-1235 News",
    ["p1 09:30 X", "p0 10:15 News", "p2 11:00 News", "p3 12:05 News"],
    "added 0 moved 3 changed 0 removed 0 unchanged 1",
  ],
  [
    "tells airings of one title by what stands around them when one is dropped and another comes",
    "1000-1030 News, 1030-1100 X, 1100-1130 News, 1130-1200 Y, 1200-1230 News, 1230-1300 Z",
    "1000-1110 Live, 1110-1140 News, 1140-1210 Y, 1210-1240 News, 1240-1310 Z, 1310-1340 News",
    ["? 10:00 Live", "p2 11:10 News", "p3 11:40 Y", "p4 12:10 News", "p5 12:40 Z", "? 13:10 News"],
    "added 2 moved 4 changed 0 removed 2 unchanged 0",
  ],
  [
    "pairs the nearer of two",
    "1000-1030 A, 1300-1330 A, 1330-1400 Z",
    "0900-1310 B, 1310-1330 A, 1330-1400 Z",
    ["? 09:00 B", "p1 13:10 A", "p2 13:30 Z"],
    "added 1 moved 1 changed 0 removed 1 unchanged 1",
  ],
  [
    "takes a move of over six hours for another programme",
    "1000-1100 A, 1100-2000 B",
    "1000-1601 C, 1601-1700 A, 1700-2000 D",
    ["? 10:00 C", "? 16:01 A", "? 17:00 D"],
    "added 3 moved 0 changed 0 removed 2 unchanged 0",
  ],
  [
    "follows a move of six hours",
    "1000-1100 A, 1100-2000 B",
    "1000-1600 C, 1600-1700 A, 1700-2000 D",
    ["? 10:00 C", "p0 16:00 A", "? 17:00 D"],
    "added 2 moved 1 changed 0 removed 1 unchanged 0",
  ],
  [
    "leaves what lies outside the file's time alone",
    "0800-0900 A, 1000-1100 B, 1300-1400 C, +1 1000-1100 B",
    "1000-1100 B, 1100-1200 N",
    ["p0 08:00 A", "p1 10:00 B", "? 11:00 N", "p2 13:00 C", "p3 10:00 B"],
    "added 1 moved 0 changed 0 removed 0 unchanged 1",
  ],
  [
    "removes what the file no longer has within its time",
    "1000-1100 A, 1100-1200 B, 1200-1300 C",
    "1000-1100 A, 1200-1300 C",
    ["p0 10:00 A", "p2 12:00 C"],
    "added 0 moved 0 changed 0 removed 1 unchanged 2",
  ],
  [
    "follows what reaches into the file's time from before it",
    "0930-1030 A, 1030-1100 B",
    "1000-1100 A, 1100-1130 B",
    ["p0 10:00 A", "p1 11:00 B"],
    "added 0 moved 2 changed 0 removed 0 unchanged 0",
  ],
  [
    "cuts what reaches into the file's time and is not in it",
    "0930-1030 A",
    "1000-1100 B",
    ["p0 09:30 A", "? 10:00 B"],
    "added 1 moved 0 changed 1 removed 0 unchanged 0",
  ],
  [
    "changes nothing for an empty list",
    "1000-1100 A",
    "",
    ["p0 10:00 A"],
    "added 0 moved 0 changed 0 removed 0 unchanged 0",
  ],
];
for (const [name, old, fresh, after, counts] of cases) {
  test(`matchProgrammes() ${name}`, () => {
    const existing = store(old);
    const match = matchProgrammes(existing, parse(fresh));
    const known = new Set(existing.map(({ id }) => id));
    const rows = applied(existing, match).map((row) => (known.has(row.id) ? row : { ...row, id: "?" }));
    assert.deepEqual(asText(rows), after);
    const { added, moved, changed, remove, unchanged } = match;
    assert.equal(
      `added ${added} moved ${moved.length} changed ${changed} removed ${remove.length} unchanged ${unchanged}`,
      counts,
    );
  });
}

test("matchProgrammes() tells each move: id, from, to", () => {
  const { moved } = matchProgrammes(store("1000-1100 A"), parse("0950-1010 N, 1010-1110 A"));
  assert.deepEqual(moved, [{ id: "p0", channel: "c1", title: "A", fromMs: at("1000"), toMs: at("1010") }]);
});

test("matchProgrammes() makes an id from channel, start and title", () => {
  const [one] = matchProgrammes([], parse("1000-1100 A")).upsert;
  assert.match(one?.id ?? "", /^p[0-9a-z]{12}$/);
  assert.deepEqual(matchProgrammes([], parse("1000-1200 A")).upsert[0]?.id, one?.id);
  for (const other of [{ channel: "c2" }, { startMs: at("1001") }, { title: "B" }]) {
    const [row] = matchProgrammes(
      [],
      parse("1000-1100 A").map((programme) => ({ ...programme, ...other })),
    ).upsert;
    assert.notEqual(row?.id, one?.id);
  }
});

test("matchProgrammes() never gives an id twice: not where one stood that has moved away", () => {
  const first = matchProgrammes([], parse("1000-1100 A"));
  const moved = applied([], first).map((row) => ({ ...row, startMs: at("1500"), endMs: at("1600") }));
  const { upsert } = matchProgrammes(moved, parse("1000-1100 A"));
  assert.equal(upsert.length, 1);
  assert.notEqual(upsert[0]?.id, moved[0]?.id);
});

test("matchProgrammes() does not remove what comes back too far away under the id it once had", () => {
  const [first] = matchProgrammes([], parse("1000-1100 A")).upsert;
  const moved = [{ ...first, startMs: at("1700"), endMs: at("1800") } as Programme];
  const match = matchProgrammes(moved, parse("1000-1100 A, 1100-2000 B"));
  assert.deepEqual(match.remove, []);
  assert.deepEqual(asText(applied(moved, match))[0], `${first?.id} 10:00 A`);
});

test("matchProgrammes() sees a change in every field", () => {
  const old: Programme = {
    ...(store("1000-1100 A")[0] as Programme),
    titles: { zh: "甲", en: "A" },
    series: "s",
    subtitle: "u",
    categories: ["x", "y"],
    isNew: true,
  };
  const { id: _, ...same } = old;
  const changes: Partial<Programme>[] = [
    { endMs: at("1101") },
    { title: "a" },
    { titles: { zh: "甲", en: "B" } },
    { titles: undefined },
    { series: undefined },
    { subtitle: "v" },
    { categories: ["x"] },
    { isNew: false },
  ];
  for (const change of changes) assert.equal(matchProgrammes([old], [{ ...same, ...change }]).changed, 1);
  assert.equal(matchProgrammes([old], [{ ...same, titles: { en: "A", zh: "甲" } }]).unchanged, 1);
});

/** Sorted, none over another, few titles, so that they repeat. */
const lists = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 40 }),
      length: fc.integer({ min: 1, max: 90 }),
      title: fc.constantFrom("A", "B", "C"),
    }),
    {
      maxLength: 25,
    },
  )
  .map((parts) => {
    let nextMs = at("0000");
    return parts.map(({ gap, length, title }): IncomingProgramme => {
      const startMs = nextMs + gap * 300_000;
      nextMs = startMs + length * 60_000;
      return { channel: "c1", title, startMs, endMs: nextMs };
    });
  });

test("matchProgrammes() makes the store agree with the file, ids unique, and then changes nothing", () => {
  fc.assert(
    fc.property(lists, lists, (before, after) => {
      const existing = applied([], matchProgrammes([], before));
      const match = matchProgrammes(existing, after);
      const rows = applied(existing, match);
      assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
      for (const [n, row] of rows.entries()) assert.ok(row.endMs <= (rows[n + 1]?.startMs ?? Infinity));
      const firstMs = after[0]?.startMs ?? 0;
      const lastMs = after.at(-1)?.endMs ?? 0;
      const inside = rows.filter(({ startMs }) => startMs >= firstMs && startMs < lastMs);
      assert.deepEqual(
        inside.map(({ id: _, ...row }) => row),
        after,
      );
      for (const { fromMs, toMs } of match.moved) assert.ok(Math.abs(toMs - fromMs) <= MOVE_MAX_MS);
      const again = matchProgrammes(rows, after);
      assert.deepEqual([again.upsert, again.remove, again.unchanged], [[], [], after.length]);
    }),
    { numRuns: 2000, seed: 20261123 },
  );
});

/** News before each show, half an hour each, from a moment on. */
const evening = (shows: readonly string[], fromMs: number): IncomingProgramme[] =>
  shows
    .flatMap((show) => ["News", show])
    .map((title, at) => {
      const startMs = fromMs + at * 1_800_000;
      return { channel: "c1", title, startMs, endMs: startMs + 1_800_000 };
    });

test("matchProgrammes() follows every repeat that stays in its place when the list moves, loses its head and grows", () => {
  const counts = fc.record({
    shows: fc.integer({ min: 2, max: 20 }),
    lost: fc.integer({ min: 0, max: 6 }),
    more: fc.integer({ min: 0, max: 6 }),
    // Never a multiple of half an hour: what stands where one of its title stood is the same by the first rule.
    movedMs: fc
      .integer({ min: -300, max: 300 })
      .filter((minutes) => minutes % 30 !== 0)
      .map((minutes) => minutes * 60_000),
  });
  fc.assert(
    fc.property(counts, ({ shows, lost, more, movedMs }) => {
      const names = Array.from({ length: shows + more }, (_, n) => `Show ${n}`);
      const left = Math.min(lost, shows - 1);
      const before = applied([], matchProgrammes([], evening(names.slice(0, shows), at("0600"))));
      const fromMs = at("0600") + left * 3_600_000 + movedMs;
      const live = { channel: "c1", title: "Live", startMs: at("0000"), endMs: fromMs };
      const moved = evening(names.slice(left), fromMs);
      const night = {
        ...live,
        title: "Night",
        startMs: moved.at(-1)?.endMs ?? 0,
        endMs: at("2300") + 86_400_000,
      };
      const after = [live, ...moved, night];
      const rows = applied(before, matchProgrammes(before, after));
      const stays = before.slice(left * 2).map(({ id, title }) => [id, title]);
      assert.deepEqual(
        rows.slice(1, 1 + stays.length).map(({ id, title }) => [id, title]),
        stays,
      );
    }),
    { numRuns: 1000, seed: 20261127 },
  );
});

test("matchProgrammes() pairs long lists of one title, all moved", () => {
  const many = Array.from({ length: 1200 }, (_, n): IncomingProgramme => {
    const startMs = at("0000") + n * 1_200_000;
    return { channel: "c1", title: "Shopping", startMs, endMs: startMs + 1_200_000 };
  });
  const existing = applied([], matchProgrammes([], many));
  const later = many.map((each) => ({ ...each, startMs: each.startMs + 60_000, endMs: each.endMs + 60_000 }));
  const { added, moved, remove } = matchProgrammes(existing, later);
  // Where the lists are cut in parts, one may be left on either side.
  assert.ok(moved.length >= 1190, `${moved.length} moved`);
  assert.equal(moved.length + added, 1200);
  assert.equal(remove.length, added);
});
