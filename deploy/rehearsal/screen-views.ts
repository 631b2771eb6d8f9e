/** What the overlay may have to draw: every type, in its states, with short and long texts, in three scripts. */
import type { View } from "../../edge/box/core/messages.ts";
import type { KeyName } from "../../edge/box/platform/keys.ts";
import type { Interaction, Texts } from "../../shared/protocol/interaction.ts";
import type { Results } from "../../shared/protocol/results.ts";
import { sampleInteractions } from "../local/sample-interactions.ts";

export interface Screen {
  name: string;
  language: string;
  /** The states that it goes through; the last one is looked at. */
  views: View[];
  /** Pressed on the last one. */
  keys: KeyName[];
}

export const LANGUAGES = ["zh-CN", "en", "ar"] as const;

type Given = Record<string, unknown>;

/** Interactions are put together by hand here; a test holds them against the schema. */
const made = (id: string, fields: Given): Interaction =>
  ({
    id,
    version: 1,
    durationMs: 30_000,
    clockToleranceMs: 5_000,
    defaultLanguage: "zh-CN",
    answer: { mode: "first", closeAfterMs: 60_000, acceptAfterCloseMs: 86_400_000 },
    ...fields,
  }) as unknown as Interaction;

const sampled = (type: Interaction["type"]): Interaction =>
  sampleInteractions().find(({ interaction }) => interaction.type === type)?.interaction as Interaction;

const ARABIC: Record<string, Texts> = {
  poll: {
    title: "كيف ستقضي عطلة نهاية الأسبوع؟",
    body: "اختر واحدا بجهاز التحكم وشاهد ما اختاره الآخرون",
    options: {
      park: "نزهة في الحديقة",
      cook: "طعام شهي في البيت",
      film: "مشاهدة فيلم",
      sleep: "النوم حتى الظهر",
    },
    thanks: "شكرا لمشاركتك",
  },
  rating: { title: "هل أعجبك برنامج الليلة؟", body: "1 سيئ و5 ممتاز", thanks: "شكرا لك" },
  coupon: { title: "الشاي على حسابنا", body: "أظهر هذا الرمز في أي مقهى واحصل على كوب ثان مجانا" },
};

/** A sample with Arabic texts beside its own. */
function withArabic(type: "poll" | "rating" | "coupon"): Interaction {
  const sample = sampled(type);
  return { ...sample, texts: { ...sample.texts, ar: ARABIC[type] as Texts } } as Interaction;
}

const letters = (text: string, count: number) => text.repeat(Math.ceil(count / text.length)).slice(0, count);
const CITIES = {
  "zh-CN": ["哈尔滨", "呼和浩特", "乌鲁木齐", "石家庄", "广州", "成都", "西安", "拉萨", "海口"],
  en: ["Harbin", "Hohhot", "Urumqi", "Shijiazhuang", "Guangzhou", "Chengdu", "Xi'an", "Lhasa", "Haikou"],
};
const NINE = ["o1", "o2", "o3", "o4", "o5", "o6", "o7", "o8", "o9"];
const named = (ids: string[], names: string[]) =>
  Object.fromEntries(ids.map((id, at) => [id, names[at] ?? id]));

const nine = made("nine", {
  type: "poll",
  options: NINE,
  choices: { least: 1, most: 1 },
  texts: {
    "zh-CN": { title: "您最想去哪座城市旅行？", body: "选一座", options: named(NINE, CITIES["zh-CN"]) },
    en: { title: "Which city would you visit first?", body: "Pick one", options: named(NINE, CITIES.en) },
  },
});
const several = made("several", {
  type: "poll",
  options: NINE.slice(0, 5),
  choices: { least: 1, most: 3 },
  texts: {
    "zh-CN": {
      title: "哪几位选手应当晋级？",
      options: named(NINE, ["李明", "王芳", "张伟", "刘洋", "陈静"]),
    },
    en: {
      title: "Who should go through to the final?",
      options: named(NINE, ["Li Ming", "Wang Fang", "Zhang Wei", "Liu Yang", "Chen Jing"]),
    },
  },
});
/** As many as the wire allows, of which several are marked; the Arabic title is cut within names in Latin letters. */
const marked = made("marked", {
  type: "poll",
  options: NINE,
  choices: { least: 1, most: 5 },
  texts: {
    "zh-CN": {
      title: letters("下一站我们应该去哪几座城市？", 60),
      body: "可选几座",
      options: named(NINE, CITIES["zh-CN"]),
    },
    en: {
      title: letters("Which cities should we visit next? ", 120),
      body: "Pick some",
      options: named(NINE, CITIES.en),
    },
    ar: {
      title: `من سيفوز في المباراة النهائية (2026)؟ ${letters("ABCDE FGHIJ KLMNO ", 90)}`,
      body: "اختر واحدا بجهاز التحكم وشاهد ما اختاره الآخرون",
      options: named(NINE, CITIES.en),
    },
  },
});
/** As long as the wire allows. */
const LONG = {
  "zh-CN": "今天傍晚到明天上午我市大部分地区将有大到暴雨，局部地区伴有雷暴大风等强对流天气，请注意防范。",
  en: "From this evening until tomorrow morning most parts of the region expect heavy rain with thunder and gusts. ",
};
const long = (type: "notice" | "poll", count: number) =>
  made(`long-${type}-${count}`, {
    type,
    ...(type === "poll" ? { options: NINE.slice(0, count), choices: { least: 1, most: 1 } } : {}),
    texts: Object.fromEntries(
      (["zh-CN", "en"] as const).map((language) => [
        language,
        {
          title: letters(LONG[language], 200),
          body: letters(LONG[language], 1_000),
          ...(type === "poll"
            ? {
                options: named(
                  NINE,
                  NINE.map((_, at) => letters(LONG[language].slice(at * 3), at % 2 ? 120 : 40)),
                ),
              }
            : {}),
          thanks: letters(LONG[language], 200),
        },
      ]),
    ),
  });
/** Letters without a place to break at, of the wire's lengths; the widest ones, and figures. */
const UNBROKEN = { "zh-CN": "今天傍晚到明天上午我市大部分地区将有大到暴雨", en: "W" };
const unbroken = (type: "poll" | "coupon", count: number, fields: Given = {}) =>
  made(`unbroken-${type}-${count}`, {
    type,
    ...(type === "poll" ? { options: NINE.slice(0, count), choices: { least: 1, most: 1 } } : {}),
    ...fields,
    texts: Object.fromEntries(
      (["zh-CN", "en"] as const).map((language) => [
        language,
        {
          title: letters(UNBROKEN[language], 200),
          body: letters(UNBROKEN[language], 1_000),
          options: named(
            NINE,
            NINE.map(() => letters(UNBROKEN[language], 120)),
          ),
          thanks: letters(UNBROKEN[language], 200),
        },
      ]),
    ),
  });
const IMAGE = { sha256: "a".repeat(64), width: 640, height: 360 };
const coded = (code: string) => ({ ...withArabic("coupon"), code }) as Interaction;
const scaled = (scale: number) => ({ ...sampled("rating"), id: `rating-${scale}`, scale }) as Interaction;
const pictured = (type: Interaction["type"]) => ({ ...sampled(type), image: IMAGE }) as Interaction;
const withUrl = (type: "coupon" | "link", url: string) =>
  ({ ...sampled(type), code: undefined, url }) as Interaction;

function results(interaction: Interaction, more: Partial<Results> = {}): Results {
  const ids =
    interaction.type === "rating"
      ? Array.from({ length: interaction.scale }, (_, at) => String(at + 1))
      : "options" in interaction
        ? interaction.options
        : [];
  const counts = ids.map((_, at) => [5_231, 2_804, 1_977, 640][at % 4] as number);
  return {
    cue: "pl1:once",
    interaction: interaction.id,
    version: 1,
    scope: "edge",
    closed: false,
    total: counts.reduce((sum, one) => sum + one, 0),
    options: Object.fromEntries(ids.map((id, at) => [id, counts[at] as number])),
    asOfMs: 1_795_431_960_000,
    refreshMs: 5_000,
    ...more,
  };
}

const view = (interaction: Interaction, language: string, fields: Partial<View> = {}): View => ({
  cue: "pl1:once",
  interaction,
  phase: "open",
  languages: [language],
  choice: null,
  answerable: interaction.type !== "notice",
  results: null,
  leftMs: 24_000,
  closesInMs: interaction.type === "notice" ? null : 55_000,
  edge: "/.",
  ...fields,
});

/** Every screen in one language. */
export function screens(language: (typeof LANGUAGES)[number]): Screen[] {
  const all: Screen[] = [];
  const add = (
    name: string,
    interaction: Interaction,
    changes: Partial<View>[] = [],
    keys: KeyName[] = [],
  ) => {
    const views = [
      view(interaction, language),
      ...changes.map((change) => view(interaction, language, change)),
    ];
    all.push({ name, language, views, keys });
  };
  const given = (choice: View["choice"]) => ({ choice, answerable: false });
  const counted = (interaction: Interaction, choice: View["choice"], more: Partial<Results> = {}) => ({
    ...given(choice),
    phase: "results" as const,
    results: results(interaction, more),
    leftMs: 8_000,
  });
  const poll = withArabic("poll");
  const rating = withArabic("rating");
  const coupon = withArabic("coupon");

  add("poll", poll);
  add("poll-second", poll, [], ["right", "right"]);
  add("poll-hurry", poll, [{ leftMs: 3_500 }]);
  add("poll-answered", poll, [{ ...given({ options: ["cook"] }), phase: "answered" }]);
  add("poll-results", poll, [counted(poll, { options: ["cook"] })]);
  add("rating", rating);
  add("rating-results", rating, [counted(rating, { rating: 4 })]);
  add("coupon", coupon);
  add("coupon-code-100", coded(letters("8203571946", 100)));
  add("marked", marked, [], ["ok", "down", "down", "ok"]);
  add(
    "marked-send",
    marked,
    [],
    Array.from({ length: 9 }, () => "down"),
  );
  if (language === "ar") return all;

  const quiz = sampled("quiz");
  add("poll-national", poll, [counted(poll, null, { scope: "national", total: 12_345_678 })]);
  add("poll-closed", poll, [{ phase: "closed", answerable: false, leftMs: 4_000 }]);
  add(
    "poll-change",
    { ...poll, answer: { mode: "last", closeAfterMs: 60_000, acceptAfterCloseMs: 0 } } as Interaction,
    [{ choice: { options: ["film"] }, answerable: true, phase: "answered" }],
  );
  add("row-marked", { ...poll, choices: { least: 1, most: 2 } } as Interaction, [], ["ok", "right"]);
  add("poll-image", pictured("poll"));
  add("quiz", quiz);
  add("quiz-answered", quiz, [{ ...given({ options: ["bohai"] }), phase: "answered" }]);
  add("quiz-right", quiz, [counted(quiz, { options: ["bohai"] }, { correct: ["bohai"], closed: true })]);
  add("quiz-wrong", quiz, [counted(quiz, { options: ["east"] }, { correct: ["bohai"], closed: true })]);
  add("quiz-unanswered", quiz, [
    counted(quiz, null, { correct: ["bohai"], closed: true, scope: "national" }),
  ]);
  add("rating-answered", rating, [{ ...given({ rating: 4 }), phase: "answered" }]);
  for (const scale of [2, 3, 7, 10]) add(`rating-${scale}`, scaled(scale), [], ["right"]);
  add("rating-10-results", scaled(10), [counted(scaled(10), { rating: 8 })]);
  add("coupon-kept", coupon, [{ ...given({ options: ["kept"] }), phase: "answered" }]);
  add("coupon-url", withUrl("coupon", "https://shop.example/coupons/2026/winter?box=7f3a&campaign=tea"));
  add("coupon-code-24", coded(letters("W", 24)));
  add("coupon-wide", unbroken("coupon", 0, { code: letters("W", 100), image: IMAGE }));
  add("coupon-wide-kept", unbroken("coupon", 0, { code: letters("优惠券", 100) }), [
    { ...given({ options: ["kept"] }), phase: "answered" },
  ]);
  add("link", sampled("link"));
  add("link-long", withUrl("link", `https://news.example/${letters("a-long-way-down/", 180)}`));
  add("link-opened", sampled("link"), [{ ...given({ options: ["opened"] }), phase: "answered" }]);
  add("notice", sampled("notice"));
  add("notice-image", pictured("notice"));
  add("notice-long", long("notice", 0));
  add("many", nine, [], ["down", "down"]);
  add("many-results", nine, [counted(nine, { options: ["o3"] })]);
  add("several", several, [], ["ok", "down", "ok"]);
  add("several-send", several, [], ["ok", "down", "down", "down", "down", "down"]);
  add("unbroken-two", unbroken("poll", 2));
  add("unbroken-two-answered", unbroken("poll", 2), [{ ...given({ options: ["o1"] }), phase: "answered" }]);
  add("unbroken-nine", unbroken("poll", 9), [], ["down"]);
  add("link-wide", withUrl("link", `https://${letters("w", 60)}.example/`));
  add("long-two", long("poll", 2));
  add("long-nine", long("poll", 9), [], ["down"]);
  add(
    "long-nine-last",
    long("poll", 9),
    [],
    Array.from({ length: 8 }, () => "down"),
  );
  add("long-nine-results", long("poll", 9), [counted(long("poll", 9), { options: ["o2"] })]);
  add("long-answered", long("poll", 2), [{ ...given({ options: ["o1"] }), phase: "answered" }]);
  return all;
}
