/** Interactions to start with, one of each type, in Chinese and English. The texts are our own. */
import type { InteractionEntry } from "../../shared/publication/entries.ts";

const DAY_MS = 86_400_000;
const common = { version: 1, clockToleranceMs: 5000, defaultLanguage: "zh-CN" };

/** New objects on every call; each passes central's checks as it is. */
export function sampleInteractions(): InteractionEntry[] {
  return [
    {
      interaction: {
        ...common,
        id: "weekend-poll",
        type: "poll",
        durationMs: 30_000,
        texts: {
          "zh-CN": {
            title: "这个周末，您想怎么过？",
            body: "用遥控器选一项，马上看到大家的选择",
            options: { park: "去公园走走", cook: "在家做顿好饭", film: "看一部电影", sleep: "睡到自然醒" },
            thanks: "谢谢参与！看看邻居们怎么选",
          },
          en: {
            title: "How will you spend the weekend?",
            body: "Pick one with your remote and see what others chose",
            options: {
              park: "A walk in the park",
              cook: "A good meal at home",
              film: "A film",
              sleep: "Sleeping in",
            },
            thanks: "Thank you! Here is what your neighbours chose",
          },
        },
        options: ["park", "cook", "film", "sleep"],
        choices: { least: 1, most: 1 },
        answer: { mode: "first", closeAfterMs: 120_000, acceptAfterCloseMs: DAY_MS },
        results: "after-answer",
      },
    },
    {
      interaction: {
        ...common,
        id: "river-quiz",
        type: "quiz",
        durationMs: 30_000,
        clockToleranceMs: 2000,
        texts: {
          "zh-CN": {
            title: "有奖竞猜：黄河流入哪个海？",
            body: "30 秒内作答，只有第一次选择有效",
            options: { bohai: "渤海", yellow: "黄海", east: "东海" },
            thanks: "已收到您的答案，结束后揭晓",
          },
          en: {
            title: "Quiz: into which sea does the Yellow River flow?",
            body: "You have 30 seconds, and only your first choice counts",
            options: { bohai: "The Bohai Sea", yellow: "The Yellow Sea", east: "The East China Sea" },
            thanks: "We have your answer; the solution follows at the end",
          },
        },
        options: ["bohai", "yellow", "east"],
        choices: { least: 1, most: 1 },
        answer: { mode: "first", closeAfterMs: 30_000, acceptAfterCloseMs: DAY_MS },
        results: "after-close",
      },
      correct: ["bohai"],
    },
    {
      interaction: {
        ...common,
        id: "evening-rating",
        type: "rating",
        durationMs: 25_000,
        texts: {
          "zh-CN": {
            title: "今晚的节目，您打几分？",
            body: "1 分不满意，5 分非常满意",
            thanks: "谢谢！您的意见会转告节目组",
          },
          en: {
            title: "How did you like tonight's programme?",
            body: "1 is poor, 5 is excellent",
            thanks: "Thank you! We pass it on to the makers",
          },
        },
        scale: 5,
        answer: { mode: "last", closeAfterMs: 300_000, acceptAfterCloseMs: DAY_MS },
        results: "after-answer",
      },
    },
    {
      interaction: {
        ...common,
        id: "tea-coupon",
        type: "coupon",
        durationMs: 30_000,
        texts: {
          "zh-CN": {
            title: "请您喝杯茶",
            body: "到任意一家清溪茶馆出示券码，第二杯免费。本月底前有效",
            thanks: "已为您收好",
          },
          en: {
            title: "Tea is on us",
            body: "Show this code at any Clearbrook tea house: your second cup is free until the end of the month",
            thanks: "Kept for you",
          },
        },
        code: "QINGXI-2NDCUP",
        answer: { mode: "first", closeAfterMs: 600_000, acceptAfterCloseMs: DAY_MS },
        results: "never",
      },
    },
    {
      interaction: {
        ...common,
        id: "recipe-link",
        type: "link",
        durationMs: 30_000,
        texts: {
          "zh-CN": {
            title: "刚才那道菜怎么做？",
            body: "手机扫一扫，菜谱和采购清单带回家",
            thanks: "祝您好胃口",
          },
          en: {
            title: "How was that dish made?",
            body: "Scan for the recipe and a shopping list",
            thanks: "Enjoy your meal",
          },
        },
        url: "https://recipes.example/today",
        answer: { mode: "first", closeAfterMs: 600_000, acceptAfterCloseMs: DAY_MS },
        results: "never",
      },
    },
    {
      interaction: {
        ...common,
        id: "rain-notice",
        type: "notice",
        durationMs: 15_000,
        clockToleranceMs: 600_000,
        texts: {
          "zh-CN": { title: "暴雨黄色预警", body: "今晚到明天上午有大到暴雨，请减少外出，注意低洼路段积水" },
          en: {
            title: "Yellow warning: heavy rain",
            body: "Heavy rain tonight until tomorrow morning. Stay in if you can, and mind flooded underpasses",
          },
        },
      },
    },
  ];
}
