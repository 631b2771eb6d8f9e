/** What a guide may do to cues on air with nobody at a desk. */
import type { GuideLimits } from "../../guide/limits.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { SomebodyElse } from "../app/somebody-else.tsx";
import type { Stored } from "../app/stored.ts";
import { useEdited } from "../app/use-edited.ts";
import { Button } from "../parts/button.tsx";
import { Field, Loaded, Panel, Pill } from "../parts/layout.tsx";
import { guideTexts } from "./texts.ts";

/** Each with what its number counts, ms. */
const FIELDS = [
  ["moveMaxMs", 60_000],
  ["soonMs", 1_000],
  ["movedMax", 1],
  ["vanishedMax", 1],
  ["appearedMax", 1],
] as const;

export function LimitsPanel() {
  const { api } = useApp();
  const limits = useResource("guide limits", api.guideLimits);
  return <Loaded of={limits}>{(opened) => <Form opened={opened} />}</Loaded>;
}

function Form({ opened }: { opened: Stored<GuideLimits> }) {
  const { api, may, toast, failed } = useApp();
  const say = useSay(guideTexts);
  const allowed = may("operate");
  const edited = useEdited<GuideLimits>({
    ...{ key: "guide limits", opened, allowed, topics: ["drafts", "guide"] },
    load: api.guideLimits,
    store: api.putGuideLimits,
    onSaved(_, tag) {
      const undo = () => api.putGuideLimits(base, tag).then(edited.adopt).catch(failed);
      toast({
        ...{ tone: "good", text: say("limitsSaved") },
        action: { label: say("undo"), run: () => void undo() },
      });
    },
    taken: () => "",
  });
  const { base, draft, touched, busy, put, forget, save } = edited;
  return (
    <Panel title={say("limits")} side={touched && <Pill tone="warn">{say("unsaved")}</Pill>}>
      <SomebodyElse edited={edited} />
      <form
        class="stack tight"
        data-name="limits"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <p class="quiet small">{say("limitsAbout")}</p>
        <label class="check">
          <input
            type="checkbox"
            checked={draft.publish}
            disabled={!allowed}
            onChange={(event) => put({ publish: event.currentTarget.checked })}
          />
          {say("limit-publish")}
        </label>
        <div class="grid">
          {FIELDS.map(([name, unit]) => (
            <Field key={name} label={say(`limit-${name}`)} hint={say(`limit-${name}-hint`)}>
              {(id) => (
                <input
                  {...id}
                  type="number"
                  min={0}
                  max={1_000_000}
                  disabled={!allowed || !draft.publish}
                  data-name={`limit-${name}`}
                  value={draft[name] / unit}
                  onInput={(event) => {
                    const value = event.currentTarget.valueAsNumber;
                    if (Number.isFinite(value)) put({ [name]: Math.round(value * unit) });
                  }}
                />
              )}
            </Field>
          ))}
        </div>
        {allowed && (
          <div class="actions">
            <Button type="submit" tone="main" small busy={busy} disabled={!touched} name="save-limits">
              {say("save")}
            </Button>
            {touched && (
              <Button small onClick={forget}>
                {say("discard")}
              </Button>
            )}
          </div>
        )}
      </form>
    </Panel>
  );
}
