/** Winners: a seed is drawn and its hash published before the close, the winners follow from it afterwards. */
import { useState } from "preact/hooks";
import type { Draw } from "../../results/draw.ts";
import type { Summary } from "../../results/summary.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { dateTime, number } from "../app/format.ts";
import { Button, SureButton } from "../parts/button.tsx";
import { Empty, Field, Loaded, Panel, Pill } from "../parts/layout.tsx";
import { resultsTexts } from "./texts.ts";

const WINNERS_MAX = 1_000;

export function DrawsPanel({ summary }: { summary: Summary }) {
  const { api, may, failed } = useApp();
  const say = useSay(resultsTexts);
  const { cue } = summary;
  const draws = useResource(`draws ${cue}`, () => api.draws(cue), ["results"]);
  const [winners, setWinners] = useState(1);
  const [among, setAmong] = useState<Draw["among"]>(summary.correct ? "correct" : "all");
  const [busy, setBusy] = useState(false);
  async function begin() {
    setBusy(true);
    try {
      await api.beginDraw(cue, { winners, among });
      draws.reload();
    } catch (error) {
      failed(error, begin);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Panel title={say("draws")}>
      <div class="stack tight">
        <p class="quiet small">{say("drawsAbout")}</p>
        {may("publish") && (
          <form
            class="draw-form"
            onSubmit={(event) => {
              event.preventDefault();
              begin();
            }}
          >
            <Field label={say("winners")}>
              {(id) => (
                <input
                  {...id}
                  type="number"
                  min={1}
                  max={WINNERS_MAX}
                  required
                  data-name="winners"
                  value={winners}
                  onInput={(event) => {
                    const typed = event.currentTarget.valueAsNumber;
                    if (Number.isFinite(typed)) setWinners(Math.round(typed));
                  }}
                />
              )}
            </Field>
            <Field label={say("among")}>
              {(id) => (
                <select
                  {...id}
                  value={among}
                  onChange={(event) => setAmong(event.currentTarget.value === "correct" ? "correct" : "all")}
                >
                  {summary.correct && <option value="correct">{say("among-correct")}</option>}
                  <option value="all">{say("among-all")}</option>
                </select>
              )}
            </Field>
            <Button type="submit" busy={busy} name="begin-draw">
              {say("beginDraw")}
            </Button>
          </form>
        )}
        <Loaded of={draws}>
          {({ draws: all }) =>
            all.length === 0 ? (
              <Empty title={say("noDraws")}>{say("noDrawsDo")}</Empty>
            ) : (
              <ul class="rows">
                {all.map((draw) => (
                  <One key={draw.id} draw={draw} closed={summary.closed} onPicked={draws.reload} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </div>
    </Panel>
  );
}

function One({ draw, closed, onPicked }: { draw: Draw; closed: boolean; onPicked(): void }) {
  const { api, language, may, failed } = useApp();
  const say = useSay(resultsTexts);
  const [busy, setBusy] = useState(false);
  const { id, cue, winners, among, madeAtMs, commitment, committedInTime, picked } = draw;
  async function pick() {
    setBusy(true);
    try {
      await api.pickWinners(cue, id);
      onPicked();
    } catch (error) {
      failed(error, pick);
    } finally {
      setBusy(false);
    }
  }
  return (
    <li class="draw" data-name="draw">
      <div class="inline">
        <span class="strong grow">
          {say("drawOf", { n: number(winners, language) })}{" "}
          <span class="quiet small">
            {say(`among-${among}`)} · {dateTime(madeAtMs, language)}
          </span>
        </span>
        <Pill tone={committedInTime ? "good" : "warn"}>
          {say(committedInTime ? "committedInTime" : "committedLate")}
        </Pill>
        {!picked && may("publish") && (
          <SureButton
            small
            busy={busy}
            disabled={!closed}
            words={say("pick")}
            sure={say("pickSure")}
            onClick={pick}
            name="pick-winners"
          />
        )}
      </div>
      <dl class="proof small">
        <dt>{say("commitment")}</dt>
        <dd class="mono">{commitment}</dd>
        {picked && (
          <>
            <dt>{say("seed")}</dt>
            <dd class="mono">{picked.seed}</dd>
            <dt>{say("entries")}</dt>
            <dd>
              {number(picked.entries, language)}
              {picked.erased > 0 && ` (${say("erasedSince", { n: picked.erased })})`}{" "}
              <span class="mono">{picked.entriesHash}</span>{" "}
              {may("publish") && (
                <a
                  class="link-in-text"
                  href={`/api/v1/results/${encodeURIComponent(cue)}/draws/${encodeURIComponent(id)}/entries`}
                  download={`${cue.replaceAll(":", "_")}-entries.txt`}
                >
                  {say("entriesFile")}
                </a>
              )}
            </dd>
          </>
        )}
      </dl>
      {!picked && !closed && <p class="quiet small">{say("pickLater")}</p>}
      {picked && (
        <ol class="winners" data-name="winner-list">
          {picked.winners.map((box, index) => (
            <li key={String(index)} class="mono">
              {box ?? <span class="quiet">{say("erased")}</span>}
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}
