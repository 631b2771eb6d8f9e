/** Somebody else saved meanwhile: the editor says, unit by unit, whose it shall be. */
import { useState } from "preact/hooks";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Pill } from "../parts/layout.tsx";
import { useApp, useSay } from "./context.tsx";
import { placeWords } from "./field-words.ts";
import { compareUnits, merge, suggestion } from "./merge.ts";
import { valueWords } from "./value-words.ts";
import type { Texts } from "./words.ts";

const texts = {
  title: ["Somebody else changed this meanwhile", "其他人同时修改了此内容"],
  about: [
    "Nothing is lost. Choose what to keep of each; what only one of you changed is chosen already.",
    "没有丢失任何内容。请逐项选择；只有一方修改的已自动选好。",
  ],
  clash: ["both changed it", "双方都改了"],
  mine: ["Mine", "我的"],
  theirs: ["Theirs", "对方的"],
  merge: ["Save merged", "保存合并结果"],
  cancel: ["Keep editing", "继续编辑"],
} as const satisfies Texts;

type Fields = Record<string, unknown>;

export function MergeDialog<T extends object>(props: {
  base: T;
  mine: T;
  theirs: T;
  onMerged(merged: T): void;
  onClose(): void;
}) {
  const { language } = useApp();
  const say = useSay(texts);
  const [base, mine, theirs] = [props.base, props.mine, props.theirs].map((each) => each as Fields) as [
    Fields,
    Fields,
    Fields,
  ];
  const units = compareUnits(base, mine, theirs);
  const [choices, setChoices] = useState(
    () => new Map(units.map((unit) => [unit.name, suggestion(base, unit)] as const)),
  );
  return (
    <Dialog title={say("title")} onClose={props.onClose} wide>
      <p class="quiet">{say("about")}</p>
      <div class="merge">
        {units.map((unit) => (
          <fieldset key={unit.name}>
            <legend>
              <span title={unit.name}>{placeWords(unit.name, language)}</span>{" "}
              {unit.clash && <Pill tone="warn">{say("clash")}</Pill>}
            </legend>
            {(["mine", "theirs"] as const).map((whose) => (
              <label key={whose} class="choice">
                <input
                  type="radio"
                  name={`merge ${unit.name}`}
                  checked={choices.get(unit.name) === whose}
                  onChange={() => setChoices(new Map(choices).set(unit.name, whose))}
                />
                <span class="strong">{say(whose)}</span>
                <p class="merge-value" dir="auto">
                  {valueWords(unit.name, unit[whose], language)}
                </p>
              </label>
            ))}
          </fieldset>
        ))}
      </div>
      <div class="actions">
        <Button tone="main" onClick={() => props.onMerged(merge(mine, theirs, units, choices) as T)}>
          {say("merge")}
        </Button>
        <Button onClick={props.onClose}>{say("cancel")}</Button>
      </div>
    </Dialog>
  );
}
