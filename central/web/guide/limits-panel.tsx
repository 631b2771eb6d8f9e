/** What a guide may do to cues on air with nobody at a desk. */
import { useState } from "preact/hooks";
import type { GuideLimits } from "../../guide/limits.ts";
import { useApp, useDraft, useResource, useSay } from "../app/context.tsx";
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
  const limits = useResource("guide limits", api.guideLimits, ["drafts", "guide"]);
  return <Loaded of={limits}>{(value) => <Form limits={value} reload={limits.reload} />}</Loaded>;
}

function Form({ limits, reload }: { limits: GuideLimits; reload(): void }) {
  const { api, may, toast, failed } = useApp();
  const say = useSay(guideTexts);
  const { draft, touched, set, forget } = useDraft("guide limits", limits);
  const [busy, setBusy] = useState(false);
  const allowed = may("operate");
  async function put(next: GuideLimits) {
    setBusy(true);
    try {
      await api.putGuideLimits(next);
      forget();
      reload();
      toast({
        tone: "good",
        text: say("limitsSaved"),
        ...(next !== limits && { action: { label: say("undo"), run: () => void put(limits) } }),
      });
    } catch (error) {
      failed(error, () => put(next));
    } finally {
      setBusy(false);
    }
  }
  return (
    <Panel title={say("limits")} side={touched && <Pill tone="warn">{say("unsaved")}</Pill>}>
      <form
        class="stack tight"
        data-name="limits"
        onSubmit={(event) => {
          event.preventDefault();
          put(draft);
        }}
      >
        <p class="quiet small">{say("limitsAbout")}</p>
        <label class="check">
          <input
            type="checkbox"
            checked={draft.publish}
            disabled={!allowed}
            onChange={(event) => set({ ...draft, publish: event.currentTarget.checked })}
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
                    if (Number.isFinite(value)) set({ ...draft, [name]: Math.round(value * unit) });
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
