/** What the audit's routes do, in words. Pure. */
import type { Language } from "../app/words.ts";

const DEEDS: Record<string, readonly [en: string, zh: string]> = {
  "signed in": ["Signed in", "登录"],
  "sign-in refused": ["Sign-in refused: a wrong name or password", "登录被拒：姓名或密码错误"],
  "signed out": ["Signed out", "退出"],
  "signed in by a provider": ["Signed in by a provider", "通过身份提供方登录"],
  "DELETE /session": ["Signed out", "退出"],
  "DELETE /sessions": ["Signed out everywhere", "在所有设备退出"],
  "PUT /password": ["Changed the password", "修改密码"],
  "PUT /people/{id}": ["Changed a person", "修改人员"],
  "DELETE /people/{id}": ["Shut a person out", "移除人员"],
  "POST /tokens": ["Made an API token", "创建 API 令牌"],
  "DELETE /tokens/{id}": ["Revoked an API token", "吊销 API 令牌"],
  "DELETE /boxes/{box}": ["Erased a box", "清除机顶盒数据"],
  "POST /box-tokens": ["Issued a box token", "签发机顶盒令牌"],
  "DELETE /box-tokens/{box}": ["Revoked a box's tokens", "吊销机顶盒令牌"],
  "PUT /retention": ["Changed retention", "修改保留期限"],
  "PUT /regions/{id}": ["Saved a region", "保存区域"],
  "PUT /channels/{id}": ["Saved a channel", "保存频道"],
  "PUT /channel-groups/{id}": ["Saved a channel group", "保存频道组"],
  "DELETE /channel-groups/{id}": ["Removed a channel group", "删除频道组"],
  "PUT /channel-rules/{id}": ["Saved a channel rule", "保存频道规则"],
  "DELETE /channel-rules/{id}": ["Removed a channel rule", "删除频道规则"],
  "POST /interactions": ["Saved an interaction", "保存互动"],
  "POST /interactions/{id}/tags": ["Tagged an interaction", "修改互动标签"],
  "PUT /placements/{id}": ["Saved a placement", "保存投放"],
  "DELETE /placements/{id}": ["Removed a placement", "删除投放"],
  "POST /preview": ["Previewed a placement", "预览投放"],
  "POST /images": ["Uploaded an image", "上传图片"],
  "POST /guide": ["Imported a guide", "导入节目单"],
  "POST /guide/imports/{id}/accept": ["Accepted an import", "接受导入"],
  "POST /guide/imports/{id}/refuse": ["Refused an import", "拒绝导入"],
  "PUT /guide/limits": ["Changed the guide's limits", "修改节目单限制"],
  "PUT /guide/sources/{id}": ["Saved a guide source", "保存节目单来源"],
  "DELETE /guide/sources/{id}": ["Removed a guide source", "删除节目单来源"],
  "POST /guide/sources/{id}/run": ["Fetched a guide source", "运行节目单来源"],
  "POST /publish": ["Published", "发布"],
  "POST /withdraw": ["Withdrew", "撤下"],
  "POST /rollback": ["Rolled back", "回退"],
  "POST /edges/codes": ["Made an enrolment code", "生成登记码"],
  "DELETE /edges/{id}": ["Revoked an edge", "吊销节点"],
  "POST /backups": ["Backed up", "备份"],
  "POST /webhooks": ["Added a webhook", "添加 Webhook"],
  "PUT /webhooks/{id}": ["Changed a webhook", "修改 Webhook"],
  "DELETE /webhooks/{id}": ["Removed a webhook", "移除 Webhook"],
  "POST /webhooks/{id}/secret": ["Drew a new secret", "更换 Webhook 密钥"],
  "POST /webhooks/{id}/test": ["Sent a test", "发送测试"],
  "POST /webhooks/{id}/deliveries/{event}/again": ["Sent it again", "重新投递"],
  "POST /results/{cue}/draws": ["Drew a seed", "抽取种子"],
  "POST /results/{cue}/draws/{id}/pick": ["Picked winners", "抽出获奖者"],
};

/** @param what `PUT /api/v1/placements/{id}`; what is not known is said as it is */
export function deedWords(what: string, language: Language): string {
  const words = DEEDS[what.replace("/api/v1", "")];
  return words ? words[language === "zh" ? 1 : 0] : what;
}
