/** Why, or why not: asked about a cue, or about something that was expected at a time or in a programme. */
import { useApp, useResource, useSay } from "../app/context.tsx";
import { clockTime, dayName, fromInput, toInput } from "../app/format.ts";
import { useNewestLabels } from "../app/labels.ts";
import { Field, Panel } from "../parts/layout.tsx";
import { MODES, type Question } from "./question.ts";
import { explainTexts } from "./texts.ts";

const MODE_WORDS = { time: "byTime", programme: "byProgramme", cue: "byCue" } as const;
const DAY_MS = 86_400_000;
/** Programmes offered: a day back, and as far as a guide reaches. */
const SPAN_MS = 9 * DAY_MS;

interface Props {
  question: Question;
  onChange(next: Question): void;
}

export function QuestionForm({ question, onChange }: Props) {
  const { api } = useApp();
  const say = useSay(explainTexts);
  const labelOf = useNewestLabels();
  const placements = useResource("placements", api.placements, ["drafts", "air"]);
  const channels = useResource("channels", api.channels, ["guide"]);
  const regions = useResource("regions", api.regions, ["drafts"]);
  const put = (more: Partial<Question>) => onChange({ ...question, ...more });
  const known = placements.value?.placements ?? [];
  const { placement } = question;
  return (
    <Panel
      title={say("question")}
      side={
        <div class="tabs flat" role="group" aria-label={say("of")}>
          {(["air", "drafts"] as const).map((of) => (
            <button type="button" key={of} aria-pressed={question.of === of} onClick={() => put({ of })}>
              {say(of)}
            </button>
          ))}
        </div>
      }
    >
      <div class="tabs" role="group" aria-label={say("mode")}>
        {MODES.map((mode) => (
          <button
            type="button"
            key={mode}
            aria-pressed={question.mode === mode}
            data-mode={mode}
            onClick={() => put({ mode })}
          >
            {say(MODE_WORDS[mode])}
          </button>
        ))}
      </div>
      <div class="stack tight">
        {question.mode === "cue" ? (
          <Field label={say("cue")} hint={say("cueHint")}>
            {(id) => (
              <input
                {...id}
                type="text"
                class="mono"
                data-name="cue"
                maxLength={200}
                value={question.cue}
                onInput={(event) => put({ cue: event.currentTarget.value.trim() })}
              />
            )}
          </Field>
        ) : (
          <Field label={say("placement")}>
            {(id) => (
              <select
                {...id}
                data-name="placement"
                value={placement}
                onChange={(event) => put({ placement: event.currentTarget.value })}
              >
                <option value="">{say("choosePlacement")}</option>
                {placement !== "" && !known.some((each) => each.placement.id === placement) && (
                  <option value={placement}>{placement}</option>
                )}
                {known.map(({ placement: each }) => (
                  <option key={each.id} value={each.id}>
                    {each.id} · {labelOf(each.interaction).title}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field label={say("channel")}>
          {(id) => (
            <select
              {...id}
              data-name="channel"
              value={question.channel}
              onChange={(event) => put({ channel: event.currentTarget.value, programme: "" })}
            >
              <option value="">{say("anyChannel")}</option>
              {(channels.value?.channels ?? []).map(({ id: channel, number, name }) => (
                <option key={channel} value={channel}>
                  {number} {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        {question.mode === "programme" && <Programmes question={question} onChange={onChange} />}
        {question.mode === "time" && (
          <Field label={say("time")} hint={Intl.DateTimeFormat().resolvedOptions().timeZone}>
            {(id) => (
              <input
                {...id}
                type="datetime-local"
                step={1}
                data-name="expected"
                value={toInput(question.atMs)}
                onInput={(event) => {
                  const atMs = fromInput(event.currentTarget.value);
                  if (atMs !== undefined) put({ atMs });
                }}
              />
            )}
          </Field>
        )}
        {(regions.value?.regions.length ?? 0) > 1 && (
          <Field label={say("region")}>
            {(id) => (
              <select
                {...id}
                value={question.region}
                onChange={(event) => put({ region: event.currentTarget.value })}
              >
                <option value="">{say("anyRegion")}</option>
                {regions.value?.regions.map((region) => (
                  <option key={region.id} value={region.id}>
                    {region.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
      </div>
    </Panel>
  );
}

function Programmes({ question, onChange }: Props) {
  const { api, language, now } = useApp();
  const say = useSay(explainTexts);
  const { channel } = question;
  const found = useResource(`explain programmes ${channel}`, async () => {
    if (channel === "") return [];
    const fromMs = Math.floor((now() - DAY_MS) / 3_600_000) * 3_600_000;
    const reply = await api.timeline({ channels: channel, fromMs, untilMs: fromMs + SPAN_MS });
    return reply.channels[0]?.programmes ?? [];
  });
  const days = new Map<string, NonNullable<typeof found.value>>();
  for (const programme of found.value ?? []) {
    const day = dayName(programme.startMs, language);
    days.set(day, [...(days.get(day) ?? []), programme]);
  }
  return (
    <Field label={say("programme")} hint={channel === "" ? say("chooseChannel") : undefined}>
      {(id) => (
        <select
          {...id}
          data-name="programme"
          disabled={channel === ""}
          value={question.programme}
          onChange={(event) => onChange({ ...question, programme: event.currentTarget.value })}
        >
          <option value="">{say("chooseProgramme")}</option>
          {[...days].map(([day, programmes]) => (
            <optgroup key={day} label={day}>
              {programmes.map(({ id: programme, title, startMs }) => (
                <option key={programme} value={programme}>
                  {clockTime(startMs, language)} {title}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      )}
    </Field>
  );
}
