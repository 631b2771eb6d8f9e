/** The status page in Chinese. */
import { createDetails } from "./details.ts";
import { CHINESE_DETAILS } from "./details-zh.ts";
import { grouped } from "./figures.ts";
import type { Words } from "./tongue.ts";

const UNITS: readonly [ms: number, name: string][] = [
  [86_400_000, "天"],
  [3_600_000, "小时"],
  [60_000, "分钟"],
  [1_000, "秒"],
];

function span(ms: number): string {
  const [unitMs, name] = UNITS.find(([least]) => ms >= least) ?? [1_000, "秒"];
  return `${Math.max(0, Math.floor(ms / unitMs))} ${name}`;
}

const REVOKED =
  "请联系中心的管理员。若要恢复：在中心生成新的注册码（cuecast enrol），并用 --enrol 和该注册码（env 文件中的 CUECAST_ENROL）重启本节点；中心的地址已保存，无需再给。在此之前本节点继续服务，答案不会丢失。";
const RIGHTS =
  "请以 root 身份把文件交还给本节点：chown -R --reference=目录/ 目录/，再 chmod -R u+rwX 目录/（目录即 --data 的数据目录）。若目录本身的属主不对，先把它改为服务所用的用户；若文件系统为只读，请检查磁盘。之后会自动恢复。";
const IN_THE_WAY = "请在数据目录中移走挡路的文件或目录（详情中有其名称）。本节点会建立自己的，并自动恢复。";
const CERTIFICATE =
  "颁发者未知：用 --ca 指定该机构的证书；已过期：在对端续期；名称不符：改用证书中的名称；CaUsedAsEndEntity：这是颁发机构自己的证书（CA:TRUE），请改用由颁发机构签发的证书。具体是哪一种见详情。若本机时钟不准，请先校时。";

/** Fields of log lines. */
const FIELDS: Readonly<Record<string, string>> = {
  name: "文件",
  file: "文件",
  revision: "修订",
  afterMs: "毫秒后",
  number: "编号",
  reason: "原因",
  how: "方式",
  from: "从",
  to: "到",
  line: "线路",
  trouble: "原因",
  state: "状态",
  cue: "互动时刻",
};

export const chinese: Words = {
  language: "zh-CN",
  title: "Cuecast 边缘节点",
  states: { good: "一切正常", warning: "正常服务，有警告", alarm: "需要立即处理" },
  stateWords: {
    good: "机顶盒有排期，答案可接收，中心可达。",
    warning: (count) => `有 ${count} 项需要留意，见下文。`,
    alarm: (count) => `有 ${count} 项问题，处理办法见下文。`,
  },
  cards: {
    line: "与中心的线路",
    publication: "正在提供",
    left: "排期余量",
    outbox: "待发箱",
    boxes: "机顶盒",
    clock: "时钟",
    disk: "磁盘",
    versions: "版本",
  },
  troublesTitle: "问题与处理办法",
  recentTitle: "最近的警告和错误",
  recentNone: "启动以来没有。",
  recentColumns: { when: "时间", event: "事件", words: "发生了什么，如何处理", times: "次数" },
  up: "正常",
  down: "中断",
  since: (text) => `已 ${text}`,
  ago: (text) => `${text}前`,
  span,
  lastSync: (text) => `上次同步 ${text}`,
  neverSynced: "启动后尚未同步",
  nothing: "尚无内容",
  published: (text) => `发布于 ${text}`,
  hours: (hours) => `${hours} 小时`,
  guideEnds: (at) => `节目单到 ${at}`,
  noGuide: "没有节目单",
  guideOver: "节目单已结束",
  endless: "有无期限的周期规则",
  recurrenceEnds: (hours, at) => `有周期规则将在 ${hours} 小时后结束（${at}）`,
  recurrencesOver: "周期规则均已结束",
  noRecurrence: "没有周期规则",
  withoutGuide: (count, names) => `${count} 个频道没有节目单：${names}`,
  suppressed: (counts) => `被频道规则抑制的互动：${counts}`,
  counts: (counts) =>
    `${grouped(counts.channels)} 个频道，${grouped(counts.programmes)} 个节目，${grouped(counts.placements)} 个投放，${grouped(counts.interactions)} 个互动`,
  waiting: (count) => `${grouped(count)} 条等待`,
  empty: "空",
  oldest: (text) => `最早的已等 ${text}`,
  onDisk: (size) => `占用磁盘 ${size}`,
  setAside: (count) => `${grouped(count)} 条已搁置`,
  about: (boxes) => `约 ${grouped(boxes)} 台`,
  boxesUnknown: "统计中",
  boxesUnknownWhy: "需要五分钟的拉取记录",
  boxesHow: "按最近十分钟的拉取估算",
  pullsPerSecond: (rate) => `每秒 ${rate} 次拉取`,
  pullsChart: "每秒拉取次数，最近半小时",
  shed: (count) => `${grouped(count)} 次被婉拒`,
  offset: (text) => `${text} 毫秒`,
  within: (text) => `与中心相比，误差不超过 ${text} 毫秒`,
  clockUnknown: "尚未测得",
  clockNow: (at) => `现在 ${at}`,
  zones: (own) => `时区数据 ${own}`,
  zonesSame: "与中心一致",
  zonesOther: (other) => `中心为 ${other}`,
  zonesUnknown: "中心的尚不清楚",
  free: (size) => `剩余 ${size}`,
  ofTotal: (size) => `共 ${size}`,
  memory: (size) => `内存 ${size}`,
  running: (text) => `已运行 ${text}`,
  certificate: (text) => `证书还有 ${text}到期`,
  unknown: "未知",
  todo: "处理办法",
  listed: "、",
  between: "；",
  detail: createDetails(CHINESE_DETAILS),
  field: (name, value) => `${FIELDS[name] ?? name} ${value}`,
  reasons: {
    withdrawn: "编辑已撤下",
    "outside-programme": "节目已提前结束",
    blackout: "频道静默时段",
    gap: "间隔过近",
    "hour-limit": "该小时已达上限",
  },
  refreshed: (at) => `截至 ${at}；本页会自动刷新。`,
  otherTongue: { tongue: "en", name: "English" },
  troubles: {
    "not-enrolled": {
      title: "本节点尚未注册",
      action: "在中心生成注册码（cuecast enrol），再用 --central 和 --enrol 启动本节点。",
    },
    "nothing-to-serve": {
      title: "没有可提供的内容",
      action: "在中心发布内容，并检查到中心的线路。机顶盒会继续使用已存的内容。",
    },
    "publication-refused": {
      title: "中心当前的发布被拒绝，继续提供上一个正确的发布",
      action:
        "本机无需操作。在中心：如果数据是从备份恢复的，请用 --new-epoch 发布；否则请查明是谁改动了 air 数据库。",
    },
    "region-unknown": {
      title: "发布中没有本节点的地区",
      action: "在中心添加该地区并发布，或为本节点重新注册正确的地区。",
    },
    "outbox-refuses": {
      title: "答案无法存储",
      action: "请为数据目录所在磁盘腾出空间。在此之前答案会以 503 拒绝，由机顶盒保留并稍后再发。",
    },
    "outbox-damaged": {
      title: "待发箱的一个文件已损坏，答案仍照常接收",
      action:
        "请检查磁盘。能读出的会照常发往中心；读不出的仍在数据目录中列出的文件里。已移到一旁的数据库（.db）可交给能修复它的人，或移走，本提示随即消失。答案文件（answers 目录中的 .log）在其中内容不再需要记住时会自行删除，请勿手动删除。已重新写入的文件是完整的；请查明是谁删除了它。比此前旧的 outbox.db 会继续使用，本提示在下次启动时消失。",
    },
    "not-enrolled-anew": {
      title: "注册码未能使本节点重新注册，继续使用原来的身份",
      action:
        "若未能到达中心：修复线路后重启本节点，注册码一天内有效。若中心拒绝了注册码：在中心生成新的（cuecast enrol），再用它重启。若要保持原来的身份，去掉 --enrol（CUECAST_ENROL）。",
    },
    "disk-full-soon": {
      title: "磁盘即将写满",
      action: "请为数据目录所在磁盘腾出空间或扩容，以免答案被拒绝。",
    },
    "workers-missing": {
      title: "工作进程退出或无法启动",
      action:
        "请在 journalctl -u cuecast-edge 中查看原因：worker-ended、worker-silent、worker-refused。最常见的是内存不足：请减少 --workers。",
    },
    "clock-off": {
      title: "本机时钟与中心不一致",
      action: "检查本机与中心的时间同步（chrony 或 systemd-timesyncd）。",
    },
    "clock-behind": {
      title: "本机时钟落后于自己的过去",
      action: "请校正时钟，并检查时间同步。断电后主板电池失效会造成这种情况。在此之前互动会触发得太晚。",
    },
    "clock-stepped": {
      title: "本机时钟发生了大幅跳变，或主机曾休眠",
      action: "如果是人工校时，无需处理。如果再次出现，请检查时间同步和宿主机负载。",
    },
    "central-unreachable": {
      title: "无法到达中心",
      action: "先检查本机网络，再检查中心是否运行。期间机顶盒不受影响，答案留在待发箱。",
    },
    "sync-fails": {
      title: "同步失败，继续提供上一个正确的发布",
      action: "会自动重试。如果持续存在，请看详情，并检查本机能否访问 air。",
    },
    "outbox-waits": {
      title: "有答案等待发往中心",
      action: "检查到中心的线路以及中心自身的状态。等待期间不会丢失任何数据。",
    },
    "answers-set-aside": {
      title: "中心拒绝了个别答案，已搁置",
      action:
        "它们保存在 outbox.db 中，不影响其他答案。用 cuecast doctor --data 目录 --set-aside list 可看到各自被拒绝的原因；最常见的是本节点版本低于中心。升级后用 --set-aside send 重新发送；--set-aside drop 则丢弃。",
    },
    "entries-left-out": {
      title: "当前版本无法读取部分条目",
      action: "请把本节点升级到中心的版本；其余内容照常播出。",
    },
    "guide-ends-soon": { title: "节目单即将用完", action: "在中心导入更新的节目单并发布。" },
    "copy-damaged": {
      title: "磁盘上的一份副本已损坏或缺失",
      action:
        "已自动改用另一份，或已重新写入。请查明是谁删除了这里的文件；如果再次出现，请检查磁盘。无法重新写入的仍在内存中：重启本节点之前，请腾出空间，或让本节点的用户可以写入。",
    },
    "certificate-ends": {
      title: "对机顶盒使用的证书即将到期",
      action: "请续期，替换 --tls-cert 和 --tls-key 指定的文件，并重启本节点。",
    },
    "time-zones-differ": {
      title: "时区数据与中心不同",
      action: "请让两端使用同一版本的 Cuecast 和运行时。在此之前，若某国调整过时制，周期互动的时刻可能不同。",
    },
    failures: { title: "有请求在内部出错", action: "在本节点日志中查找 request-failed，并上报。" },
  },
  away: "本节点现在没有应答：下面是它最后的状态。本页会继续询问；若一直如此，请检查本节点是否在运行。",
  outboxRights: {
    title: "答案无法存储：本节点无权读写自己的文件",
    action: `${RIGHTS}在此之前答案会以 503 拒绝，由机顶盒保留并稍后再发。`,
  },
  outboxInTheWay: {
    title: "答案无法存储：本节点的文件位置被占用",
    action: `${IN_THE_WAY}在此之前答案会以 503 拒绝，由机顶盒保留并稍后再发。`,
  },
  central: {
    refused: {
      title: "中心没有运行，或不在该端口",
      action: "启动中心，或更正 --central。防火墙拒绝连接时现象相同。",
    },
    silent: {
      title: "中心没有应答：线路吞掉了数据，或过于缓慢",
      action: "检查到中心的网线、路由和防火墙（ping、traceroute），再检查中心的负载。",
    },
    cut: {
      title: "到中心的连接不断被切断",
      action: "检查中间的设备：重置连接的防火墙、代理或负载均衡。",
    },
    "no-way": {
      title: "找不到通往中心地址的路",
      action: "检查 --central 的地址、域名解析（DNS）和本机的默认路由。",
    },
    certificate: { title: "中心的证书不受信任", action: CERTIFICATE },
    "no-tls": {
      title: "中心在该端口不使用 TLS",
      action: "在 --central 中改用 http://，或为中心设置 --tls-cert 和 --tls-key。",
    },
    "tls-there": { title: "中心在该端口使用 TLS", action: "在 --central 中改用 https://。" },
    token: { title: "中心不接受本节点：已被吊销，或不是原来的中心", action: REVOKED },
    compacting: { title: "中心暂时繁忙", action: "无需处理，会自动重试。" },
    disk: { title: "本节点磁盘已满", action: "请为数据目录所在磁盘腾出空间。" },
    rights: { title: "本节点无权读写自己的文件", action: RIGHTS },
    "in-the-way": { title: "本节点的文件位置被占用", action: IN_THE_WAY },
    "other-server": {
      title: "在中心地址上应答的不是中心",
      action: "检查 --central，以及中心前面的代理。",
    },
    unwell: { title: "中心有应答，但暂时无法处理", action: "查看中心自身的状态和日志。" },
  },
  air: {
    refused: {
      title: "air 的 libSQL 服务没有运行，或不在该端口",
      action: "它由中心启动：查看中心的日志和那里的 sqld.log，并在防火墙中放行其端口（8083）。",
    },
    silent: {
      title: "air 的 libSQL 服务没有应答，或线路过于缓慢",
      action: "检查其端口（8083）的防火墙和线路速度；第一次同步要取回整个发布。",
    },
    cut: {
      title: "到 air 的 libSQL 服务的连接不断被切断",
      action: "检查中间的设备：重置连接的防火墙、代理或负载均衡。",
    },
    "no-way": {
      title: "找不到通往 air 地址的路",
      action: "在中心把 --air-public-url 设为本机可达的地址。",
    },
    certificate: { title: "air 的证书不受信任", action: CERTIFICATE },
    "no-tls": {
      title: "air 的 libSQL 服务在该端口不使用 TLS",
      action: "在中心：设置 --tls-cert 和 --tls-key，或在 --air-public-url 中改用 http://。",
    },
    "tls-there": {
      title: "air 的 libSQL 服务在该端口使用 TLS",
      action: "在中心的 --air-public-url 中改用 https://。",
    },
    token: { title: "air 不接受本节点：已被吊销，或令牌已失效", action: REVOKED },
    compacting: { title: "libSQL 服务正在压缩日志", action: "无需处理，下一次尝试会成功。" },
    disk: { title: "本节点磁盘已满", action: "请为数据目录所在磁盘腾出空间。" },
    rights: { title: "本节点无权读写自己的文件", action: RIGHTS },
    "in-the-way": { title: "本节点的文件位置被占用", action: IN_THE_WAY },
    "other-server": {
      title: "在 air 地址上应答的不是 libSQL 服务",
      action: "在中心检查 --air-public-url，以及它前面的代理。",
    },
    unwell: { title: "air 有应答，但暂时无法处理", action: "查看中心自身的状态和日志。" },
  },
  events: {
    "central-line": "与中心的线路曾中断；是否已恢复见页首。",
    "outbox-not-open": "待发箱无法打开：检查磁盘和数据目录的权限。",
    "outbox-set-aside": "待发箱文件已损坏：新的待发箱已启用。请检查磁盘。",
    "outbox-taken-over": "从损坏的待发箱中能读出的答案会发往中心。",
    "outbox-unavailable": "答案无法存储；持续期间的处理办法见上文。",
    "request-failed": "内部错误：请连同此行上报。",
    "sync-failed": "会自动重试；持续期间的处理办法见上文。",
    "uplink-failed": "答案在等待，稍后发送；持续期间的处理办法见上文。",
    "replica-process-killed": "同步卡住，已被终止；会自动重新开始。",
    "replica-process-ended": "同步进程提前结束；会自动重新开始。",
    "replica-wiped": "副本损坏或走样，已从头同步。",
    "publication-damaged": "磁盘上的一份副本已损坏，已改用另一份。如果再次出现，请检查磁盘。",
    "publication-rescued": "磁盘上没有完好的副本，正在提供最后同步的内容。请检查磁盘。",
    "publication-not-kept": "正在提供，但无法保存到磁盘：请腾出空间。",
    "identity-damaged": "身份文件的一份副本已损坏，已改用另一份。请检查磁盘。",
    "file-written-again": "运行中被删除或损坏，现已恢复完整。请查明是谁所为，并检查磁盘。",
    "file-not-written-again": "内容仍在内存中：重启本节点之前，请腾出空间，或让本节点的用户可以写入。",
    "not-enrolled-anew": "--enrol 的注册码无效：继续使用原来的身份。处理办法见上文。",
    "publication-refused": "中心的发布与正在提供的不连续：见上文。",
    "answer-set-aside": "中心拒绝了一条答案，已搁置在 outbox.db 中。",
    "air-token-not-renewed": "暂用旧令牌；请看与中心的线路。",
    "uplink-rewound": "中心从较旧的备份恢复，正在重新接收答案。",
    "edge-revoked": "中心不再接受本节点；持续期间的处理办法见上文。",
    "counts-refused": "中心拒绝了一个互动的统计；其答案照常上送。中心的版本可能比本节点旧。",
    "front-unusable": "没有为前置的 nginx 保存文件：它改用缓存应答，速度较慢。请修正 --front。",
    "front-not-kept": "为 nginx 保存的文件无法写入：它改用缓存应答。请在 --front 所在处腾出空间。",
    "listening-again": "服务曾中断，现已重新监听；多半是文件描述符用尽（LimitNOFILE）。",
    "worker-ended": "一个应答机顶盒的进程已结束，由另一个接替。",
    "worker-garbled": "一个应答机顶盒的进程出错，由另一个接替。",
    "worker-silent": "一个应答机顶盒的进程失去响应，已被结束，由另一个接替。",
    "worker-refused": "一个应答机顶盒的进程无法启动，会再次尝试。",
    "replica-library-said": "同步所用的库的输出，原文见日志。",
    "prepare-failed": "下一小时的排期未能提前生成，将在被请求时生成。请连同此行上报。",
    "packed-copy-damaged": "一份副本的快速格式已损坏，已改读副本本身。如果再次出现，请检查磁盘。",
    "publication-not-packed": "一份副本的快速格式未能写入，下次启动会较慢。请为磁盘腾出空间。",
    "publication-kept": "一份旧副本无法删除。请检查数据目录的权限。",
    "outbox-not-closed": "损坏的待发箱未能关闭；新的已启用。",
    "outbox-prune-failed": "过期的内容未能删除，会再次尝试。",
    "outbox-tallies-failed": "统计未能写入，会根据答案重新统计。",
    "intake-failed": "内部错误：请连同此行上报。",
    "leftover-kept": "它只占空间，没有危害。请检查数据目录的权限。",
    "outbox-new":
      "已启用新的 outbox.db。中心尚未得到的播出统计和被拒绝的答案只在旧的里面：若它被移走，请放回。",
    "outbox-older":
      "请检查磁盘，并查明是谁移走了这里的文件：复制或放回 outbox.db 前请先停止本节点，并连同 outbox.db-wal 一起。",
  },
};
