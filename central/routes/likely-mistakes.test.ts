/** What an editor is told before it goes on air: what nobody could win, answer, choose or see. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { authorSample, pollBody, TEST_NOW_MS, withCentral } from "../testing/central-for-tests.ts";

const INSTANT = { kind: "instant", atMs: TEST_NOW_MS + 60_000 };
const { interaction: poll } = pollBody;
const quiz = (id: string, choices: object, correct: string[]) => ({
  interaction: { ...poll, id, type: "quiz", choices },
  correct,
});

test("a quiz is refused whose right options no viewer can choose", () =>
  withCentral({ air: false }, async (t) => {
    const codesOf = async (choices: object, correct: string[]) => {
      const { status, body } = await t.api("POST", "/api/v1/interactions", quiz("q", choices, correct));
      return status === 200 ? [] : body.errors.map(({ code }: { code: string }) => code);
    };
    assert.deepEqual(await codesOf({ least: 1, most: 1 }, ["a", "b"]), ["more-right-than-choices"]);
    assert.deepEqual(await codesOf({ least: 2, most: 2 }, ["a"]), ["fewer-right-than-choices"]);
    assert.deepEqual(await codesOf({ least: 1, most: 2 }, ["a", "a"]), ["right-twice"]);
    assert.deepEqual(await codesOf({ least: 1, most: 2 }, ["a", "b"]), []);
    assert.deepEqual(await codesOf({ least: 1, most: 1 }, ["a"]), []);
  }));

test("a placement with nothing chosen is told all that it lacks at once, each once", () =>
  withCentral({ air: false }, async (t) => {
    const nothing = { interaction: "", version: 1, channels: [], when: INSTANT };
    const { status, body } = await t.api("PUT", "/api/v1/placements/p", nothing);
    assert.deepEqual(
      [status, body.errors.map(({ path, code }: { path: string; code: string }) => `${path}: ${code}`)],
      [400, ["interaction: too-short", ": not-so"]],
    );
  }));

test("a placement tells what of it is on air", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    const aired = async () => (await t.api("GET", "/api/v1/placements/pl1/air")).body.placement?.priority;
    assert.equal(await aired(), undefined);
    await t.central.publisher.publish();
    const { placement } = (await t.api("GET", "/api/v1/placements/pl1")).body;
    const { id, ...rest } = placement;
    await t.api("PUT", `/api/v1/placements/${id}`, { ...rest, priority: 7 });
    assert.equal(await aired(), placement.priority);
    assert.notEqual(placement.priority, 7);
  }));

test("a plan warns of rules that have ended, of early closes, of one option and of languages without texts", () =>
  withCentral({ air: false }, async (t) => {
    await authorSample(t);
    const save = async (id: string, more: object, correct?: string[]) => {
      const saved = await t.api("POST", "/api/v1/interactions", {
        interaction: { ...poll, ...more, id },
        ...(correct && { correct }),
      });
      assert.equal(saved.status, 200, JSON.stringify(saved.body));
    };
    const place = async (id: string, interaction: string, more: object = {}) => {
      const body = { interaction, version: 1, channels: ["c1"], when: INSTANT, ...more };
      const saved = await t.api("PUT", `/api/v1/placements/${id}`, body);
      assert.equal(saved.status, 200, JSON.stringify(saved.body));
    };
    const early = { answer: { ...poll.answer, closeAfterMs: 5_000 } };
    await save("early", early);
    await save("early-told", { ...early, results: "after-close" });
    await save("early-quiz", { ...early, type: "quiz", results: "after-answer" }, ["a"]);
    await save("one", {
      ...{ options: ["a"], texts: { en: { title: "One", options: { a: "Only" } } } },
    });
    for (const id of ["early", "early-told", "early-quiz", "one"]) await place(`p-${id}`, id);
    const rule = { kind: "cron", rule: "0 20 * * *", zone: "UTC" };
    await place("ended", "int-1", { when: { ...rule, untilMs: TEST_NOW_MS - 1_000 } });
    await place("going", "int-1", { when: { ...rule, untilMs: TEST_NOW_MS + 30 * 86_400_000 } });
    await place("foreign", "int-1", { audience: { languages: ["xx", "en-GB"] } });
    const { checks } = (await t.api("GET", "/api/v1/publish")).body;
    const told = checks
      .map(({ path, code, facts }: { path: string; code: string; facts: Record<string, unknown> }) =>
        [path, code, facts.s ?? facts.language].filter((each) => each !== undefined).join(" "),
      )
      .filter((each: string) => !/ (on-screen|all-suppressed|late-added)/.test(each));
    assert.deepEqual(told.sort(), [
      "interactions.early@1 closes-on-screen 15",
      "interactions.one@1 one-option",
      "placements.ended over",
      "placements.foreign audience-language xx",
    ]);
  }));

test("the list of publications tells what was withdrawn, and what was gone back to", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    assert.equal((await t.api("POST", "/api/v1/withdraw", { cue: "pl1:c1-p1.0" })).status, 200);
    assert.equal((await t.api("POST", "/api/v1/rollback", { epoch: 1, revision: 1 })).status, 200);
    const { publications } = (await t.api("GET", "/api/v1/publications")).body;
    assert.deepEqual(
      publications.map(({ kind, about }: { kind: string; about?: object }) => [kind, about]),
      [
        ["rollback", { epoch: 1, revision: 1 }],
        ["withdraw", { cue: "pl1:c1-p1.0" }],
        ["publish", undefined],
      ],
    );
  }));

test("publishing is refused for what has nothing to read in its default language, and withdrawing never", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    assert.equal((await t.api("POST", "/api/v1/publish", {})).status, 200);
    const blank = { ...poll, id: "blank", texts: { en: {}, "zh-CN": poll.texts.en } };
    assert.equal((await t.api("POST", "/api/v1/interactions", { interaction: blank })).status, 200);
    const place = { interaction: "blank", version: 1, channels: ["c1"], when: INSTANT };
    await t.api("PUT", "/api/v1/placements/p-blank", place);
    const { checks } = (await t.api("GET", "/api/v1/publish")).body;
    const codes = ["nothing-to-read", "option-without-label", "option-without-label"];
    const refusing = checks.filter(({ level }: { level: string }) => level === "refuse");
    assert.deepEqual(
      refusing.map(({ code }: { code: string }) => code),
      codes,
    );
    const refused = await t.api("POST", "/api/v1/publish", {});
    assert.deepEqual(
      [refused.status, refused.body.errors.map(({ code }: { code: string }) => code)],
      [422, codes],
    );
    assert.equal((await t.api("POST", "/api/v1/withdraw", { placement: "pl1" })).status, 200);
  }));
