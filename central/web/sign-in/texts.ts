/** Words of signing in. */
import type { Texts } from "../app/words.ts";

export const signInTexts = {
  title: ["Sign in", "登录"],
  about: ["Place interactions on the air, publish, watch the answers.", "投放互动、发布、查看实时结果。"],
  again: ["Your session has ended", "会话已结束"],
  kept: ["Sign in again: everything on the page is as you left it.", "请重新登录，页面内容保持原样。"],
  name: ["Name", "姓名"],
  password: ["Password", "密码"],
  signIn: ["Sign in", "登录"],
  byProvider: ["Sign in with {issuer}", "通过 {issuer} 登录"],
  or: ["or", "或"],
  "oidc-refused": [
    "The identity provider refused, or what it sent does not hold",
    "身份提供方拒绝，或其返回内容无效",
  ],
  "oidc-unreachable": [
    "The identity provider cannot be reached: try again in a moment",
    "无法连接身份提供方，请稍后重试",
  ],
  "oidc-expired": [
    "This was begun elsewhere or too long ago: begin again",
    "登录已过期或在别处开始，请重新开始",
  ],
  "oidc-no-role": [
    "None of your groups has a role here: ask an admin",
    "您的用户组在此没有角色，请联系管理员",
  ],
  wrong: ["The name or the password is wrong", "姓名或密码不正确"],
  unreachable: ["Central does not answer: try again in a moment", "中心没有应答，请稍后重试"],
  language: ["中文", "English"],
} as const satisfies Texts;
