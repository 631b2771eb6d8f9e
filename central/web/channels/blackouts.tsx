/** Blackouts of a channel rule: periods, and programmes with what lies around them. */
import type { Blackout } from "../../../shared/schedule/channel-rule.ts";
import { useApp, useSay } from "../app/context.tsx";
import { fromInput, toInput } from "../app/format.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/layout.tsx";
import { channelTexts } from "./texts.ts";

const MATCHES = ["category", "title", "series", "titlePattern", "programme"] as const;
type MatchKind = (typeof MATCHES)[number];
type Period = Extract<Blackout, { fromMs: number }>;
type During = Extract<Blackout, { match: unknown }>;

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

interface Props {
  blackouts: readonly Blackout[];
  onChange(next: Blackout[]): void;
}

export function Blackouts({ blackouts, onChange }: Props) {
  const { now } = useApp();
  const say = useSay(channelTexts);
  const replace = (index: number, next: Blackout) =>
    onChange(blackouts.map((each, at) => (at === index ? next : each)));
  function addPeriod() {
    const fromMs = Math.ceil(now() / HOUR_MS) * HOUR_MS;
    onChange([...blackouts, { fromMs, untilMs: fromMs + HOUR_MS }]);
  }
  return (
    <fieldset class="blackouts">
      <legend>{say("blackouts")}</legend>
      {blackouts.length === 0 && <p class="quiet">{say("noBlackouts")}</p>}
      {blackouts.map((blackout, index) => (
        <div class="blackout" key={String(index)} data-name="blackout">
          {"match" in blackout ? (
            <DuringFields blackout={blackout} onChange={(next) => replace(index, next)} />
          ) : (
            <PeriodFields blackout={blackout} onChange={(next) => replace(index, next)} />
          )}
          <Button
            small
            tone="quiet"
            icon="close"
            label={say("remove")}
            onClick={() => onChange(blackouts.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <div class="actions">
        <Button small icon="plus" onClick={addPeriod} name="add-period">
          {say("addPeriod")}
        </Button>
        <Button
          small
          icon="plus"
          name="add-programmes"
          onClick={() => onChange([...blackouts, { match: { category: "" }, beforeMs: 0, afterMs: 0 }])}
        >
          {say("addProgrammes")}
        </Button>
      </div>
    </fieldset>
  );
}

function PeriodFields({ blackout, onChange }: { blackout: Period; onChange(next: Period): void }) {
  const say = useSay(channelTexts);
  return (
    <>
      {(["fromMs", "untilMs"] as const).map((end) => (
        <Field key={end} label={say(end === "fromMs" ? "from" : "until")}>
          {(field) => (
            <input
              {...field}
              type="datetime-local"
              step={1}
              value={toInput(blackout[end])}
              onInput={(event) => {
                const ms = fromInput(event.currentTarget.value);
                if (ms !== undefined) onChange({ ...blackout, [end]: ms });
              }}
            />
          )}
        </Field>
      ))}
    </>
  );
}

function DuringFields({ blackout, onChange }: { blackout: During; onChange(next: During): void }) {
  const say = useSay(channelTexts);
  const { match } = blackout;
  const kind = (MATCHES.find((each) => each in match) ?? "category") as MatchKind;
  const text = String(Object.values(match)[0] ?? "");
  const withMatch = (next: MatchKind, value: string) =>
    onChange({ ...blackout, match: { [next]: value } as During["match"] });
  return (
    <>
      <Field label={say("during")}>
        {(field) => (
          <select
            {...field}
            value={kind}
            onChange={(event) => withMatch(event.currentTarget.value as MatchKind, text)}
          >
            {MATCHES.map((each) => (
              <option key={each} value={each}>
                {say(each === "title" ? "title_" : each)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={say(kind === "title" ? "title_" : kind)}>
        {(field) => (
          <input
            {...field}
            type="text"
            dir="auto"
            maxLength={500}
            data-name="blackout-match"
            value={text}
            onInput={(event) => withMatch(kind, event.currentTarget.value)}
          />
        )}
      </Field>
      {(["beforeMs", "afterMs"] as const).map((side) => (
        <Field key={side} label={`${say(side === "beforeMs" ? "before" : "after")} (min)`}>
          {(field) => (
            <input
              {...field}
              type="number"
              min={0}
              max={360}
              value={blackout[side] / MINUTE_MS}
              onInput={(event) => {
                const value = event.currentTarget.valueAsNumber;
                if (Number.isFinite(value)) onChange({ ...blackout, [side]: Math.round(value * MINUTE_MS) });
              }}
            />
          )}
        </Field>
      ))}
    </>
  );
}
