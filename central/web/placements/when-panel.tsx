/** The rule of a placement: in programmes, at a moment, or recurring. */
import { useState } from "preact/hooks";
import type { ProgrammeMatch, ProgrammeWhen, When } from "../../../shared/schedule/placement.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { formatOffset, fromInput, fromInputIn, parseOffset, toInput, toInputIn } from "../app/format.ts";
import { Field, Panel } from "../parts/layout.tsx";
import { blankWhen } from "./rule-words.ts";
import { placementTexts } from "./texts.ts";

const KINDS = [
  ["programme", "kindProgramme"],
  ["instant", "kindInstant"],
  ["cron", "kindCron"],
] as const;
/** Channels of which programmes are suggested, and for how long ahead. */
const SUGGESTED_CHANNELS = 10;
const SUGGESTED_MS = 8 * 86_400_000;
const SUGGESTIONS_MAX = 300;
/** No more than this many zones are told by a browser. */
const zones = (): string[] => Intl.supportedValuesOf("timeZone");

interface Props {
  when: When;
  channels: readonly string[];
  onChange(next: When): void;
}

export function WhenPanel({ when, channels, onChange }: Props) {
  const { now } = useApp();
  const say = useSay(placementTexts);
  return (
    <Panel
      title={say("when")}
      side={
        <div class="tabs flat" role="group" aria-label={say("when")}>
          {KINDS.map(([kind, label]) => (
            <button
              type="button"
              key={kind}
              aria-pressed={when.kind === kind}
              data-kind={kind}
              onClick={() => {
                const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
                if (when.kind !== kind) onChange(blankWhen(kind, now(), timeZone));
              }}
            >
              {say(label)}
            </button>
          ))}
        </div>
      }
    >
      {when.kind === "programme" && <InProgramme when={when} channels={channels} onChange={onChange} />}
      {when.kind === "instant" && (
        <Field label={say("moment")} hint={Intl.DateTimeFormat().resolvedOptions().timeZone}>
          {(id) => (
            <input
              {...id}
              type="datetime-local"
              step={1}
              data-name="moment"
              value={toInput(when.atMs)}
              onInput={(event) => {
                const atMs = fromInput(event.currentTarget.value);
                if (atMs !== undefined) onChange({ kind: "instant", atMs });
              }}
            />
          )}
        </Field>
      )}
      {when.kind === "cron" && (
        <div class="grid" data-name="cron">
          <Field label={say("cronRule")} hint={say("cronHint")}>
            {(id) => (
              <input
                {...id}
                type="text"
                class="mono"
                maxLength={200}
                value={when.rule}
                onInput={(event) => onChange({ ...when, rule: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label={say("zone")}>
            {(id) => (
              <>
                <input
                  {...id}
                  type="text"
                  list={`${id.id}-zones`}
                  value={when.zone}
                  onInput={(event) => onChange({ ...when, zone: event.currentTarget.value })}
                />
                <datalist id={`${id.id}-zones`}>
                  {zones().map((zone) => (
                    <option key={zone} value={zone} />
                  ))}
                </datalist>
              </>
            )}
          </Field>
          {(["fromMs", "untilMs"] as const).map((bound) => (
            <Field
              key={bound}
              label={say(bound === "fromMs" ? "cronFrom" : "cronUntil")}
              hint={say(bound === "fromMs" ? "cronFromHint" : "cronUntilHint", { zone: when.zone })}
            >
              {(id) => (
                <input
                  {...id}
                  type="datetime-local"
                  value={when[bound] === undefined ? "" : (toInputIn(when.zone, when[bound] ?? 0) ?? "")}
                  disabled={toInputIn(when.zone, 0) === undefined}
                  onInput={(event) => {
                    const { [bound]: _, ...rest } = when;
                    const ms = fromInputIn(when.zone, event.currentTarget.value);
                    onChange({ ...rest, ...(ms !== undefined && { [bound]: ms }) });
                  }}
                />
              )}
            </Field>
          ))}
          <Field label={say("exceptDates")} hint={say("exceptHint")}>
            {(id) => (
              <input
                {...id}
                type="text"
                class="mono"
                value={(when.exceptDates ?? []).join(" ")}
                onChange={(event) => {
                  const { exceptDates: _, ...rest } = when;
                  const exceptDates = event.currentTarget.value.split(/[\s,,]+/).filter(Boolean);
                  onChange({ ...rest, ...(exceptDates.length > 0 && { exceptDates }) });
                }}
              />
            )}
          </Field>
        </div>
      )}
    </Panel>
  );
}

type MatchKind = "title" | "series" | "titlePattern" | "programme";
const matchKind = (match: ProgrammeMatch): MatchKind =>
  "title" in match
    ? "title"
    : "series" in match
      ? "series"
      : "titlePattern" in match
        ? "titlePattern"
        : "programme";
const matchText = (match: ProgrammeMatch): string => Object.values(match)[0] as string;
const asMatch = (kind: MatchKind, text: string) => ({ [kind]: text }) as ProgrammeMatch;

type At = ProgrammeWhen["at"];
type AtKind = "start" | "end" | "fraction" | "every";
const atKind = (at: At): AtKind => ("fraction" in at ? "fraction" : "everyMs" in at ? "every" : at.from);

function InProgramme({
  when,
  channels,
  onChange,
}: {
  when: ProgrammeWhen;
  channels: readonly string[];
  onChange(next: When): void;
}) {
  const { api, now } = useApp();
  const say = useSay(placementTexts);
  const asked = channels.slice(0, SUGGESTED_CHANNELS).join(",");
  const guide = useResource(`suggest ${asked}`, async () => {
    if (asked === "") return [];
    const fromMs = Math.floor(now() / 3_600_000) * 3_600_000;
    const { channels: rows } = await api.timeline({
      channels: asked,
      fromMs,
      untilMs: fromMs + SUGGESTED_MS,
    });
    return rows.flatMap(({ programmes }) => programmes);
  });
  const { match, at } = when;
  const kind = matchKind(match);
  const suggestions = new Map<string, string>();
  for (const programme of guide.value ?? []) {
    if (suggestions.size >= SUGGESTIONS_MAX) break;
    if (kind === "series") {
      if (programme.series) suggestions.set(programme.series, programme.title);
    } else if (kind === "programme")
      suggestions.set(programme.id, `${programme.title} ${toInput(programme.startMs)}`);
    else suggestions.set(programme.title, "");
  }
  const put = (more: Partial<ProgrammeWhen>) => onChange({ ...when, ...more });
  const offsetMs = "offsetMs" in at ? (at.offsetMs ?? 0) : 0;
  function setAtKind(next: AtKind) {
    if (next === "fraction") put({ at: { fraction: 0.5 } });
    else if (next === "every") put({ at: { everyMs: 600_000, offsetMs: 0, most: 500 } });
    else put({ at: { from: next, offsetMs } });
  }
  return (
    <div class="grid">
      <Field label={say("match")}>
        {(id) => (
          <select
            {...id}
            value={kind}
            data-name="match"
            onChange={(event) =>
              put({ match: asMatch(event.currentTarget.value as MatchKind, matchText(match)) })
            }
          >
            <option value="title">{say("title_")}</option>
            <option value="series">{say("series")}</option>
            <option value="titlePattern">{say("titlePattern")}</option>
            <option value="programme">{say("programme")}</option>
          </select>
        )}
      </Field>
      <Field
        label={say(kind === "title" ? "title_" : kind)}
        hint={kind === "titlePattern" ? say("patternHint") : undefined}
      >
        {(id) => (
          <>
            <input
              {...id}
              type="text"
              dir="auto"
              list={`${id.id}-list`}
              data-name="match-text"
              value={matchText(match)}
              onInput={(event) => put({ match: asMatch(kind, event.currentTarget.value) })}
            />
            <datalist id={`${id.id}-list`}>
              {[...suggestions].map(([value, label]) => (
                <option key={value} value={value} label={label || undefined} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field label={say("airing")}>
        {(id) => (
          <select
            {...id}
            value={when.airing ?? "any"}
            onChange={(event) => put({ airing: event.currentTarget.value as "any" | "first-run" })}
          >
            <option value="any">{say("any")}</option>
            <option value="first-run">{say("first-run")}</option>
          </select>
        )}
      </Field>
      <Field label={say("at")}>
        {(id) => (
          <select
            {...id}
            value={atKind(at)}
            data-name="at"
            onChange={(event) => setAtKind(event.currentTarget.value as AtKind)}
          >
            {(["start", "end", "fraction", "every"] as const).map((each) => (
              <option key={each} value={each}>
                {say(each)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {"from" in at && (
        <>
          <OffsetField
            label={say("offset")}
            hint={say("offsetHint")}
            value={at.offsetMs}
            onChange={(next) => put({ at: { ...at, offsetMs: next } })}
          />
          <label class="check">
            <input
              type="checkbox"
              checked={at.outside ?? false}
              onChange={(event) => {
                const { outside: _, ...rest } = at;
                put({ at: { ...rest, ...(event.currentTarget.checked && { outside: true }) } });
              }}
            />
            {say("outside")}
          </label>
        </>
      )}
      {"everyMs" in at && (
        <>
          <OffsetField
            label={say("everyLabel")}
            value={at.everyMs}
            onChange={(everyMs) => put({ at: { ...at, everyMs: Math.max(60_000, everyMs) } })}
          />
          <OffsetField
            label={say("offset")}
            hint={say("offsetHint")}
            value={at.offsetMs}
            onChange={(next) => put({ at: { ...at, offsetMs: Math.max(0, next) } })}
          />
          <Field label={say("most")}>
            {(id) => (
              <input
                {...id}
                type="number"
                min={1}
                max={500}
                value={at.most}
                onInput={(event) => {
                  const value = event.currentTarget.valueAsNumber;
                  if (Number.isFinite(value) && value >= 1) put({ at: { ...at, most: Math.round(value) } });
                }}
              />
            )}
          </Field>
        </>
      )}
      {"fraction" in at && (
        <Field label={say("fractionLabel")}>
          {(id) => (
            <input
              {...id}
              type="number"
              min={0}
              max={100}
              value={Math.round(at.fraction * 100)}
              onInput={(event) => {
                const value = event.currentTarget.valueAsNumber;
                if (Number.isFinite(value)) put({ at: { fraction: Math.min(1, Math.max(0, value / 100)) } });
              }}
            />
          )}
        </Field>
      )}
    </div>
  );
}

/** Keeps what is typed until it reads as an offset. */
function OffsetField(props: { label: string; hint?: string; value: number; onChange(next: number): void }) {
  const say = useSay(placementTexts);
  const [typed, setTyped] = useState<string | undefined>();
  const bad = typed !== undefined && parseOffset(typed) === undefined;
  return (
    <Field label={props.label} hint={props.hint} error={bad ? say("badOffset") : undefined}>
      {(id) => (
        <input
          {...id}
          type="text"
          class="figures"
          data-name="offset"
          value={typed ?? formatOffset(props.value)}
          onInput={(event) => {
            const text = event.currentTarget.value;
            setTyped(text);
            const ms = parseOffset(text);
            if (ms !== undefined) props.onChange(ms);
          }}
          onBlur={() => setTyped(undefined)}
        />
      )}
    </Field>
  );
}
