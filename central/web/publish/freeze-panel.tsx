/** How soon before it is due a cue may still be added, moved or changed: looked at by all, set by operators. */
import { useState } from "preact/hooks";
import type { PublishLimits } from "../../publish/freeze.ts";
import { useApp, useDraft, useResource, useSay } from "../app/context.tsx";
import { Button } from "../parts/button.tsx";
import { Field, Loaded, Panel, Pill } from "../parts/layout.tsx";
import { publishTexts } from "./texts.ts";

const MOST_S = 86_400;

export function FreezePanel() {
  const { api } = useApp();
  const limits = useResource("publish limits", api.publishLimits, ["drafts"]);
  return <Loaded of={limits}>{(value) => <Form limits={value} reload={limits.reload} />}</Loaded>;
}

function Form({ limits, reload }: { limits: PublishLimits; reload(): void }) {
  const { api, may, toast, failed } = useApp();
  const say = useSay(publishTexts);
  const { draft, touched, set, forget } = useDraft("freeze time", limits);
  const [busy, setBusy] = useState(false);
  const allowed = may("operate");
  async function put(next: PublishLimits, before?: PublishLimits) {
    setBusy(true);
    try {
      await api.putPublishLimits(next);
      forget();
      reload();
      const undo = before && { action: { label: say("undo"), run: () => void put(before) } };
      toast({ tone: "good", text: words(next), ...undo });
    } catch (error) {
      failed(error, () => put(next, before));
    } finally {
      setBusy(false);
    }
  }
  const words = ({ freezeMs }: PublishLimits) =>
    freezeMs === 0 ? say("freezeOff") : say("freezeOn", { s: freezeMs / 1_000 });
  return (
    <Panel title={say("freeze")} side={touched && <Pill tone="warn">{say("unsaved")}</Pill>}>
      <form
        class="stack tight"
        data-name="freeze"
        onSubmit={(event) => {
          event.preventDefault();
          if (touched && !busy) put(draft, limits);
        }}
      >
        <p class="quiet small">{say("freezeAbout")}</p>
        <Field label={say("freezeSeconds")} hint={allowed ? say("freezeHint") : words(limits)}>
          {(id) => (
            <input
              {...id}
              type="number"
              class="narrow figures"
              min={0}
              max={MOST_S}
              required
              disabled={!allowed}
              data-name="freeze-seconds"
              value={draft.freezeMs / 1_000}
              onInput={(event) => {
                const typed = event.currentTarget.valueAsNumber;
                if (Number.isFinite(typed)) set({ freezeMs: Math.round(typed * 1_000) });
              }}
            />
          )}
        </Field>
        {allowed && touched && (
          <div class="actions">
            <Button type="submit" tone="main" small busy={busy} name="save-freeze">
              {say("save")}
            </Button>
            <Button small onClick={forget}>
              {say("discard")}
            </Button>
          </div>
        )}
      </form>
    </Panel>
  );
}
