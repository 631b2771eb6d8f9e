/** Imports: those under way, those that wait for a person, and the latest. */
import type { ImportState } from "../../guide/import-report.ts";
import type { GuideImportsReply } from "../../routes/guide.ts";
import { useApp, useNow, useSay } from "../app/context.tsx";
import { dateTime, number, span } from "../app/format.ts";
import { formatPlace } from "../app/router.ts";
import { Empty, Panel, Pill, Table, type Tone } from "../parts/layout.tsx";
import { Decide } from "./decide.tsx";
import { guideTexts } from "./texts.ts";

export const STATE_TONES: Record<ImportState, Tone> = {
  "dry-run": "plain",
  accepted: "good",
  partly: "warn",
  pending: "warn",
  refused: "plain",
  superseded: "plain",
  expired: "plain",
};
const SHOWN_MAX = 30;
const MEGABYTE = 1_000_000;

export function ImportList({ running, imports }: GuideImportsReply) {
  const { language } = useApp();
  const say = useSay(guideTexts);
  const nowMs = useNow(5_000);
  const waiting = imports.filter(({ state }) => state === "pending" || state === "partly");
  const held = waiting.filter(({ expiresAtMs }) => expiresAtMs !== undefined);
  return (
    <>
      {running.map((each) => (
        <Panel
          key={each.startedAtMs}
          title={say("running")}
          side={<span class="spinner" aria-hidden="true" />}
        >
          <p class="figures" role="status">
            {each.source === undefined ? say("byHand") : say("bySource", { source: each.source })} ·{" "}
            {say("readSoFar", {
              mb: number(Math.round(each.plainBytes / MEGABYTE), language),
              n: number(each.programmes, language),
              rate: each.megabytesPerSecond.toFixed(1),
            })}
          </p>
        </Panel>
      ))}
      {held.map((summary) => (
        <Panel
          key={summary.id}
          class="held"
          title={say("waits")}
          side={
            summary.expiresAtMs !== undefined && (
              <span class="quiet small">
                {say("expires", { n: span(summary.expiresAtMs - nowMs, language) })}
              </span>
            )
          }
        >
          <p class="strong">
            {summary.source === undefined ? say("byHand") : say("bySource", { source: summary.source })} ·{" "}
            <span class="figures">{dateTime(summary.atMs, language)}</span>
          </p>
          <ul class="reasons">
            {summary.report.reasons.map(({ code, message, channels }) => (
              <li key={code}>
                {message} <span class="quiet">({say("nChannels", { n: channels.length })})</span>
              </li>
            ))}
          </ul>
          <div class="actions">
            <a class="button plain small" href={formatPlace("guide", summary.id)} data-name="look">
              {say("lookAt")}
            </a>
            <Decide summary={summary} />
          </div>
        </Panel>
      ))}
      <Panel title={say("imports")}>
        {imports.length === 0 ? (
          <Empty title={say("none")}>{say("noneDo")}</Empty>
        ) : (
          <Table
            label={say("imports")}
            heads={[
              say("when"),
              say("state"),
              say("by"),
              say("added"),
              say("moved"),
              say("changed"),
              say("removed"),
              say("defects"),
            ]}
          >
            {imports.slice(0, SHOWN_MAX).map(({ id, state, source, atMs, report }) => (
              <tr key={id}>
                <td class="figures nowrap">
                  <a class="strong" href={formatPlace("guide", id)}>
                    {dateTime(atMs, language)}
                  </a>
                </td>
                <td>
                  <Pill tone={STATE_TONES[state]}>{say(`state-${state}`)}</Pill>
                </td>
                <td class="quiet">{source ?? say("byHand")}</td>
                {(["added", "moved", "changed", "removed"] as const).map((kind) => (
                  <td key={kind} class={report.programmes[kind] > 0 ? "figures" : "figures quiet"}>
                    {number(report.programmes[kind], language)}
                  </td>
                ))}
                <td class="figures quiet">
                  {number(
                    report.defects.reduce((sum, { count }) => sum + count, 0),
                    language,
                  )}
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Panel>
    </>
  );
}
