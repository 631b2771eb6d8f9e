import assert from "node:assert/strict";
import { test } from "node:test";
import { authorSample, pollBody, withCentral } from "../testing/central-for-tests.ts";

test("tags come and go beside versions, are found by, and never go on air", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    const other = { interaction: { ...pollBody.interaction, id: "int-2" } };
    await t.api("POST", "/api/v1/interactions", other);
    await t.central.publisher.publish();
    const tag = (id: string, body: unknown) => t.api("POST", `/api/v1/interactions/${id}/tags`, body);
    // Without case and spaces around: what looks the same is the same.
    assert.deepEqual((await tag("int-1", { add: [" Sport ", "世界杯"] })).body, {
      tags: ["sport", "世界杯"],
    });
    assert.deepEqual((await tag("int-1", { add: ["live"], remove: ["SPORT"] })).body.tags, [
      "live",
      "世界杯",
    ]);
    await tag("int-2", { add: ["live"] });
    const ids = async (query: string) =>
      (await t.api("GET", `/api/v1/interactions?${query}`)).body.interactions.map(
        (each: { interaction: { id: string } }) => each.interaction.id,
      );
    assert.deepEqual(await ids("tag=Live"), ["int-1", "int-2"]);
    assert.deepEqual(await ids(`tag=${encodeURIComponent("世界杯")}`), ["int-1"]);
    assert.deepEqual(await ids(`q=${encodeURIComponent("世界 wins")}`), ["int-1"]);
    assert.deepEqual((await t.api("GET", "/api/v1/interaction-tags")).body.tags, [
      { tag: "live", count: 2 },
      { tag: "世界杯", count: 1 },
    ]);
    const one = (await t.api("GET", "/api/v1/interactions/int-1")).body;
    assert.deepEqual([one.tags, one.versions], [["live", "世界杯"], [1]]);
    assert.deepEqual((await t.api("POST", "/api/v1/publish", {})).body.changed, false);
    const [audited] = (await t.api("GET", "/api/v1/audit?subject=int-2")).body.entries;
    assert.deepEqual(audited.changes, [{ path: "tags", from: [], to: ["live"] }]);
  }));

test("a tag that is none is refused, and so is one too many", () =>
  withCentral({ air: false }, async (t) => {
    await authorSample(t);
    const tag = (id: string, body: unknown) => t.api("POST", `/api/v1/interactions/${id}/tags`, body);
    for (const bad of ["", "  ", "a,b", "x".repeat(41), "a\u0000b"]) {
      assert.equal((await tag("int-1", { add: [bad] })).status, 400, JSON.stringify(bad));
    }
    assert.equal((await tag("nobody", { add: ["a"] })).status, 404);
    const twenty = Array.from({ length: 20 }, (_, index) => `t${index}`);
    assert.equal((await tag("int-1", { add: twenty })).status, 200);
    assert.equal((await tag("int-1", { add: ["one-more"] })).body.type, "/problems/too-many-tags");
    assert.equal((await tag("int-1", { add: ["one-more"], remove: ["t0"] })).status, 200);
  }));

test("versions are told as they were saved, several at once; what is not there is left out", () =>
  withCentral({ air: false }, async (t) => {
    await authorSample(t);
    const { interaction } = pollBody;
    const texts = { en: { title: "A draft", options: { a: "Swapped", b: "Labels" } } };
    await t.api("POST", "/api/v1/interactions", {
      interaction: { ...interaction, defaultLanguage: "en", texts },
    });
    const told = await t.api("GET", "/api/v1/interaction-versions?of=int-1@2,int-1@1,int-1@1,int-1@7,no@1");
    assert.deepEqual(
      told.body.interactions.map((each: { version: number; texts: unknown }) => [each.version, each.texts]),
      [
        [2, texts],
        [1, interaction.texts],
      ],
    );
    const many = Array.from({ length: 101 }, (_, index) => `x@${index + 1}`).join(",");
    for (const bad of ["", "int-1", "int-1@x", "@1", many])
      assert.equal((await t.api("GET", `/api/v1/interaction-versions?of=${bad}`)).status, 400, bad);
  }));

test("a text that is given says something: blank ones are refused, by their place", () =>
  withCentral({ air: false }, async (t) => {
    const save = (texts: object) =>
      t.api("POST", "/api/v1/interactions", { interaction: { ...pollBody.interaction, texts } });
    const refused = await save({ en: { title: " ", options: { a: "", b: "Blue" } }, zh: { body: "" } });
    assert.equal(refused.status, 400);
    assert.deepEqual(
      refused.body.errors.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`),
      ["en.title", "en.options.a", "zh.body"].map((place) => `interaction.texts.${place} blank-text`),
    );
    assert.equal((await save({ en: { options: { a: "Red" } } })).status, 200);
  }));
