/** Says that somebody else saved the thing that is open, and leads to it: before one's own save clashes with it. */
import { Button } from "../parts/button.tsx";
import { useSay } from "./context.tsx";
import type { Texts } from "./words.ts";

const texts = {
  newer: ["Somebody else has saved this meanwhile.", "其他人刚刚保存了此内容。"],
  newerVersion: ["Somebody else has saved version {n} meanwhile.", "其他人刚刚保存了版本 {n}。"],
  kept: ["What you typed is kept.", "您输入的内容已保留。"],
  compare: ["Compare and merge", "比较并合并"],
  show: ["Show it", "查看"],
  gone: ["Somebody else has removed this meanwhile.", "其他人刚刚删除了此内容。"],
  saveAgain: ["Save it as new", "重新保存"],
  letGo: ["Let it go", "放弃"],
} as const satisfies Texts;

export function NewerBanner(props: { version?: number | undefined; touched: boolean; catchUp(): void }) {
  const say = useSay(texts);
  const { version, touched } = props;
  return (
    <div class="banner info ends" role="status" data-name="newer">
      <span>
        {version === undefined ? say("newer") : say("newerVersion", { n: version })} {touched && say("kept")}
      </span>
      <Button small onClick={props.catchUp} name="catch-up">
        {say(touched ? "compare" : "show")}
      </Button>
    </div>
  );
}

/** Somebody else removed what is open: it is saved as a new one, or let go. */
export function GoneBanner(props: { touched: boolean; saveAgain(): void; letGo(): void }) {
  const say = useSay(texts);
  return (
    <div class="banner warn ends" role="alert" data-name="gone">
      <span>
        {say("gone")} {props.touched && say("kept")}
      </span>
      <span class="actions">
        <Button small tone="main" onClick={props.saveAgain} name="save-again">
          {say("saveAgain")}
        </Button>
        <Button small onClick={props.letGo} name="let-go">
          {say("letGo")}
        </Button>
      </span>
    </div>
  );
}
