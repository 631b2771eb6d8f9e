/** The form of one guide source. */
import { useState } from "preact/hooks";
import type { GuideSource, SourceView } from "../../guide/source.ts";
import { FEED_CLOCKS } from "../../guide/zone-clock.ts";
import { useApp, useSay } from "../app/context.tsx";
import { useGuardedSave } from "../app/use-guarded-save.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Field } from "../parts/layout.tsx";
import { TextField } from "../parts/text-field.tsx";
import { guideTexts } from "./texts.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const BLANK: GuideSource = {
  id: "",
  url: "",
  every: { ms: 10 * MINUTE_MS },
  paused: false,
  timeoutMs: 300_000,
  bytesMax: 268_435_456,
  staleAfterMs: 24 * HOUR_MS,
};

/** What people change of it. */
export function sourceOf({ running: _, state: __, trouble: ___, ...source }: SourceView): GuideSource {
  return source;
}

export function SourceDialog({ source, onClose }: { source: GuideSource | undefined; onClose(): void }) {
  const { api, toast } = useApp();
  const say = useSay(guideTexts);
  const [form, setForm] = useState<GuideSource>(source ?? BLANK);
  const guarded = useGuardedSave<GuideSource>({
    opened: source,
    read: () => api.guideSource(form.id).then(({ value, tag }) => ({ value: sourceOf(value), tag })),
    write: api.putGuideSource,
    onSaved() {
      toast({ tone: "good", text: say("sourceSaved", { id: form.id }) });
      onClose();
    },
  });
  const put = (more: Partial<GuideSource>) => setForm({ ...form, ...more });
  const { every } = form;
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const count = (
    label: string,
    value: number,
    unit: number,
    least: number,
    onChange: (next: number) => void,
  ) => (
    <Field label={label}>
      {(id) => (
        <input
          {...id}
          type="number"
          min={least}
          step="any"
          required
          value={value / unit}
          onInput={(event) => {
            const typed = event.currentTarget.valueAsNumber;
            if (Number.isFinite(typed)) onChange(Math.round(typed * unit));
          }}
        />
      )}
    </Field>
  );
  return (
    <>
      <FormDialog
        title={source ? say("editSource", { id: source.id }) : say("newSource")}
        save={say("save")}
        onClose={onClose}
        onSave={async () => {
          const { zone, clock, ...rest } = form;
          await guarded.save({
            ...rest,
            ...(zone !== undefined && zone !== "" && { zone }),
            ...(clock !== undefined && { clock }),
          });
        }}
      >
        {!source && (
          <TextField
            label={say("sourceId")}
            isId
            maxLength={100}
            value={form.id}
            onInput={(id) => put({ id })}
          />
        )}
        <TextField
          label={say("address")}
          hint={say(source?.url.includes("…") ? "addressKept" : "addressHint")}
          maxLength={2_000}
          value={form.url}
          onInput={(url) => put({ url: url.trim() })}
        />
        <div class="tabs flat" role="group" aria-label={say("asked")}>
          {([true, false] as const).map((byTime) => (
            <button
              type="button"
              key={String(byTime)}
              aria-pressed={"ms" in every === byTime}
              onClick={() =>
                put({ every: byTime ? { ms: 10 * MINUTE_MS } : { rule: "0 5 * * *", zone: timeZone } })
              }
            >
              {say(byTime ? "everySoOften" : "byRule")}
            </button>
          ))}
        </div>
        {"ms" in every ? (
          count(say("everyMinutes"), every.ms, MINUTE_MS, 1 / 6, (ms) => put({ every: { ms } }))
        ) : (
          <div class="grid">
            <TextField
              label={say("rule")}
              hint={say("ruleHint")}
              maxLength={200}
              value={every.rule}
              onInput={(rule) => put({ every: { ...every, rule } })}
            />
            <TextField
              label={say("zone_")}
              maxLength={64}
              value={every.zone}
              onInput={(zone) => put({ every: { ...every, zone } })}
            />
          </div>
        )}
        <details>
          <summary>{say("details")}</summary>
          <div class="grid">
            <Field label={say("zone")} hint={say("zoneHint")}>
              {(id) => (
                <input
                  {...id}
                  type="text"
                  placeholder={timeZone}
                  value={form.zone ?? ""}
                  onInput={(event) => put({ zone: event.currentTarget.value.trim() })}
                />
              )}
            </Field>
            <Field label={say("clock")} hint={say("clockHint")}>
              {(id) => (
                <select
                  {...id}
                  value={form.clock ?? ""}
                  onChange={(event) => {
                    const clock = FEED_CLOCKS.find((each) => each === event.currentTarget.value);
                    put({ clock });
                  }}
                >
                  <option value="">{say("clock-auto")}</option>
                  {FEED_CLOCKS.map((each) => (
                    <option key={each} value={each}>
                      {say(`clock-${each}`)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            {count(say("timeoutS"), form.timeoutMs, 1_000, 1, (timeoutMs) => put({ timeoutMs }))}
            {count(say("megabytesMost"), form.bytesMax, 1_048_576, 1, (bytesMax) => put({ bytesMax }))}
            {count(say("staleAfterH"), form.staleAfterMs, HOUR_MS, 1, (staleAfterMs) =>
              put({ staleAfterMs }),
            )}
          </div>
        </details>
      </FormDialog>
      {guarded.question}
    </>
  );
}
