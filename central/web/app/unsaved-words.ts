/** What somebody has typed and not saved, in words: by the keys that views keep drafts under. Pure. */
import { createSay, type Language, type Texts } from "./words.ts";

/** By how a draft's key begins. */
const texts = {
  interaction: ["Interaction {what}", "互动 {what}"],
  placement: ["Placement {what}", "投放 {what}"],
  group: ["Channel group {what}", "频道组 {what}"],
  rule: ["Channel rule {what}", "频道规则 {what}"],
  "guide limits": ["Limits of the guide", "节目单限制"],
  "freeze time": ["Freeze time before going live", "播出前的冻结时间"],
  retention: ["How long data is kept", "数据保留期限"],
  "publish comment": ["Comment on the next publication", "下次发布的备注"],
} as const satisfies Texts;
const more = {
  new: ["(new)", "（新建）"],
  version: ["{what}, from version {n}", "{what}（基于版本 {n}）"],
} as const satisfies Texts;

export type DraftKind = keyof typeof texts;
/** `placement tonight`, `retention` */
export type DraftThing = DraftKind | `${DraftKind} ${string}`;

const KINDS = Object.keys(texts) as DraftKind[];

export function unsavedWords(thing: string, language: Language): string {
  const kind = KINDS.find((each) => thing === each || thing.startsWith(`${each} `));
  if (!kind) return thing;
  const sayMore = createSay(more, language);
  const [id = "", version] = thing.slice(kind.length).trim().split(" ");
  const named = id === "new" ? sayMore("new") : id;
  const what = version === undefined ? named : sayMore("version", { what: named, n: version });
  // A full-width bracket brings its own space.
  return createSay(texts, language)(kind, { what }).replace(" （", "（");
}
