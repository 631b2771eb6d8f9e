/** The status page's words, Chinese and English: labels, and what a technician does about each trouble. */
import type { TroubleCode } from "./report.ts";

export type Tongue = "zh" | "en";

export interface Words {
  language: string;
  title: string;
  states: { good: string; warning: string; alarm: string };
  labels: Record<
    | "central"
    | "serves"
    | "refused"
    | "left"
    | "outbox"
    | "traffic"
    | "clock"
    | "content"
    | "versions"
    | "troubles"
    | "now",
    string
  >;
  up: string;
  down: string;
  noCentral: string;
  since: string;
  nothing: string;
  none: string;
  published: string;
  recurrences: string;
  endless: string;
  bounded: string;
  guide: string;
  hours: string;
  noGuide: string;
  waiting: string;
  oldest: string;
  pullsPerSecond: string;
  boxes: string;
  ofWhichUnchanged: string;
  unknown: string;
  todo: string;
  running: string;
  counts: (counts: {
    channels: number;
    placements: number;
    interactions: number;
    programmes: number;
  }) => string;
  actions: Record<TroubleCode, string>;
}

const en: Words = {
  language: "en",
  title: "Cuecast edge",
  states: { good: "All is well", warning: "Serving, with warnings", alarm: "Needs attention now" },
  labels: {
    central: "Line to central",
    serves: "Serves",
    refused: "Refused",
    left: "Schedule left",
    outbox: "Outbox",
    traffic: "Traffic",
    clock: "Clock against central",
    content: "Content",
    versions: "Versions",
    troubles: "What is wrong, and what to do",
    now: "As of",
  },
  up: "up",
  down: "down",
  noCentral: "no central is set",
  since: "since",
  nothing: "nothing yet",
  none: "Nothing is wrong.",
  published: "published",
  recurrences: "recurrences",
  endless: "without end",
  bounded: "with an end, or none",
  guide: "programmes",
  hours: "h",
  noGuide: "no guide",
  waiting: "waiting",
  oldest: "oldest from",
  pullsPerSecond: "pulls a second",
  boxes: "boxes, about",
  ofWhichUnchanged: "replies without a body",
  unknown: "not measured yet",
  todo: "What to do",
  running: "running since",
  counts: (counts) =>
    `${counts.channels} channels, ${counts.placements} placements, ${counts.interactions} interactions, ${counts.programmes} programmes`,
  actions: {
    "not-enrolled": "Make a code at central (cuecast enrol) and start this edge with --central and --enrol.",
    "nothing-to-serve": "Publish at central, and check the line to it. Boxes go on with what they stored.",
    "central-unreachable":
      "Check this machine's network, then whether central runs. Boxes notice nothing meanwhile; answers wait in the outbox.",
    "publication-refused":
      "Nothing on this machine. At central: if it was restored from a copy, publish with a new epoch; if not, find out who changed its air database.",
    "sync-fails":
      "It is tried again by itself. If it stays: check that this machine reaches central's libSQL server, and that this edge was not revoked.",
    "region-unknown": "Add the region at central and publish, or enrol this edge anew for the right one.",
    "entries-left-out":
      "They could not be read by this release. Upgrade this edge to central's release; the rest is on air.",
    "guide-ends-soon": "Import a newer guide at central and publish.",
    "outbox-refuses":
      "Make room on the disk of the data directory. Answers are refused with 503 until then; boxes keep them.",
    "outbox-waits": "Check the line to central, and central's own status. Nothing is lost while they wait.",
    "answers-set-aside":
      "They are kept in outbox.db. See this edge's log for the reason; most often its release is older than central's.",
    "copy-damaged":
      "The copy before it, or the next sync, takes its place by itself. If it comes again, check the disk.",
    "clock-off": "Check time synchronisation (chrony or systemd-timesyncd) here and at central.",
    failures: "See this edge's log for request-failed, and report it.",
  },
};

const zh: Words = {
  language: "zh-CN",
  title: "Cuecast 边缘节点",
  states: { good: "一切正常", warning: "正常服务,有警告", alarm: "需要立即处理" },
  labels: {
    central: "与中心的线路",
    serves: "正在提供",
    refused: "已拒绝",
    left: "排期余量",
    outbox: "待发箱",
    traffic: "流量",
    clock: "与中心的时差",
    content: "内容",
    versions: "版本",
    troubles: "问题与处理办法",
    now: "截至",
  },
  up: "正常",
  down: "中断",
  noCentral: "未设置中心",
  since: "自",
  nothing: "尚无内容",
  none: "没有问题。",
  published: "发布于",
  recurrences: "周期规则",
  endless: "无期限",
  bounded: "有期限或没有",
  guide: "节目",
  hours: "小时",
  noGuide: "没有节目单",
  waiting: "条等待",
  oldest: "最早来自",
  pullsPerSecond: "次拉取/秒",
  boxes: "机顶盒约",
  ofWhichUnchanged: "次无正文回复",
  unknown: "尚未测得",
  todo: "处理办法",
  running: "启动于",
  counts: (counts) =>
    `${counts.channels} 个频道,${counts.placements} 个投放,${counts.interactions} 个互动,${counts.programmes} 个节目`,
  actions: {
    "not-enrolled": "在中心生成注册码(cuecast enrol),再用 --central 和 --enrol 启动本节点。",
    "nothing-to-serve": "在中心发布内容,并检查到中心的线路。机顶盒会继续使用已存的内容。",
    "central-unreachable": "先检查本机网络,再检查中心是否运行。期间机顶盒不受影响,答案留在待发箱。",
    "publication-refused":
      "本机无需操作。在中心:如果数据是从备份恢复的,请以新的 epoch 发布;否则请查明是谁改动了 air 数据库。",
    "sync-fails": "会自动重试。如果持续存在:检查本机能否访问中心的 libSQL 服务,以及本节点是否已被吊销。",
    "region-unknown": "在中心添加该地区并发布,或为本节点重新注册正确的地区。",
    "entries-left-out": "当前版本无法读取这些条目。请把本节点升级到中心的版本;其余内容照常播出。",
    "guide-ends-soon": "在中心导入更新的节目单并发布。",
    "outbox-refuses": "请为数据目录所在磁盘腾出空间。在此之前答案会以 503 拒绝,由机顶盒保留。",
    "outbox-waits": "检查到中心的线路以及中心自身的状态。等待期间不会丢失任何数据。",
    "answers-set-aside": "它们保存在 outbox.db 中。原因见本节点日志;最常见的是本节点版本低于中心。",
    "copy-damaged": "会自动改用前一份副本或下一次同步的内容。如果再次出现,请检查磁盘。",
    "clock-off": "检查本机与中心的时间同步(chrony 或 systemd-timesyncd)。",
    failures: "在本节点日志中查找 request-failed,并上报。",
  },
};

export const WORDS: Record<Tongue, Words> = { zh, en };

/** The better of the two for an `Accept-Language`; English when it names neither. */
export function tongueOf(header: string | undefined): Tongue {
  let best: { tongue: Tongue; weight: number } | undefined;
  for (const item of (header ?? "").split(",")) {
    const [range = "", ...parameters] = item.trim().toLowerCase().split(";");
    const primary = range.trim().split("-")[0];
    if (primary !== "zh" && primary !== "en") continue;
    const q = parameters.map((parameter) => /^\s*q=([0-9.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
    const weight = q === undefined ? 1 : Number(q);
    if (weight > (best?.weight ?? 0)) best = { tongue: primary, weight };
  }
  return best?.tongue ?? "en";
}
