/** Name and id of a group or a rule. */
import { useSay } from "../app/context.tsx";
import { Field, Panel } from "../parts/layout.tsx";
import { channelTexts } from "./texts.ts";

export function Identity(props: {
  id: string;
  name: string;
  isNew: boolean;
  onChange(more: { id?: string; name?: string }): void;
}) {
  const say = useSay(channelTexts);
  return (
    <Panel title={say("what")}>
      <div class="grid">
        <Field label={say("name")}>
          {(field) => (
            <input
              {...field}
              type="text"
              maxLength={200}
              data-name="name"
              value={props.name}
              onInput={(event) => props.onChange({ name: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label={say("id")} hint={say("idHint")}>
          {(field) => (
            <input
              {...field}
              type="text"
              class="mono"
              disabled={!props.isNew}
              maxLength={64}
              data-name="id"
              value={props.id}
              onInput={(event) => props.onChange({ id: event.currentTarget.value.trim() })}
            />
          )}
        </Field>
      </div>
    </Panel>
  );
}
