/** Guide sources: addresses that central fetches by itself, how that went, and their form. */
import { useState } from "preact/hooks";
import type { SourceView } from "../../guide/source.ts";
import { useApp, useNow, useResource, useSay } from "../app/context.tsx";
import { dateTime, number, span } from "../app/format.ts";
import { formatPlace } from "../app/router.ts";
import { createSay, type Language } from "../app/words.ts";
import { Button, SureButton } from "../parts/button.tsx";
import { Dot, Empty, Loaded, Panel, Pill, type Tone } from "../parts/layout.tsx";
import { recurrenceWords } from "../placements/recurrence-words.ts";
import { SourceDialog, sourceOf } from "./source-dialog.tsx";
import { guideTexts } from "./texts.ts";

export function SourcesPanel() {
  const { api, may } = useApp();
  const say = useSay(guideTexts);
  const sources = useResource("guide sources", api.guideSources, ["guide"]);
  const [editing, setEditing] = useState<SourceView | "new" | undefined>();
  return (
    <Panel
      title={say("sources")}
      side={
        may("operate") && (
          <Button small icon="plus" onClick={() => setEditing("new")} name="new-source">
            {say("newSource")}
          </Button>
        )
      }
    >
      <Loaded of={sources}>
        {({ sources: all }) =>
          all.length === 0 ? (
            <Empty title={say("noSources")}>{say("noSourcesDo")}</Empty>
          ) : (
            <ul class="rows">
              {all.map((source) => (
                <Source
                  key={source.id}
                  source={source}
                  onEdit={() => setEditing(source)}
                  reload={sources.reload}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      {editing && (
        <SourceDialog
          source={editing === "new" ? undefined : sourceOf(editing)}
          onClose={() => {
            setEditing(undefined);
            sources.reload();
          }}
        />
      )}
    </Panel>
  );
}

function toneOf({ paused, trouble, state }: SourceView): Tone {
  if (paused) return "plain";
  if (trouble !== undefined || state.failures > 0) return trouble === undefined ? "warn" : "bad";
  return state.doneMs === undefined ? "plain" : "good";
}

/** What an operator should look at: central says it in English, here its facts are said again. */
function troubleWords({ state, staleAfterMs }: SourceView, nowMs: number, language: Language): string {
  const say = createSay(guideTexts, language);
  const { doneMs, last, failures } = state;
  if (doneMs !== undefined && nowMs - doneMs > staleAfterMs)
    return say("sourceStale", { n: span(nowMs - doneMs, language) });
  if (failures > 0) return say("sourceFailed", { n: failures });
  return say("sourceEnded", { n: span(nowMs - (last?.untilMs ?? nowMs), language) });
}

function Source(props: { source: SourceView; onEdit(): void; reload(): void }) {
  const { api, language, may, toast, failed } = useApp();
  const say = useSay(guideTexts);
  const nowMs = useNow(1_000);
  const [busy, setBusy] = useState(false);
  const { source, reload } = props;
  const { id, url, every, paused, running, state, trouble } = source;
  const { last } = state;
  async function during(work: () => Promise<unknown>, retry: () => void) {
    setBusy(true);
    try {
      await work();
    } catch (error) {
      failed(error, retry);
    } finally {
      setBusy(false);
      reload();
    }
  }
  const run = (): Promise<void> => during(() => api.runGuideSource(id), run);
  const pause = (): Promise<void> =>
    during(async () => {
      const { value, tag } = await api.guideSource(id);
      await api.putGuideSource({ ...sourceOf(value), paused: !paused }, tag);
    }, pause);
  const remove = (): Promise<void> =>
    during(async () => {
      await api.removeGuideSource(id);
      toast({ tone: "info", text: say("sourceRemoved", { id }) });
    }, remove);
  return (
    <li class="source" data-source={id}>
      <Dot tone={toneOf(source)} />
      <div class="grow">
        <span>
          <span class="strong">{id}</span>{" "}
          <span class="quiet small">
            {"ms" in every
              ? say("everyN", { n: span(every.ms, language) })
              : `${recurrenceWords(every.rule, language)} · ${every.zone}`}
          </span>
        </span>
        <span class="quiet small mono cut" title={url}>
          {url}
        </span>
        {trouble !== undefined && <span class="bad-text small">{troubleWords(source, nowMs, language)}</span>}
        {state.why !== undefined && state.failures > 0 && <span class="quiet small mono">{state.why}</span>}
        <span class="quiet small">
          {last &&
            `${say(`state-${last.state}`)} · ${say("programmesN", { n: number(last.programmes, language) })}`}
          {last?.untilMs !== undefined && ` · ${say("reach", { at: dateTime(last.untilMs, language) })}`}
          {last?.import !== undefined && (
            <>
              {" · "}
              <a class="accent" href={formatPlace("guide", last.import)}>
                {say("report")}
              </a>
            </>
          )}
        </span>
        <span class="quiet small figures">
          {paused ? (
            <Pill>{say("paused")}</Pill>
          ) : running ? (
            say("askingNow")
          ) : (
            say("nextIn", { n: span(Math.max(0, state.nextMs - nowMs), language) })
          )}
        </span>
      </div>
      <span class="actions">
        {may("guide") && (
          <Button small busy={busy || running} onClick={run}>
            {say("askNow")}
          </Button>
        )}
        {may("operate") && (
          <>
            <Button small tone="quiet" onClick={pause}>
              {say(paused ? "resume" : "pause")}
            </Button>
            <Button small tone="quiet" onClick={props.onEdit}>
              {say("edit")}
            </Button>
            <SureButton small tone="quiet" words={say("remove")} sure={say("removeSure")} onClick={remove} />
          </>
        )}
      </span>
    </li>
  );
}
