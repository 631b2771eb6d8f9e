/**
 * What the sample guide is made of: programmes of our own invention, and the day of each channel. Channels are
 * named as China Central Television's are; no programme of theirs is named.
 */

export interface SampleProgramme {
  zh: string;
  en: string;
  /** In both languages; a key of SAMPLE_CATEGORIES. */
  category: string;
  minutes: number;
  /** Has an episode a day. */
  series: boolean;
}

export interface SampleChannel {
  id: string;
  zh: string;
  en: string;
  /** Local time `hh:mm` and programme: what stands at a fixed hour every day. */
  fixed: [string, string][];
  /** Fills the time between, turn by turn. */
  rota: string[];
}

export const SAMPLE_CATEGORIES: Record<string, [zh: string, en: string]> = {
  news: ["新闻", "News"],
  life: ["生活", "Lifestyle"],
  drama: ["电视剧", "Drama"],
  film: ["电影", "Film"],
  variety: ["综艺", "Variety"],
  sports: ["体育", "Sports"],
  nature: ["纪录", "Documentary"],
  science: ["科教", "Science"],
  finance: ["财经", "Business"],
  music: ["音乐", "Music"],
  opera: ["戏曲", "Opera"],
  children: ["少儿", "Children"],
  law: ["法治", "Law"],
  forces: ["军事", "Armed forces"],
};

const item = (category: string, minutes: number, zh: string, en: string, series = true): SampleProgramme => ({
  zh,
  en,
  category,
  minutes,
  series,
});

export const SAMPLE_PROGRAMMES: Record<string, SampleProgramme> = {
  dawnNews: item("news", 60, "清晨播报", "Daybreak Report"),
  noonNews: item("news", 30, "正午三十分", "Thirty at Noon"),
  eveningNews: item("news", 30, "七点新闻", "The Seven O'Clock News"),
  weather: item("news", 5, "天气早知道", "Weather Ahead"),
  focus: item("news", 20, "焦点对话", "In Focus"),
  lateNews: item("news", 30, "夜间新闻", "Late News"),
  hourNews: item("news", 30, "整点新闻", "News on the Hour"),
  worldWatch: item("news", 30, "世界窗口", "World Watch"),
  townTalk: item("life", 30, "街坊议事厅", "Town Talk"),
  kitchen: item("life", 30, "一日三餐", "Three Meals a Day"),
  market: item("life", 45, "赶集去", "Off to Market"),
  health: item("life", 40, "健康早知道", "The Health Clinic"),
  riverside: item("drama", 50, "河岸人家", "A Riverside Family"),
  lanterns: item("drama", 50, "灯火长街", "Street of Lanterns"),
  stationmaster: item("drama", 50, "小站站长", "The Stationmaster"),
  snowline: item("drama", 50, "雪线之上", "Above the Snowline"),
  matinee: item("film", 100, "午后影院：纸飞机", "Afternoon Cinema: Paper Planes", false),
  feature: item("film", 115, "银幕之夜：渡口", "Screen Night: The Ferry", false),
  classicFilm: item("film", 95, "老片重温：茶山恋歌", "Classics Again: Song of the Tea Hills", false),
  filmTalk: item("film", 30, "幕后一刻", "Behind the Screen"),
  talent: item("variety", 90, "谁来唱一首", "Who Will Sing"),
  comedy: item("variety", 60, "笑声满堂", "A Hall of Laughter"),
  quizShow: item("variety", 60, "知识擂台", "Last One Standing"),
  reunion: item("variety", 75, "周末团圆席", "The Weekend Table"),
  football: item("sports", 120, "足球之夜：蓝港对青山", "Football Night: Blue Harbour v Green Hills", false),
  tableTennis: item("sports", 90, "乒乓公开赛", "Table Tennis Open"),
  sportsNews: item("sports", 30, "体育快讯", "Sports Dispatch"),
  fitness: item("sports", 30, "跟我一起练", "Train with Me"),
  rivers: item("nature", 50, "大江的源头", "Where the Rivers Rise"),
  crafts: item("nature", 40, "手艺的温度", "The Warmth of Craft"),
  cranes: item("nature", 50, "丹顶鹤的一年", "A Year with the Cranes"),
  oldTowns: item("nature", 45, "古镇日记", "Old Town Diaries"),
  lab: item("science", 40, "实验室开门", "The Lab is Open"),
  stars: item("science", 45, "仰望星空", "Looking Up"),
  howMade: item("science", 30, "物件从哪来", "So That Is How"),
  opening: item("finance", 60, "开盘时刻", "Opening Bell"),
  closing: item("finance", 60, "收盘盘点", "Closing Round-Up"),
  founders: item("finance", 45, "创业者说", "Founders Speak"),
  farmBusiness: item("finance", 30, "田间经济", "Farm and Market"),
  concert: item("music", 90, "金色大厅", "The Golden Hall"),
  folk: item("music", 45, "山里的歌", "Songs of the Hills"),
  charts: item("music", 60, "新歌榜", "The New Chart"),
  pekingOpera: item("opera", 120, "京剧经典：借东风", "Peking Opera: Borrowing the East Wind", false),
  operaSchool: item("opera", 40, "票友课堂", "Learn to Sing Opera"),
  localOpera: item("opera", 75, "乡音戏台", "Village Stage"),
  puppets: item("children", 25, "小木偶阿吉", "Aji the Puppet"),
  cartoon: item("children", 25, "云朵邮递员", "The Cloud Postman"),
  bedtime: item("children", 20, "睡前故事屋", "The Bedtime House"),
  whyTime: item("children", 30, "小问号时间", "Why Time"),
  courtDay: item("law", 45, "庭审日", "A Day in Court"),
  mediator: item("law", 40, "老李调解", "The Mediation Room"),
  safety: item("law", 30, "平安提示", "Stay Safe"),
  barracks: item("forces", 40, "军营一天", "A Day in the Barracks"),
  forcesNews: item("forces", 30, "营区新闻", "Forces Report"),
};

export const SAMPLE_CHANNELS: SampleChannel[] = [
  {
    id: "cctv1",
    zh: "CCTV-1 综合",
    en: "CCTV-1 General",
    fixed: [
      ["06:00", "dawnNews"],
      ["12:00", "noonNews"],
      ["19:00", "eveningNews"],
      ["19:30", "weather"],
      ["19:35", "focus"],
      ["20:00", "riverside"],
      ["22:00", "lateNews"],
    ],
    rota: ["riverside", "kitchen", "crafts", "lanterns", "townTalk", "howMade"],
  },
  {
    id: "cctv2",
    zh: "CCTV-2 财经",
    en: "CCTV-2 Business",
    fixed: [
      ["09:15", "opening"],
      ["15:00", "closing"],
      ["20:30", "founders"],
    ],
    rota: ["farmBusiness", "founders", "market", "kitchen", "quizShow"],
  },
  {
    id: "cctv3",
    zh: "CCTV-3 综艺",
    en: "CCTV-3 Variety",
    fixed: [
      ["19:30", "talent"],
      ["21:00", "comedy"],
    ],
    rota: ["comedy", "charts", "reunion", "folk", "quizShow"],
  },
  {
    id: "cctv4",
    zh: "CCTV-4 中文国际",
    en: "CCTV-4 International",
    fixed: [
      ["07:00", "dawnNews"],
      ["12:00", "noonNews"],
      ["18:00", "worldWatch"],
      ["21:00", "lateNews"],
    ],
    rota: ["oldTowns", "worldWatch", "stationmaster", "health", "crafts"],
  },
  {
    id: "cctv5",
    zh: "CCTV-5 体育",
    en: "CCTV-5 Sports",
    fixed: [
      ["06:30", "fitness"],
      ["12:00", "sportsNews"],
      ["18:00", "sportsNews"],
      ["19:30", "football"],
    ],
    rota: ["tableTennis", "sportsNews", "fitness"],
  },
  {
    id: "cctv6",
    zh: "CCTV-6 电影",
    en: "CCTV-6 Film",
    fixed: [
      ["13:00", "matinee"],
      ["19:00", "filmTalk"],
      ["20:15", "feature"],
    ],
    rota: ["classicFilm", "filmTalk", "matinee"],
  },
  {
    id: "cctv7",
    zh: "CCTV-7 国防军事",
    en: "CCTV-7 Armed Forces",
    fixed: [["19:30", "forcesNews"]],
    rota: ["barracks", "snowline", "forcesNews", "rivers"],
  },
  {
    id: "cctv8",
    zh: "CCTV-8 电视剧",
    en: "CCTV-8 Drama",
    fixed: [
      ["19:30", "lanterns"],
      ["20:20", "snowline"],
    ],
    rota: ["lanterns", "stationmaster", "snowline", "riverside"],
  },
  {
    id: "cctv9",
    zh: "CCTV-9 纪录",
    en: "CCTV-9 Documentary",
    fixed: [["20:00", "cranes"]],
    rota: ["rivers", "oldTowns", "crafts", "cranes"],
  },
  {
    id: "cctv10",
    zh: "CCTV-10 科教",
    en: "CCTV-10 Science",
    fixed: [["20:10", "lab"]],
    rota: ["lab", "stars", "howMade", "health"],
  },
  {
    id: "cctv11",
    zh: "CCTV-11 戏曲",
    en: "CCTV-11 Opera",
    fixed: [["19:20", "pekingOpera"]],
    rota: ["operaSchool", "localOpera", "oldTowns"],
  },
  {
    id: "cctv12",
    zh: "CCTV-12 社会与法",
    en: "CCTV-12 Society and Law",
    fixed: [["20:40", "courtDay"]],
    rota: ["mediator", "courtDay", "safety", "townTalk"],
  },
  {
    id: "cctv13",
    zh: "CCTV-13 新闻",
    en: "CCTV-13 News",
    fixed: [
      ["06:00", "dawnNews"],
      ["12:00", "noonNews"],
      ["19:00", "eveningNews"],
    ],
    rota: ["hourNews", "worldWatch"],
  },
  {
    id: "cctv14",
    zh: "CCTV-14 少儿",
    en: "CCTV-14 Children",
    fixed: [["20:30", "bedtime"]],
    rota: ["puppets", "cartoon", "whyTime"],
  },
  {
    id: "cctv15",
    zh: "CCTV-15 音乐",
    en: "CCTV-15 Music",
    fixed: [["20:00", "concert"]],
    rota: ["charts", "folk", "concert"],
  },
  {
    id: "cctv16",
    zh: "CCTV-16 奥林匹克",
    en: "CCTV-16 Olympics",
    fixed: [["20:00", "tableTennis"]],
    rota: ["fitness", "tableTennis", "sportsNews"],
  },
];
