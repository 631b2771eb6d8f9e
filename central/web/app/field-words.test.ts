import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { fieldErrors } from "../../routes/field-errors.ts";
import { allRoutes, type RoutePorts } from "../../routes/routes.ts";
import { SENTENCES } from "./field-texts.ts";
import { fieldLine, placeWords } from "./field-words.ts";

/** Routes only keep their ports until they are asked. */
const routes = allRoutes(new Proxy({}, { get: () => ({}) }) as RoutePorts, { secure: false });

/** Every sentence of a schema and of what it is made of. */
function sentences(part: unknown, seen = new Set<unknown>()): string[] {
  if (part === null || typeof part !== "object" || seen.has(part)) return [];
  seen.add(part);
  const own = "message" in part && typeof part.message === "string" ? [part.message] : [];
  return [...own, ...Object.values(part).flatMap((each) => sentences(each, seen))];
}

test("every sentence that a schema of central's says is said in Chinese too", () => {
  const said = routes.flatMap(({ body, bodyShown }) => [...sentences(body), ...sentences(bodyShown)]);
  assert.ok(said.length > 10);
  assert.deepEqual(
    said.filter((one) => !(one in SENTENCES)),
    [],
  );
});

const schema = v.object({
  texts: v.record(v.string(), v.object({ title: v.pipe(v.string(), v.minLength(1), v.maxLength(3)) })),
  options: v.pipe(v.array(v.picklist(["a", "b"])), v.minLength(2)),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(3)),
  share: v.pipe(v.number(), v.gtValue(0)),
  rule: v.pipe(v.string(), v.regex(/^a$/, "Cannot use this rule: it needs five fields")),
  at: v.strictObject({}),
  id: v.string(),
});
const good = { texts: {}, options: ["a", "b"], version: 3, share: 1, rule: "a", at: {}, id: "x" };
const cases: [more: object, en: string, zh: string][] = [
  [{ texts: { en: { title: "" } } }, "Texts › en › Title: must not be empty", "文字 › en › 标题：不能为空"],
  [
    { texts: { en: { title: "long" } } },
    "Texts › en › Title: is too long: at most 3 characters",
    "文字 › en › 标题：太长，最多 3 个字符",
  ],
  [{ options: ["a"] }, "Options: too few: at least 2", "选项：太少，至少 2 个"],
  [{ options: ["a", "c"] }, "Options › 2: must be one of a, b", "选项 › 2：只能是 a, b"],
  [{ version: 1 }, "Version: is too small: at least 3", "版本：太小，至少为 3"],
  [{ version: 3.5 }, "Version: must be a whole number", "版本：必须是整数"],
  [{ version: "3" }, "Version: must be a number", "版本：应为数字"],
  [{ share: 0 }, "Share of boxes: must be above 0", "机顶盒比例：必须大于 0"],
  [{ rule: "b" }, "Rule: Cannot use this rule: it needs five fields", "规则：规则有误，请看规则旁的提示"],
  [{ at: { x: 1 } }, "Moment › x: is not known here", "时刻 › x：不是已知字段"],
  [{ id: undefined }, "Id: is missing", "编号：不能为空"],
];
for (const [more, en, zh] of cases) {
  test(`fieldLine() says ${en}`, () => {
    const { issues } = v.safeParse(schema, { ...good, ...more });
    const [wrong] = fieldErrors(issues ?? []);
    assert.ok(wrong);
    assert.deepEqual([fieldLine(wrong, "en"), fieldLine(wrong, "zh")], [en, zh]);
  });
}

test("fieldErrors() tells of a place once", () => {
  const twice = v.object({
    id: v.pipe(v.string(), v.minLength(1), v.regex(/^[a-z]+$/, "Cannot take this id")),
    name: v.string(),
  });
  const { issues } = v.safeParse(twice, { id: "" });
  assert.deepEqual(
    fieldErrors(issues ?? []).map(({ path, code }) => `${path} ${code}`),
    ["id too-short", "name missing"],
  );
});

test("fieldLine() says what stands against an interaction, a publication, and the whole", () => {
  const said = (path: string, code: string, facts = {}) =>
    fieldLine({ path, message: "in English", code, facts }, "zh");
  assert.equal(said("correct", "no-such-option", { option: "z" }), "正确选项：没有选项 z");
  assert.equal(said("placements.a", "not-carried", { channel: "c1" }), "投放 › a：没有区域包含频道 c1");
  assert.equal(said("", "bad-rule"), "请写五个字段：分 时 日 月 星期");
  assert.equal(said("", "of-tomorrow"), "in English");
});

test("placeWords() leaves what editors named as they named it, and says what was done with it", () => {
  assert.equal(placeWords("placements.title", "zh"), "投放 › title");
  assert.equal(placeWords("interaction.texts.en.options.code", "zh"), "文字 › en › 选项 › code");
  assert.equal(placeWords("placements.added", "zh"), "投放 › 新增");
});

test("placeWords() counts places in a list from one, and leaves ids that are digits as they are", () => {
  assert.match(placeWords("interaction.options.0", "en"), / 1$/);
  assert.match(placeWords("interaction.texts.en.options.7", "en"), / 7$/);
});
