/** What a rule, a group or a placement would change, before it is saved or published. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pollBody, TEST_NOW_MS, withCentral } from "../testing/central-for-tests.ts";
import { author, HOUR, MINUTE, time } from "../testing/sample-scheduling.ts";

test("an effect tells what a rule keeps away, saved or not, and what a group's change adds and takes", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    const effect = async (body: object) => (await t.api("POST", "/api/v1/effect", body)).body;
    const saved = await effect({ rule: { id: "fair", groups: ["main"], gapMs: 20 * MINUTE } });
    assert.ok(saved.counts.suppressed > 0);
    assert.deepEqual(
      [saved.told[0].change, saved.told[0].why.rule, saved.counts.freed],
      ["suppressed", "fair", 0],
    );
    const wider = await effect({ rule: { id: "fair", groups: ["main"], gapMs: 50 * MINUTE } });
    assert.ok(wider.counts.suppressed > saved.counts.suppressed);
    const none = await effect({ rule: { id: "unsaved", channels: ["c3"], gapMs: MINUTE } });
    assert.deepEqual([none.told, none.counts.suppressed], [[], 0]);
    const joined = await effect({ group: { id: "main", name: "Main", channels: ["c2", "c3"] } });
    const kinds = new Set(
      joined.told.map(
        ({ change, channels }: { change: string; channels: string[] }) => `${change} ${channels[0]}`,
      ),
    );
    assert.ok(kinds.has("added c3") && kinds.has("withdrawn c1"), [...kinds].join());
    for (const body of [{}, { rule: { id: "fair" }, group: { id: "main", name: "Main", channels: [] } }]) {
      assert.equal((await t.api("POST", "/api/v1/effect", body)).status, 400);
    }
  }));

test("a plan tells what a changed gap, group and blackout keep away and let go, before it is published", () =>
  withCentral({ air: true }, async (t) => {
    await author(t);
    const rule = (id: string, body: object) => t.api("PUT", `/api/v1/channel-rules/${id}`, body);
    const hours = (from: number, until: number) => ({
      fromMs: TEST_NOW_MS + from * HOUR,
      untilMs: TEST_NOW_MS + until * HOUR,
    });
    type Told = { change: string; id: string; atMs: number; channels: string[]; why?: { reason: string } };
    const north = async () => {
      const { difference } = (await t.api("GET", "/api/v1/publish")).body;
      assert.equal(difference.uncompared, 0);
      return difference.cues.find((each: { region: string }) => each.region === "north");
    };
    const tell = (told: Told[], untilMs = TEST_NOW_MS + HOUR) =>
      told
        .filter(({ atMs }) => atMs >= TEST_NOW_MS && atMs < untilMs)
        .map(({ change, atMs, channels, why }) =>
          [change, time(atMs), channels.join(), why?.reason ?? ""].join(" ").trim(),
        );
    assert.ok((await north()).unshown > 0, "new ones that lose at once are told");
    await t.central.publisher.publish();
    assert.deepEqual((await north()).told, []);

    await rule("fair", { groups: ["main"], gapMs: 10 * MINUTE });
    const freed = await north();
    assert.deepEqual(tell(freed.told), ["freed 00:15 c1,c2 gap", "freed 00:45 c1,c2 gap"]);
    assert.equal(freed.firstAtMs, TEST_NOW_MS + 15 * MINUTE);
    await t.central.publisher.publish();

    await rule("quiet", { blackouts: [{ match: { category: "新闻" } }, hours(0, 0.5)] });
    assert.deepEqual(tell((await north()).told), [
      "suppressed 00:00 c1,c2 blackout",
      "suppressed 00:10 c3 blackout",
      "suppressed 00:15 c1,c2 blackout",
    ]);
    const { channels } = (
      await t.api("GET", `/api/v1/timeline?channels=c2&fromMs=${TEST_NOW_MS}&untilMs=${TEST_NOW_MS + HOUR}`)
    ).body;
    assert.deepEqual(
      channels[0].cues.map(
        ({
          atMs,
          onAir,
          suppressed,
        }: { atMs: number; onAir: boolean } & { suppressed?: { reason: string } }) =>
          [time(atMs), onAir, suppressed?.reason ?? "appears"].join(" "),
      ),
      ["00:00 false blackout", "00:15 false blackout", "00:30 true appears", "00:45 true appears"],
    );
    await t.central.publisher.publish();

    await t.api("PUT", "/api/v1/channel-groups/main", { name: "Main", channels: ["c1"] });
    await rule("quiet", { blackouts: [{ match: { category: "新闻" } }] });
    const left = tell((await north()).told);
    assert.ok(left.includes("freed 00:00 c1 blackout"), left.join("; "));
    assert.ok(left.includes("withdrawn 00:30 c2"), left.join("; "));
  }));

test("a plan tells region by region what a placement limited to one region keeps away there", () =>
  withCentral({ air: true }, async (t) => {
    await author(t);
    await t.central.publisher.publish();
    await t.api("PUT", "/api/v1/placements/southern", {
      ...{ interaction: "int-1", version: 1, channels: ["c2"], regions: ["south"], priority: 9 },
      when: { kind: "instant", atMs: TEST_NOW_MS + 10 * MINUTE },
    });
    const { difference } = (await t.api("GET", "/api/v1/publish")).body;
    const counts = difference.cues.map((each: Record<string, number | string>) =>
      [each.region, each.added, each.suppressed, each.freed].join(" "),
    );
    // In the south 00:00 loses to it, and 00:15; so 00:30, which kept its distance to 00:00, stays.
    assert.deepEqual(counts, ["north 0 0 0", "south 1 1 0"]);
  }));

test("a plan warns of a placement of which every cue is suppressed, and not of overlaps that a gap prevents", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    const place = (id: string, more: object) =>
      t.api("PUT", `/api/v1/placements/${id}`, {
        ...{ interaction: "int-1", version: 1, channels: ["c2"] },
        ...more,
      });
    await place("buried", { when: { kind: "instant", atMs: TEST_NOW_MS + 1000 }, priority: -1 });
    const { checks } = (await t.api("GET", "/api/v1/publish")).body;
    const words = checks.map(({ path, message }: { path: string; message: string }) => `${path} ${message}`);
    assert.ok(
      words.includes(
        "placements.buried Its only cue of the next eight days is suppressed, first by: gap of channel rule fair",
      ),
      words.join("; "),
    );
    assert.ok(!words.some((each: string) => each.includes("on the screen")), words.join("; "));
  }));

test("a plan warns of a placement that cannot be fetched ahead because another keeps its interaction secret", () =>
  withCentral({ air: false }, async (t) => {
    await author(t);
    const checks = async () =>
      (await t.api("GET", "/api/v1/publish")).body.checks
        .filter(({ code }: { code: string }) => code === "embargoed-elsewhere")
        .map(({ path, facts }: { path: string; facts: { other: string } }) => `${path} ${facts.other}`)
        .sort();
    assert.deepEqual(await checks(), []);
    const secret = (atMs: number) =>
      t.api("PUT", "/api/v1/placements/secret", {
        ...{ interaction: "int-1", version: 1, channels: ["c3"], embargo: { spreadMs: 1000 } },
        when: { kind: "instant", atMs },
      });
    await secret(TEST_NOW_MS + HOUR);
    const others = ["big", "first", "northern", "quarter"].map((id) => `placements.${id} secret`);
    assert.deepEqual(await checks(), others);
    await secret(TEST_NOW_MS - HOUR);
    assert.deepEqual(await checks(), [], "its embargo is over");
  }));

test("a plan tells what changed in the texts of an interaction, and warnings of the change apart from those that stand", () =>
  withCentral({ air: true }, async (t) => {
    await author(t);
    const place = (id: string, version: number, atMs: number) =>
      t.api("PUT", `/api/v1/placements/${id}`, {
        ...{ interaction: "int-1", version, channels: ["c3"], when: { kind: "instant", atMs } },
      });
    await place("long-past", 1, TEST_NOW_MS - HOUR);
    await t.central.publisher.publish();
    const { interaction } = pollBody;
    const texts = { en: { options: { a: "Scarlet", b: "Blue" } }, zh: { title: "谁赢？", body: "请选择" } };
    await t.api("POST", "/api/v1/interactions", { interaction: { ...interaction, texts } });
    for (const { placement } of (await t.api("GET", "/api/v1/placements")).body.placements) {
      const { id, ...rest } = placement;
      if (id !== "long-past") await t.api("PUT", `/api/v1/placements/${id}`, { ...rest, version: 2 });
    }
    const { difference, checks } = (await t.api("GET", "/api/v1/publish")).body;
    // Version 1 stays on air, by the placement that is over.
    assert.deepEqual(difference.interactions, [
      {
        ...{ id: "int-1@2", change: "changed", was: "int-1@1" },
        changes: [
          { path: "interaction.texts.en.options.a", from: "Red", to: "Scarlet" },
          { path: "interaction.texts.en.title", from: "Who wins?" },
          { path: "interaction.texts.zh", to: { title: "谁赢？", body: "请选择" } },
        ],
      },
    ]);
    const told = checks.map((each: { path: string; code: string; standing: boolean }) =>
      [each.standing, each.path, each.code].join(" "),
    );
    assert.ok(told.includes("true placements.long-past past"), told.join("; "));
    assert.ok(told.includes("false interactions.int-1@2 no-text"), told.join("; "));
    assert.deepEqual([...told].sort().reverse().at(-1)?.slice(0, 5), "false");
    assert.ok(told.findIndex((each: string) => each.startsWith("true")) > 0, "those of the change first");
    const titles = checks.filter(({ facts }: { facts: { text?: string } }) => facts.text === "title");
    assert.deepEqual(
      titles.map(({ facts }: { facts: { language: string } }) => facts.language),
      ["en"],
    );
    await place("long-past", 2, TEST_NOW_MS - HOUR);
    const again = (await t.api("GET", "/api/v1/publish")).body;
    assert.deepEqual(
      again.difference.interactions.map(
        (each: { id: string; change: string }) => `${each.change} ${each.id}`,
      ),
      ["changed int-1@2"],
    );
    const past = again.checks.find(({ code }: { code: string }) => code === "past");
    assert.equal(past.standing, false, "it is touched");
  }));
