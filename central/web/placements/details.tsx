/** What an editor seldom changes of a placement: window, priority, fetching, embargo, audience. */
import { useSay } from "../app/context.tsx";
import { Field } from "../parts/layout.tsx";
import type { Draft } from "./rule-words.ts";
import { placementTexts } from "./texts.ts";

function Seconds(props: { label: string; hint?: string; valueMs: number; onChange(ms: number): void }) {
  return (
    <Field label={props.label} hint={props.hint}>
      {(id) => (
        <input
          {...id}
          type="number"
          min={0}
          max={86_400}
          value={props.valueMs / 1000}
          onInput={(event) => {
            const value = event.currentTarget.valueAsNumber;
            if (Number.isFinite(value)) props.onChange(Math.round(value * 1000));
          }}
        />
      )}
    </Field>
  );
}

const asList = (text: string) =>
  text
    .split(/[\s,,]+/)
    .map((each) => each.trim())
    .filter(Boolean);

export function Details({ placement, onChange }: { placement: Draft; onChange(more: Partial<Draft>): void }) {
  const say = useSay(placementTexts);
  const { prefetch, embargo } = placement;
  const audience = placement.audience ?? {};
  const putAudience = (more: typeof audience) => {
    const next = { ...audience, ...more };
    const kept = Object.fromEntries(
      Object.entries(next).filter(([, value]) =>
        Array.isArray(value) ? value.length > 0 : value !== undefined && value !== 1,
      ),
    );
    onChange({ audience: Object.keys(kept).length > 0 ? (kept as typeof audience) : undefined });
  };
  return (
    <details class="panel">
      <summary>{say("details")}</summary>
      <div class="grid">
        <Field label={say("priority")} hint={say("priorityHint")}>
          {(id) => (
            <input
              {...id}
              type="number"
              min={-1000}
              max={1000}
              value={placement.priority}
              onInput={(event) => {
                const value = event.currentTarget.valueAsNumber;
                if (Number.isFinite(value)) onChange({ priority: Math.round(value) });
              }}
            />
          )}
        </Field>
        <Seconds
          label={say("window")}
          hint={say("windowHint")}
          valueMs={placement.windowMs}
          onChange={(windowMs) => onChange({ windowMs })}
        />
        <Seconds
          label={say("lead")}
          valueMs={prefetch.leadMs}
          onChange={(leadMs) => onChange({ prefetch: { ...prefetch, leadMs } })}
        />
        <Seconds
          label={say("guard")}
          valueMs={prefetch.guardMs}
          onChange={(guardMs) => onChange({ prefetch: { ...prefetch, guardMs } })}
        />
        <label class="check">
          <input
            type="checkbox"
            checked={placement.lateJoin}
            onChange={(event) => onChange({ lateJoin: event.currentTarget.checked })}
          />
          {say("lateJoin")}
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={embargo !== undefined}
            onChange={(event) =>
              onChange({ embargo: event.currentTarget.checked ? { spreadMs: 5_000 } : undefined })
            }
          />
          {say("embargo")}
        </label>
        {embargo && (
          <Seconds
            label={say("embargoHint")}
            valueMs={embargo.spreadMs}
            onChange={(spreadMs) => onChange({ embargo: { spreadMs } })}
          />
        )}
      </div>
      <h3>{say("audience")}</h3>
      <div class="grid">
        <Field label={say("share")} hint={say("shareHint")}>
          {(id) => (
            <input
              {...id}
              type="number"
              min={0}
              max={100}
              value={Math.round((audience.share ?? 1) * 100)}
              onInput={(event) => {
                const value = event.currentTarget.valueAsNumber;
                if (Number.isFinite(value)) putAudience({ share: Math.min(1, Math.max(0, value / 100)) });
              }}
            />
          )}
        </Field>
        <Field label={say("languages")}>
          {(id) => (
            <input
              {...id}
              type="text"
              value={(audience.languages ?? []).join(" ")}
              onChange={(event) => putAudience({ languages: asList(event.currentTarget.value) })}
            />
          )}
        </Field>
        <Field label={say("tags")}>
          {(id) => (
            <input
              {...id}
              type="text"
              value={(audience.tags ?? []).join(" ")}
              onChange={(event) => putAudience({ tags: asList(event.currentTarget.value) })}
            />
          )}
        </Field>
      </div>
    </details>
  );
}
