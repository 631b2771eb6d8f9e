/** The television's own words in Chinese and English. */

const ENGLISH = {
  title: "What this box knows",
  other: "中文",
  full: "Picture only (P brings this back)",
  channel: "Channel",
  schedule: "Schedule",
  nextCue: "Next cue",
  clock: "Clock",
  network: "Network",
  store: "Store",
  outbox: "Outbox",
  recent: "What happened",
  none: "none",
  unknown: "unknown",
  revision: "epoch #, revision #, # cues",
  nothing: "nothing held yet",
  held: "held",
  notHeld: "not held yet",
  inTime: "in #",
  ahead: "wall clock #",
  bound: "± # ms",
  fromStore: "from the store",
  edge: "Edge",
  trip: "# ms",
  asking: "asking",
  fine: "fine",
  failing: "# waiting to try again",
  stored: "# schedules, # interactions, # fired",
  waiting: "# answers, # airings",
  box: "Box",
  now: "Now",
  next: "Next",
  noProgramme: "No programme information",
  noBox: "Cannot start the box: the script did not load",
  happened: {
    started: "started",
    tuned: "tuned",
    schedule: "schedule",
    edge: "edge",
    airing: "airing",
    answer: "answer",
    receipt: "receipt",
    left: "left the screen",
    "request-failed": "request failed",
    "clock-jumped": "clock jumped",
  } as Record<string, string>,
};

export type TvTexts = typeof ENGLISH;

const CHINESE: TvTexts = {
  title: "机顶盒所知",
  other: "English",
  full: "仅显示画面(按 P 恢复)",
  channel: "频道",
  schedule: "排期表",
  nextCue: "下一互动",
  clock: "时钟",
  network: "网络",
  store: "存储",
  outbox: "待发",
  recent: "最近发生",
  none: "无",
  unknown: "未知",
  revision: "第 # 期第 # 版,# 个互动点",
  nothing: "尚未取得",
  held: "已预取",
  notHeld: "尚未预取",
  inTime: "# 后",
  ahead: "本机时钟 #",
  bound: "± # 毫秒",
  fromStore: "取自存储",
  edge: "边缘节点",
  trip: "# 毫秒",
  asking: "请求中",
  fine: "正常",
  failing: "# 项待重试",
  stored: "排期 #、互动 #、已触发 #",
  waiting: "回答 #、播出记录 #",
  box: "机顶盒",
  now: "正在播出",
  next: "接下来",
  noProgramme: "暂无节目信息",
  noBox: "无法启动机顶盒:脚本未载入",
  happened: {
    started: "启动",
    tuned: "换台",
    schedule: "排期表",
    edge: "边缘节点",
    airing: "播出",
    answer: "回答",
    receipt: "回执",
    left: "离开屏幕",
    "request-failed": "请求失败",
    "clock-jumped": "时钟跳变",
  },
};

export function tvTexts(language: string): TvTexts {
  return language.toLowerCase().indexOf("zh") === 0 ? CHINESE : ENGLISH;
}

/** Puts values where a text has a `#`, in order. */
export function filled(text: string, ...values: (string | number)[]): string {
  let at = 0;
  return text.replace(/#/g, () => String(values[at++]));
}
