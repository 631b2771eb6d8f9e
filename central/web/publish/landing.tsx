/** Landed by: which edges serve what is on air, which would show something else, from when on, and what else differs. */
import type { AirReply } from "../../routes/publishing-schemas.ts";
import type { EdgesReply } from "../../routes/watching.ts";
import { useApp, useNow, useSay } from "../app/context.tsx";
import { dateTime, span } from "../app/format.ts";
import { mostCommon } from "../app/most-common.ts";
import { formatPlace } from "../app/router.ts";
import { Dot, Empty, Panel } from "../parts/layout.tsx";
import { publishTexts } from "./texts.ts";

/** Those first that show something else, and soonest: the rest stands under Edges. */
const EDGES_SHOWN = 40;

type Landed = AirReply["edges"][number];
type Known = EdgesReply["edges"][number];

export function Landing({ air, known }: { air: AirReply; known: readonly Known[] }) {
  const say = useSay(publishTexts);
  const { position, edges, revoked, regionsWithoutEdge } = air;
  const landed = edges.filter((edge) => edge.landed).length;
  const allowed = known.filter(({ revokedAtMs }) => revokedAtMs === undefined);
  const common = {
    zones: mostCommon(allowed.flatMap(({ report }) => report?.timeZoneData ?? [])),
    software: mostCommon(allowed.flatMap(({ report }) => report?.software ?? [])),
  };
  return (
    <Panel title={say("landing")}>
      {position && regionsWithoutEdge.length > 0 && (
        <p class="bad-text small" data-name="regions-without-edge">
          {say("withoutEdge", { regions: regionsWithoutEdge.join(", ") })}
        </p>
      )}
      {!position ? (
        <Empty title={say("nowhere")}>{say("nowhereDo")}</Empty>
      ) : edges.length === 0 ? (
        <Empty title={say("noEdges")} to="edges">
          {say("noEdgesDo")}
        </Empty>
      ) : (
        <>
          <p class="landing-words" data-name="landed">
            {say("landedOn", {
              epoch: position.epoch,
              revision: position.revision,
              n: landed,
              all: edges.length,
            })}
          </p>
          <progress class="thick" max={edges.length} value={landed} aria-label={say("landing")} />
          <ul class="rows scrolled" tabIndex={0} aria-label={say("landing")}>
            {[...edges]
              .sort(
                (a, b) =>
                  Number(a.landed) - Number(b.landed) || (a.mattersAtMs ?? 9e15) - (b.mattersAtMs ?? 9e15),
              )
              .slice(0, EDGES_SHOWN)
              .map((edge) => (
                <Row
                  key={edge.id}
                  edge={edge}
                  known={allowed.find(({ id }) => id === edge.id)}
                  common={common}
                />
              ))}
          </ul>
          {edges.length > EDGES_SHOWN && (
            <p class="small">
              <a href={formatPlace("edges")}>{say("moreEdges", { n: edges.length - EDGES_SHOWN })}</a>
            </p>
          )}
        </>
      )}
      {position && revoked.length > 0 && (
        <ul class="rows" data-name="revoked-edges" aria-label={say("revokedEdges")}>
          {revoked.map((edge) => (
            <Revoked key={edge.id} edge={edge} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Revoked({ edge }: { edge: AirReply["revoked"][number] }) {
  const { language } = useApp();
  const say = useSay(publishTexts);
  const nowMs = useNow(5_000);
  const { id, region, running, landed, serves, mattersAtMs, missing = 0, lastHeardMs } = edge;
  const heard = say("seen", { n: span(Math.max(0, nowMs - lastHeardMs), language) });
  return (
    <li class="row raised">
      <Dot tone={!running ? "plain" : mattersAtMs === undefined ? "warn" : "bad"} />
      <span class="grow">
        <span class="cut">
          {id} <span class="quiet small">{region}</span>
        </span>
        <span class={running ? "bad-text small block" : "quiet small block"}>
          {say(running ? "revokedRuns" : "revokedSilent")} · {heard}
        </span>
        {!landed && serves && (
          <span class="quiet small block">
            {mattersAtMs === undefined
              ? say("revokedServes", serves)
              : say("revokedSees", { ...serves, at: dateTime(mattersAtMs, language), n: missing })}
          </span>
        )}
      </span>
    </li>
  );
}

function Row(props: {
  edge: Landed;
  known: Known | undefined;
  common: { zones: string | undefined; software: string | undefined };
}) {
  const { language } = useApp();
  const say = useSay(publishTexts);
  const nowMs = useNow(5_000);
  const { edge, known, common } = props;
  const { report, stale = false } = known ?? {};
  const notes: [string, bad: boolean][] = [];
  if (!edge.landed && edge.serves) {
    notes.push(
      edge.mattersAtMs === undefined
        ? [say("mattersNot"), false]
        : [say("matters", { at: dateTime(edge.mattersAtMs, language), n: edge.missing ?? 0 }), true],
    );
  }
  if (report?.trouble !== undefined) notes.push([report.trouble, true]);
  if (report?.timeZoneData !== undefined && report.timeZoneData !== common.zones) {
    notes.push([`${say("zonesDiffer")} (${report.timeZoneData} ≠ ${common.zones})`, true]);
  }
  if (report && report.software !== common.software) {
    notes.push([say("softwareDiffers", { own: report.software, others: common.software ?? "–" }), false]);
  }
  if (stale) {
    notes.push([
      edge.lastSeenMs === undefined
        ? say("neverSeen")
        : say("seen", { n: span(nowMs - edge.lastSeenMs, language) }),
      true,
    ]);
  }
  return (
    <li class="row raised">
      <Dot tone={edge.landed ? (stale ? "warn" : "good") : edge.mattersAtMs === undefined ? "warn" : "bad"} />
      <span class="grow">
        <span class="cut">
          {edge.id} <span class="quiet small">{edge.region}</span>
        </span>
        {notes.map(([words, bad]) => (
          <span key={words} class={bad ? "bad-text small block" : "quiet small block"}>
            {words}
          </span>
        ))}
      </span>
      <span class="quiet small figures">
        {edge.landed ? say("landed") : edge.serves ? say("behind", edge.serves) : say("nothing")}
      </span>
    </li>
  );
}
