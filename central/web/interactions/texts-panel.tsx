/** Texts by language, and the options with them: one tab a language. */
import { useState } from "preact/hooks";
import { OPTIONS_MAX } from "../../../shared/protocol/interaction.ts";
import { useSay } from "../app/context.tsx";
import { Button } from "../parts/button.tsx";
import { Field, Panel } from "../parts/layout.tsx";
import { type Form, nextOption } from "./blank.ts";
import { interactionTexts } from "./texts.ts";

const LANGUAGE = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/;

interface Props {
  form: Form;
  onChange(next: Form): void;
  shown: string;
  setShown(language: string): void;
}

export function TextsPanel({ form, onChange, shown, setShown }: Props) {
  const say = useSay(interactionTexts);
  const { interaction } = form;
  const languages = Object.keys(interaction.texts);
  const language = languages.includes(shown) ? shown : (languages[0] ?? "en");
  const texts = interaction.texts[language] ?? {};
  const [adding, setAdding] = useState("");
  const put = (more: Partial<Form["interaction"]>, correct = form.correct) =>
    onChange({ interaction: { ...interaction, ...more }, ...(correct && { correct }) });
  const putText = (more: Partial<typeof texts>) =>
    put({ texts: { ...interaction.texts, [language]: { ...texts, ...more } } });

  function add() {
    if (!LANGUAGE.test(adding)) return;
    put({ texts: { ...interaction.texts, [adding]: interaction.texts[adding] ?? {} } });
    setShown(adding);
    setAdding("");
  }
  function remove() {
    const { [language]: _, ...rest } = interaction.texts;
    put({ texts: rest });
    setShown(Object.keys(rest)[0] ?? "");
  }

  return (
    <Panel
      title={say("texts")}
      side={
        <form
          class="inline"
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <input
            class="small narrow"
            type="text"
            aria-label={say("languageTag")}
            placeholder="fr"
            maxLength={35}
            value={adding}
            onInput={(event) => setAdding(event.currentTarget.value.trim())}
          />
          <Button small type="submit" icon="plus" disabled={!LANGUAGE.test(adding)}>
            {say("addLanguage")}
          </Button>
        </form>
      }
    >
      <div class="tabs" role="group" aria-label={say("languages")}>
        {languages.map((each) => (
          <button
            type="button"
            key={each}
            aria-pressed={each === language}
            onClick={() => setShown(each)}
            data-language={each}
          >
            {each}
            {each === interaction.defaultLanguage && " ★"}
          </button>
        ))}
        {languages.length > 1 && language !== interaction.defaultLanguage && (
          <Button
            small
            tone="quiet"
            icon="close"
            label={say("removeLanguage", { language })}
            onClick={remove}
          />
        )}
      </div>
      <div lang={language} class="stack">
        <Field label={say("textTitle")}>
          {(id) => (
            <input
              {...id}
              type="text"
              maxLength={200}
              dir="auto"
              data-name="title"
              value={texts.title ?? ""}
              onInput={(event) => putText({ title: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field label={say("textBody")}>
          {(id) => (
            <textarea
              {...id}
              rows={2}
              maxLength={1000}
              dir="auto"
              value={texts.body ?? ""}
              onInput={(event) => putText({ body: event.currentTarget.value })}
            />
          )}
        </Field>
        {interaction.options && (
          <fieldset>
            <legend>{say("options")}</legend>
            {interaction.options.map((option, index) => (
              <div class="option" key={option}>
                {interaction.type === "quiz" && (
                  <label class="check">
                    <input
                      type="checkbox"
                      checked={form.correct?.includes(option) ?? false}
                      data-name={`right-${option}`}
                      onChange={(event) => {
                        const rest = (form.correct ?? []).filter((each) => each !== option);
                        put({}, event.currentTarget.checked ? [...rest, option] : rest);
                      }}
                    />
                    {say("right")}
                  </label>
                )}
                <input
                  type="text"
                  maxLength={120}
                  dir="auto"
                  aria-label={say("option", { n: index + 1 })}
                  placeholder={say("option", { n: index + 1 })}
                  data-name={`option-${option}`}
                  value={texts.options?.[option] ?? ""}
                  onInput={(event) =>
                    putText({ options: { ...texts.options, [option]: event.currentTarget.value } })
                  }
                />
                <Button
                  small
                  tone="quiet"
                  icon="close"
                  label={say("removeOption", { n: index + 1 })}
                  disabled={(interaction.options?.length ?? 0) <= 2}
                  onClick={() =>
                    put(
                      { options: (interaction.options ?? []).filter((each) => each !== option) },
                      form.correct?.filter((each) => each !== option),
                    )
                  }
                />
              </div>
            ))}
            <Button
              small
              icon="plus"
              disabled={interaction.options.length >= OPTIONS_MAX}
              onClick={() =>
                put({ options: [...(interaction.options ?? []), nextOption(interaction.options ?? [])] })
              }
              name="add-option"
            >
              {say("addOption")}
            </Button>
          </fieldset>
        )}
        {interaction.answer && (
          <Field label={say("thanks")}>
            {(id) => (
              <input
                {...id}
                type="text"
                maxLength={200}
                dir="auto"
                value={texts.thanks ?? ""}
                onInput={(event) => putText({ thanks: event.currentTarget.value })}
              />
            )}
          </Field>
        )}
      </div>
    </Panel>
  );
}
