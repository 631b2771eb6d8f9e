/** A guide file: read and reported on first, then taken. */
import { useRef, useState } from "preact/hooks";
import type { ImportReport } from "../../guide/import-report.ts";
import { FEED_CLOCKS } from "../../guide/zone-clock.ts";
import { useApp, useSay } from "../app/context.tsx";
import { Button } from "../parts/button.tsx";
import { Field, Panel } from "../parts/layout.tsx";
import { Report } from "./report.tsx";
import { guideTexts } from "./texts.ts";

/** Begun: long enough for central to tell of it. */
const BEGUN_MS = 400;

export function ImportPanel({ onBegun }: { onBegun(): void }) {
  const { api, toast, failed, may, timers } = useApp();
  const say = useSay(guideTexts);
  const [file, setFile] = useState<File | undefined>();
  const [report, setReport] = useState<ImportReport | undefined>();
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const [zone, setZone] = useState("");
  const [clock, setClock] = useState("");
  const [anyway, setAnyway] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const reading = { ...(zone !== "" && { zone }), ...(clock !== "" && { clock }) };

  async function look(next: File) {
    setFile(next);
    setReport(undefined);
    setBusy(true);
    timers.after(BEGUN_MS, onBegun);
    try {
      setReport(await api.importGuide(next, { dryRun: 1, ...reading }));
    } catch (error) {
      setFile(undefined);
      failed(error, () => look(next));
    } finally {
      setBusy(false);
    }
  }
  async function take() {
    if (!file) return;
    setBusy(true);
    timers.after(BEGUN_MS, onBegun);
    try {
      const done = await api.importGuide(file, { ...(anyway && { anyway: 1 }), ...reading });
      const held = done.state === "pending" || done.state === "partly";
      toast({
        tone: held ? "info" : "good",
        text: held ? say("held") : say("taken", { n: done.programmes.added, moved: done.programmes.moved }),
        ...(done.publishing !== undefined && { lines: [say("noPublish", { why: done.publishing })] }),
      });
      close();
    } catch (error) {
      failed(error, take);
    } finally {
      setBusy(false);
    }
  }
  function close() {
    setFile(undefined);
    setReport(undefined);
    setAnyway(false);
  }
  if (!may("guide")) return null;
  return (
    <Panel title={say("file")}>
      <input
        ref={input}
        type="file"
        class="unseen"
        tabIndex={-1}
        aria-label={say("file")}
        data-name="guide-file"
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          event.currentTarget.value = "";
          if (chosen) look(chosen);
        }}
      />
      {file === undefined ? (
        <div class="stack tight">
          <div
            class={over ? "drop over" : "drop"}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(false);
              const [dropped] = event.dataTransfer?.files ?? [];
              if (dropped) look(dropped);
            }}
          >
            <Button icon="guide" onClick={() => input.current?.click()}>
              {say("choose")}
            </Button>
            <span class="quiet">{say("drop")}</span>
          </div>
          <details>
            <summary class="quiet small">{say("reading")}</summary>
            <div class="grid">
              <Field label={say("zone")} hint={say("zoneHint")}>
                {(id) => (
                  <input
                    {...id}
                    type="text"
                    placeholder="Asia/Shanghai"
                    value={zone}
                    onInput={(event) => setZone(event.currentTarget.value.trim())}
                  />
                )}
              </Field>
              <Field label={say("clock")} hint={say("clockHint")}>
                {(id) => (
                  <select {...id} value={clock} onChange={(event) => setClock(event.currentTarget.value)}>
                    <option value="">{say("clock-auto")}</option>
                    {FEED_CLOCKS.map((each) => (
                      <option key={each} value={each}>
                        {say(`clock-${each}`)}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            </div>
          </details>
        </div>
      ) : report === undefined ? (
        <p role="status" class="quiet">
          <span class="spinner" aria-hidden="true" /> {say("looking", { name: file.name })}
        </p>
      ) : (
        <div class="stack">
          <p class="strong">{say("dryRun", { name: file.name })}</p>
          <Report report={report} />
          <div class="actions">
            <Button tone="main" busy={busy} onClick={take} name="take-guide">
              {say(report.reasons.length > 0 && !anyway ? "takePart" : "take")}
            </Button>
            <Button onClick={close}>{say("cancel")}</Button>
            {report.reasons.length > 0 && may("publish") && (
              <label class="check">
                <input
                  type="checkbox"
                  checked={anyway}
                  onChange={(event) => setAnyway(event.currentTarget.checked)}
                />
                {say("anyway")}
              </label>
            )}
          </div>
        </div>
      )}
    </Panel>
  );
}
