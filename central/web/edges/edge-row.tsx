/** One edge in the table of its region. */
import type { PublicationReply } from "../../routes/publishing-schemas.ts";
import { useApp, useSay } from "../app/context.tsx";
import { dateTime, number, span } from "../app/format.ts";
import { Button, SureButton } from "../parts/button.tsx";
import { Dot, Pill } from "../parts/layout.tsx";
import { CLOCK_OFF_MS, clockOffMs, type Edge, LEFT_LEAST_MS, scheduleLeftMs } from "./edge-state.ts";
import type { FleetEdge } from "./fleet.ts";
import { edgesTexts } from "./texts.ts";

export function EdgeRow(props: {
  known: FleetEdge;
  publications: readonly PublicationReply[];
  nowMs: number;
  /** It was asked for in the overview. */
  chosen: boolean;
  onReplace(): void;
}) {
  const { nowMs } = props;
  const { edge, landed, state } = props.known;
  const { api, language, toast, failed, may } = useApp();
  const say = useSay(edgesTexts);
  const { report } = edge;
  const revoked = edge.revokedAtMs !== undefined;
  const served = props.publications.find(
    ({ epoch, revision }) => epoch === report?.serves?.epoch && revision === report.serves.revision,
  );
  const offMs = clockOffMs(edge);
  const odd = state.findings.includes("zones-differ");
  const revoke = () =>
    api
      .revokeEdge(edge.id)
      .then(() => toast({ tone: "info", text: say("revoked", { id: edge.id }) }), failed);
  return (
    <tr id={`edge-${edge.id}`} class={`${revoked ? "faded" : ""}${props.chosen ? " chosen" : ""}`}>
      <td>
        <Dot tone={state.tone} />
        <span class="strong">{edge.id}</span>
        {edge.url !== undefined && <span class="block quiet small mono">{edge.url}</span>}
        {report?.trouble !== undefined && <span class="block bad-text small">{report.trouble}</span>}
      </td>
      <td class="figures">
        <span class="figure">
          {report?.serves ? `${report.serves.epoch}/${report.serves.revision}` : say("nothing")}
        </span>
        {revoked ? (
          <Pill>{say("revokedAt")}</Pill>
        ) : (
          <Pill tone={landed ? "good" : "warn"}>{say(landed ? "ok" : "behind")}</Pill>
        )}
        {served && (
          <span class="block quiet small" title={dateTime(served.publishedAtMs, language)}>
            {say("publishedAgo", { n: span(nowMs - served.publishedAtMs, language) })}
          </span>
        )}
      </td>
      <td class="figures">
        {edge.lastSeenMs === undefined
          ? say("never")
          : nowMs - edge.lastSeenMs < 45_000
            ? say("now")
            : say("ago", { n: span(nowMs - edge.lastSeenMs, language) })}
        {edge.stale && !revoked && (
          <>
            {" "}
            <Pill tone="bad">{say("silent")}</Pill>
          </>
        )}
      </td>
      <td class="figures">
        {number(report?.outbox.waiting ?? 0, language)}
        {report?.outbox.oldestAtMs !== undefined && (
          <span class="block quiet small">
            {say("oldest", { n: span(nowMs - report.outbox.oldestAtMs, language) })}
          </span>
        )}
      </td>
      <td class="figures">
        {report?.boxes === undefined ? (
          <span class="quiet" title={say("boxesUnknown")}>
            –
          </span>
        ) : (
          number(report.boxes, language)
        )}
        {report?.takesPerSecond !== undefined && (
          <span class="block quiet small nowrap">
            {say("takes", { n: number(report.takesPerSecond, language) })}
          </span>
        )}
      </td>
      <td class="figures">
        <Left edge={edge} nowMs={nowMs} />
      </td>
      <td class="figures">
        {Math.abs(offMs) > CLOCK_OFF_MS ? (
          <Pill tone="bad">{say("off", { n: span(offMs, language) })}</Pill>
        ) : (
          <span class="quiet">{report ? say("good") : "–"}</span>
        )}
      </td>
      <td class="quiet small">{report?.software ?? "–"}</td>
      <td class="quiet small" title={odd ? say("differs") : undefined}>
        {report?.timeZoneData ?? "–"} {odd && <Pill tone="warn">!</Pill>}
      </td>
      <td class="right">
        {!revoked && may("operate") && (
          <span class="actions">
            <Button small tone="quiet" onClick={props.onReplace} name={`replace-${edge.id}`}>
              {say("replace")}
            </Button>
            <SureButton small words={say("revoke")} sure={say("sure")} onClick={revoke} />
          </span>
        )}
      </td>
    </tr>
  );
}

const hours = (ms: number) => Math.floor(ms / 3_600_000);

/** How far its schedule reaches without central: programme cues by the guide, recurrences by themselves. */
function Left({ edge, nowMs }: { edge: Edge; nowMs: number }) {
  const say = useSay(edgesTexts);
  if (!edge.report?.serves) return <>–</>;
  const leftMs = scheduleLeftMs(edge, nowMs);
  return (
    <>
      {leftMs === undefined ? (
        "–"
      ) : leftMs < LEFT_LEAST_MS ? (
        <Pill tone={leftMs === 0 ? "bad" : "warn"}>{say("hoursLeft", { n: hours(leftMs) })}</Pill>
      ) : (
        say("hoursLeft", { n: hours(leftMs) })
      )}
      {edge.report.recurrenceWithoutEnd && <span class="block quiet small">{say("endless")}</span>}
    </>
  );
}
