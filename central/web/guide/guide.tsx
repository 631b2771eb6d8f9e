/** The guide: importing a file with its report and difference first, and the imports that wait for a person. */
import { useRef, useState } from "preact/hooks";
import type { ImportReport, ImportState, ImportSummary } from "../../guide/import-report.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { dateTime } from "../app/format.ts";
import { Button, SureButton } from "../parts/button.tsx";
import { Empty, Loaded, Panel, Pill, type Tone, View } from "../parts/layout.tsx";
import { Report } from "./report.tsx";
import { guideTexts } from "./texts.ts";

const TONES: Record<ImportState, Tone> = {
  "dry-run": "plain",
  accepted: "good",
  partly: "warn",
  pending: "warn",
  refused: "plain",
  superseded: "plain",
  expired: "plain",
};
const SHOWN_MAX = 20;

export function Guide() {
  const { api } = useApp();
  const say = useSay(guideTexts);
  const imports = useResource("imports", api.guideImports, ["guide", "air"]);
  const channels = useResource("channels", api.channels, ["guide"]);
  return (
    <View
      title={say("title")}
      about={say("about")}
      actions={
        channels.value && (
          <span class="quiet">{say("allChannels", { n: channels.value.channels.length })}</span>
        )
      }
    >
      <div class="stack">
        <ImportPanel />
        <Panel title={say("imports")}>
          <Loaded of={imports}>
            {({ imports: all }) =>
              all.length === 0 ? (
                <Empty title={say("none")}>{say("noneDo")}</Empty>
              ) : (
                <ul class="rows">
                  {all.slice(0, SHOWN_MAX).map((each) => (
                    <One key={each.id} summary={each} />
                  ))}
                </ul>
              )
            }
          </Loaded>
        </Panel>
      </div>
    </View>
  );
}

function ImportPanel() {
  const { api, toast, failed, may } = useApp();
  const say = useSay(guideTexts);
  const [file, setFile] = useState<File | undefined>();
  const [report, setReport] = useState<ImportReport | undefined>();
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  async function look(next: File) {
    setFile(next);
    setReport(undefined);
    setBusy(true);
    try {
      setReport(await api.importGuide(next, true));
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
    try {
      const done = await api.importGuide(file, false);
      toast({
        tone: done.state === "pending" ? "info" : "good",
        text:
          done.state === "pending"
            ? say("held")
            : say("taken", { n: done.programmes.added, moved: done.programmes.moved }),
        ...(done.publishing !== undefined && { lines: [say("noPublish", { why: done.publishing })] }),
      });
      setFile(undefined);
      setReport(undefined);
    } catch (error) {
      failed(error, take);
    } finally {
      setBusy(false);
    }
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
      ) : (
        <div class="stack">
          {report === undefined ? (
            <p role="status" class="quiet">
              <span class="spinner" aria-hidden="true" /> {say("looking", { name: file.name })}
            </p>
          ) : (
            <>
              <p>{say("dryRun", { name: file.name })}</p>
              <Report report={report} />
              <div class="actions">
                <Button tone="main" busy={busy} onClick={take} name="take-guide">
                  {say("take")}
                </Button>
                <Button
                  onClick={() => {
                    setFile(undefined);
                    setReport(undefined);
                  }}
                >
                  {say("cancel")}
                </Button>
              </div>
            </>
          )}
        </div>
      )}
    </Panel>
  );
}

function One({ summary }: { summary: ImportSummary }) {
  const { api, language, toast, failed, may } = useApp();
  const say = useSay(guideTexts);
  const { id, state, source, atMs, report } = summary;
  const { added, moved, changed, removed } = report.programmes;
  const decide = (how: "accept" | "refuse") =>
    api
      .decideImport(id, how)
      .then(() => toast({ tone: "good", text: say(how === "accept" ? "accepted" : "refused") }), failed);
  return (
    <li class="row raised">
      <Pill tone={TONES[state]}>{say(`state-${state}`)}</Pill>
      <div class="grow">
        <details open={state === "pending"}>
          <summary>
            <span class="figures">{dateTime(atMs, language)}</span>{" "}
            <span class="quiet">
              {source === undefined ? say("byHand") : say("bySource", { source })} · +{added} · ⇄{moved} · ✎
              {changed} · −{removed}
            </span>
          </summary>
          <Report report={report} />
        </details>
      </div>
      {state === "pending" && (
        <span class="actions">
          {may("publish") && (
            <Button small tone="main" onClick={() => decide("accept")}>
              {say("accept")}
            </Button>
          )}
          {may("guide") && (
            <SureButton
              small
              words={say("refuse")}
              sure={say("refuseSure")}
              onClick={() => decide("refuse")}
            />
          )}
        </span>
      )}
    </li>
  );
}
