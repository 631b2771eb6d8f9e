/** Everything of an interaction but its texts. */
import type { InteractionType } from "../../../shared/protocol/interaction.ts";
import { useSay } from "../app/context.tsx";
import { Field, Panel } from "../parts/layout.tsx";
import { type Form, TYPES, withType } from "./blank.ts";
import { ImageField } from "./image-field.tsx";
import { interactionTexts } from "./texts.ts";

const HOUR_MS = 3_600_000;

interface Props {
  form: Form;
  onChange(next: Form): void;
  isNew: boolean;
}

function NumberField(props: {
  label: string;
  hint?: string;
  value: number;
  min: number;
  max: number;
  onChange(value: number): void;
  name?: string;
  /** Not whole ones alone. */
  parts?: boolean;
}) {
  return (
    <Field label={props.label} hint={props.hint}>
      {(id) => (
        <input
          {...id}
          type="number"
          min={props.min}
          max={props.max}
          step={props.parts ? "any" : 1}
          data-name={props.name}
          value={props.value}
          onInput={(event) => {
            const value = event.currentTarget.valueAsNumber;
            if (Number.isFinite(value)) props.onChange(props.parts ? value : Math.round(value));
          }}
        />
      )}
    </Field>
  );
}

export function Fields({ form, onChange, isNew }: Props) {
  const say = useSay(interactionTexts);
  const { interaction } = form;
  const put = (more: Partial<Form["interaction"]>) =>
    onChange({ ...form, interaction: { ...interaction, ...more } });
  const { answer } = interaction;
  const putAnswer = (more: Partial<NonNullable<typeof answer>>) => {
    if (answer) put({ answer: { ...answer, ...more } });
  };
  return (
    <>
      <Panel title={say("interaction")}>
        <div class="grid">
          <Field label={say("type")}>
            {(id) => (
              <select
                {...id}
                value={interaction.type}
                data-name="type"
                onChange={(event) => onChange(withType(form, event.currentTarget.value as InteractionType))}
              >
                {TYPES.map((type) => (
                  <option key={type} value={type}>
                    {say(type)}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={say("id")} hint={say("idHint")}>
            {(id) => (
              <input
                {...id}
                type="text"
                class="mono"
                disabled={!isNew}
                pattern="[A-Za-z0-9._:~\-]{1,128}"
                data-name="id"
                value={interaction.id}
                onInput={(event) => put({ id: event.currentTarget.value.trim() })}
              />
            )}
          </Field>
          <Field label={say("defaultLanguage")} hint={say("defaultLanguageHint")}>
            {(id) => (
              <select
                {...id}
                value={interaction.defaultLanguage}
                onChange={(event) => put({ defaultLanguage: event.currentTarget.value })}
              >
                {Object.keys(interaction.texts).map((language) => (
                  <option key={language} value={language}>
                    {language}
                  </option>
                ))}
              </select>
            )}
          </Field>
          {interaction.choices && interaction.options && (
            <>
              <NumberField
                label={say("least")}
                min={1}
                max={interaction.options.length}
                value={interaction.choices.least}
                onChange={(least) =>
                  put({ choices: { least, most: Math.max(least, interaction.choices?.most ?? 1) } })
                }
              />
              <NumberField
                label={say("most")}
                min={1}
                max={interaction.options.length}
                value={interaction.choices.most}
                onChange={(most) =>
                  put({ choices: { most, least: Math.min(most, interaction.choices?.least ?? 1) } })
                }
              />
            </>
          )}
          {interaction.scale !== undefined && (
            <NumberField
              label={say("scale")}
              min={2}
              max={10}
              value={interaction.scale}
              onChange={(scale) => put({ scale })}
            />
          )}
          {interaction.type === "coupon" && (
            <Field label={say("code")} hint={say("codeOrUrl")}>
              {(id) => (
                <input
                  {...id}
                  type="text"
                  class="mono"
                  maxLength={100}
                  value={interaction.code ?? ""}
                  onInput={(event) => put({ code: event.currentTarget.value })}
                />
              )}
            </Field>
          )}
          {(interaction.type === "link" || interaction.type === "coupon") && (
            <Field label={say("url")}>
              {(id) => (
                <input
                  {...id}
                  type="url"
                  maxLength={2000}
                  value={interaction.url ?? ""}
                  onInput={(event) => put({ url: event.currentTarget.value.trim() })}
                />
              )}
            </Field>
          )}
        </div>
        <ImageField
          image={interaction.image}
          onChange={(image) => {
            const { image: _, ...rest } = interaction;
            onChange({ ...form, interaction: image ? { ...rest, image } : rest });
          }}
        />
      </Panel>
      <Panel title={say("timing")}>
        <div class="grid">
          <NumberField
            label={say("duration")}
            min={1}
            max={3600}
            value={interaction.durationMs / 1000}
            onChange={(seconds) => put({ durationMs: seconds * 1000 })}
          />
          <NumberField
            label={say("tolerance")}
            hint={say("toleranceHint")}
            min={0}
            max={HOUR_MS}
            value={interaction.clockToleranceMs}
            onChange={(clockToleranceMs) => put({ clockToleranceMs })}
          />
        </div>
      </Panel>
      {answer && (
        <Panel title={say("answers")}>
          <div class="grid">
            <Field label={say("mode")}>
              {(id) => (
                <select
                  {...id}
                  value={answer.mode}
                  onChange={(event) => putAnswer({ mode: event.currentTarget.value as typeof answer.mode })}
                >
                  {(["first", "last", "many"] as const).map((mode) => (
                    <option key={mode} value={mode}>
                      {say(mode)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <NumberField
              label={say("close")}
              min={1}
              max={86_400}
              value={answer.closeAfterMs / 1000}
              onChange={(seconds) => putAnswer({ closeAfterMs: seconds * 1000 })}
            />
            <NumberField
              label={say("accept")}
              parts
              min={0}
              max={9_600}
              value={Number((answer.acceptAfterCloseMs / HOUR_MS).toFixed(2))}
              onChange={(hours) => putAnswer({ acceptAfterCloseMs: Math.round(hours * HOUR_MS) })}
            />
            {interaction.results !== undefined && (
              <Field label={say("results")}>
                {(id) => (
                  <select
                    {...id}
                    value={interaction.results}
                    onChange={(event) =>
                      put({ results: event.currentTarget.value as NonNullable<typeof interaction.results> })
                    }
                  >
                    {(["never", "after-answer", "after-close"] as const).map((when) => (
                      <option key={when} value={when}>
                        {say(when)}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            )}
          </div>
        </Panel>
      )}
    </>
  );
}
