/** How soon before it is due a cue may still be added, moved or changed: looked at by all, set by operators. */
import type { PublishLimits } from "../../publish/freeze.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { SomebodyElse } from "../app/somebody-else.tsx";
import type { Stored } from "../app/stored.ts";
import { useEdited } from "../app/use-edited.ts";
import { Button } from "../parts/button.tsx";
import { Field, Loaded, Panel, Pill } from "../parts/layout.tsx";
import { publishTexts } from "./texts.ts";

const MOST_S = 86_400;

export function FreezePanel() {
  const { api } = useApp();
  const limits = useResource("publish limits", api.publishLimits);
  return <Loaded of={limits}>{(opened) => <Form opened={opened} />}</Loaded>;
}

function Form({ opened }: { opened: Stored<PublishLimits> }) {
  const { api, may, toast, failed } = useApp();
  const say = useSay(publishTexts);
  const allowed = may("operate");
  const words = ({ freezeMs }: PublishLimits) =>
    freezeMs === 0 ? say("freezeOff") : say("freezeOn", { s: freezeMs / 1_000 });
  const edited = useEdited<PublishLimits>({
    // Ctrl-S publishes here.
    ...{ key: "freeze time", opened, allowed, keyless: true },
    load: api.publishLimits,
    store: api.putPublishLimits,
    onSaved(limits, tag) {
      const undo = async () => {
        edited.adopt(await api.putPublishLimits(base, tag));
        toast({ tone: "good", text: words(base) });
      };
      toast({
        ...{ tone: "good", text: words(limits) },
        action: { label: say("undo"), run: () => void undo().catch(failed) },
      });
    },
    taken: () => "",
  });
  const { base, draft, touched, busy, put, forget } = edited;
  return (
    <Panel title={say("freeze")} side={touched && <Pill tone="warn">{say("unsaved")}</Pill>}>
      <SomebodyElse edited={edited} />
      <form
        class="stack tight"
        data-name="freeze"
        onSubmit={(event) => {
          event.preventDefault();
          if (touched) edited.save();
        }}
      >
        <p class="quiet small">{say("freezeAbout")}</p>
        <Field label={say("freezeSeconds")} hint={allowed ? say("freezeHint") : words(base)}>
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
                if (Number.isFinite(typed)) put({ freezeMs: Math.round(typed * 1_000) });
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
