/**
 * Every problem that central's API tells of: its status, and what to do about it, in both languages of the page.
 * The API's own page and the editors' page say these words; a reply's `detail` says what exactly was wrong.
 */

export type ProblemWords = readonly [status: number, en: string, zh: string];

export const PROBLEMS = {
  // Who asks.
  "not-signed-in": [401, "Sign in, or send a valid API token", "请登录，或使用有效的 API 令牌"],
  "wrong-password": [401, "The name or the password is wrong", "用户名或密码错误"],
  "too-many-tries": [429, "Wait as Retry-After says", "尝试次数过多，请按 Retry-After 稍后再试"],
  "foreign-origin": [403, "Act from central's own page, or send a token", "请从中心页面操作，或使用令牌"],
  "not-allowed": [403, "Ask an admin for a role that may do this", "当前角色无权执行，请联系管理员"],
  "not-a-person": [
    400,
    "Only a person has a password; tokens are made anew",
    "只有人员才有密码，令牌请重新创建",
  ],
  "no-password": [400, "Send a password with a new person", "新增人员时必须提供密码"],
  "still-used": [
    409,
    "Take it out of what `errors` names, and revoke its edges",
    "请先从 errors 所列各处移除，并吊销其节点",
  ],
  "last-admin": [409, "Make somebody else admin first", "请先设置另一名管理员"],
  "oidc-refused": [401, "Begin again; the log says what did not hold", "请重新登录，详情见日志"],
  "oidc-expired": [401, "Begin again: it took longer than ten minutes", "登录超时，请重新开始"],
  "oidc-no-role": [
    403,
    "Put one of the person's groups into --oidc-roles",
    "请在 --oidc-roles 中加入该人员的组",
  ],
  "oidc-unreachable": [503, "See whether the identity provider answers", "请检查身份提供方是否可达"],
  "code-refused": [403, "Make a new enrolment code", "请生成新的登记码"],
  // What was sent.
  "bad-body": [400, "Put right what `errors` lists", "请修正 errors 中列出的各处"],
  "bad-query": [400, "Put right what `errors` lists", "请修正 errors 中列出的各处"],
  "bad-id": [
    400,
    "An id is 1 to 128 of A-Z a-z 0-9 . _ : ~ -",
    "编号为 1 至 128 个 A-Z a-z 0-9 . _ : ~ - 字符",
  ],
  "bad-cue": [400, "A cue's id looks like placement:occurrence", "提示点编号形如 placement:occurrence"],
  "bad-box": [
    400,
    "A box's id is 1 to 64 of A-Z a-z 0-9 . _ : ~ -",
    "机顶盒编号为 1 至 64 个 A-Z a-z 0-9 . _ : ~ - 字符",
  ],
  "bad-event": [400, "Send the id that the delivery has", "请使用投递记录中的编号"],
  "bad-interaction": [400, "Put right what `errors` lists", "请修正 errors 中列出的各处"],
  "bad-rule": [400, "Write five fields: minute hour day month weekday", "请写五个字段：分 时 日 月 星期"],
  "needs-zone": [
    400,
    "Name the zone of that local time, or give an instant",
    "请指明当地时刻的时区，或给出时间点",
  ],
  "too-many-firings": [
    400,
    "Make the rule rarer, or bound it by dates",
    "触发过于频繁，请放宽规则或限定日期",
  ],
  "bad-image": [400, "Send a whole PNG, JPEG or WebP", "请上传完整的 PNG、JPEG 或 WebP"],
  "image-too-large": [413, "Shrink it to 512 KiB", "请缩小到 512 KiB 以内"],
  "not-json": [400, "Send JSON in UTF-8", "请发送 UTF-8 编码的 JSON"],
  "body-broken": [400, "Send it again, whole", "内容不完整，请重新发送"],
  "body-too-large": [413, "Send less at a time", "内容过大，请减少后再发送"],
  "unsupported-media-type": [415, "Send it as application/json", "请以 application/json 发送"],
  "unsupported-encoding": [415, "Send it plain or with gzip", "请使用明文或 gzip"],
  "method-not-allowed": [405, "`Allow` lists what this address takes", "该地址支持的方法见 Allow"],
  // What is not there.
  "not-found": [404, "Look the address up on this page", "没有此地址，请查阅接口文档"],
  "no-page": [404, "Run npm run build", "请运行 npm run build"],
  "unknown-box": [404, "Look at the list of revoked boxes", "请查看已吊销的机顶盒列表"],
  "unknown-channel": [404, "Look at GET /api/v1/channels", "没有该频道，请查看频道列表"],
  "unknown-channel-group": [404, "Look at GET /api/v1/channel-groups", "没有该频道组，请查看列表"],
  "unknown-channel-rule": [404, "Look at GET /api/v1/channel-rules", "没有该频道规则，请查看列表"],
  "unknown-cue": [
    404,
    "Nothing came in for this cue, and none such is on air",
    "没有该提示点，也没有收到它的回答",
  ],
  "unknown-delivery": [404, "Look at the webhook's deliveries", "没有该投递，请查看投递记录"],
  "unknown-draw": [404, "Look at the draws of this cue", "没有该抽奖，请查看此提示点的抽奖"],
  "unknown-edge": [
    404,
    "Look at GET /api/v1/edges; a revoked edge enrols again (401)",
    "没有该节点；已吊销的节点需重新登记",
  ],
  "unknown-image": [404, "Upload it first", "请先上传图片"],
  "unknown-import": [404, "Look at GET /api/v1/guide/imports", "没有该导入，请查看导入列表"],
  "unknown-interaction": [404, "Look at GET /api/v1/interactions", "没有该互动，请查看互动列表"],
  "unknown-person": [404, "Look at GET /api/v1/people", "没有该人员，请查看人员列表"],
  "unknown-placement": [404, "Look at GET /api/v1/placements", "没有该投放，请查看投放列表"],
  "unknown-publication": [404, "Look at GET /api/v1/publications", "没有该发布，请查看发布历史"],
  "unknown-region": [404, "Make the region first", "请先新建区域"],
  "unknown-source": [404, "Look at GET /api/v1/guide/sources", "没有该来源，请查看来源列表"],
  "unknown-token": [404, "Look at GET /api/v1/tokens", "没有该令牌，请查看令牌列表"],
  "unknown-webhook": [404, "Look at GET /api/v1/webhooks", "没有该 Webhook，请查看列表"],
  "not-on-air": [404, "It went already, or was never published", "已撤下或尚未发布"],
  // What stands against it.
  "changed-meanwhile": [412, "Load it, merge, save again", "其他人已修改，请重新载入并合并后再保存"],
  "exists-already": [412, "Choose another id", "编号已存在，请换一个"],
  "version-taken": [
    409,
    "Somebody else saved; load and save again",
    "其他人已保存新版本，请重新载入后再保存",
  ],
  "too-many-tags": [409, "Take one of its tags away first", "标签过多，请先移除一个"],
  "checks-failed": [422, "Put right each thing that `errors` lists", "检查未通过，请修正列出的各处"],
  "drafts-changed": [
    409,
    "Look at `GET /api/v1/publish` again, and send its new `hash`",
    "草稿或播出内容在查看之后有变化，请重新查看",
  ],
  frozen: [
    409,
    "Place it later, or publish with `force`: boxes may hear of it too late",
    "在播出前的冻结时间之内，请改晚时刻或强制发布",
  ],
  "history-conflict": [
    409,
    "Publish with newEpoch after a restore",
    "与边缘节点的历史冲突，恢复后请用新纪元发布",
  ],
  "air-moved": [409, "Somebody else wrote to `air`; publish again", "播出数据库已变化，请重新发布"],
  "still-open": [409, "Wait until the cue has closed", "提示点尚未截止，请稍候"],
  "not-a-quiz": [409, "Draw among all who answered", "不是竞猜，请在所有回答者中抽取"],
  "too-many-draws": [409, "Use one of those there", "抽奖次数已满，请使用已有抽奖"],
  "import-settled": [
    409,
    "Look at GET /api/v1/guide/imports: it was decided",
    "该导入已处理，请查看导入列表",
  ],
  "import-overtaken": [
    409,
    "Import again: a later guide changed these channels",
    "已有更新的节目单，请重新导入",
  ],
  "source-running": [409, "Wait until it has ended", "该来源正在运行，请稍候"],
  "too-many-sources": [409, "Remove a source first", "来源过多，请先移除一个"],
  "too-many-imports": [503, "Wait as Retry-After says", "导入过多，请稍后再试"],
  "too-many-batches": [
    503,
    "Wait as Retry-After says; the edge does",
    "等待处理的批次过多，边缘节点会稍后重发",
  ],
  "too-much-held": [409, "Accept or refuse what waits", "待处理的导入过多，请先接受或拒绝"],
  "not-a-guide": [
    422,
    "Send XMLTV, DVB-I or TV-Anytime; nothing was taken",
    "不是节目单文件，没有导入任何内容",
  ],
  "guide-truncated": [422, "Send the whole file; nothing was taken", "文件不完整，没有导入任何内容"],
  "guide-too-large": [413, "Send fewer days or channels; nothing was taken", "文件过大，没有导入任何内容"],
  "guide-unsafe": [
    422,
    "Remove entities and deep nesting; nothing was taken",
    "文件含有实体或嵌套过深，没有导入任何内容",
  ],
  "guide-malformed": [422, "Send well-formed XML; nothing was taken", "XML 格式错误过多，没有导入任何内容"],
  "guide-not-fetched": [502, "See whether the source's address answers", "无法获取来源，请检查其地址"],
  "backup-running": [409, "Wait until it has ended", "备份正在进行，请稍候"],
  "no-backup-folder": [409, "Start central with --backup-dir", "请用 --backup-dir 启动中心"],
  "too-many-revocations": [409, "Let tokens expire sooner (`validDays`)", "吊销过多，请缩短令牌有效期"],
  "too-many-webhooks": [409, "Remove one first", "Webhook 过多，请先移除一个"],
  "delivered-already": [409, "Nothing is to be done", "已经送达，无需操作"],
  "too-many-listeners": [503, "Wait as Retry-After says", "连接过多，请稍后再试"],
  // What failed here.
  "air-unreachable": [
    503,
    "Nothing new was published. What was kept before goes on air by itself when the server of `air` answers; ask again then",
    "播出数据库没有应答，没有发布新内容；之前已保存的发布会在恢复后自动播出，届时请重试",
  ],
  "cannot-store": [
    503,
    "Make room on central's disk; nothing was stored",
    "磁盘已满或故障，没有保存任何内容",
  ],
  "database-damaged": [503, "Restore it from a backup", "数据库损坏，请从备份恢复"],
  internal: [500, "See central's log; tell us", "内部错误，详情见中心日志"],
} as const satisfies Record<string, ProblemWords>;

export type ProblemCode = keyof typeof PROBLEMS;
