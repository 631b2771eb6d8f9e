/** What is on air: cues to come, live answers, channels now and next, edges' health. */
import { useEffect, useState } from "preact/hooks";
import type { AirReply, OnAirReply } from "../../routes/publishing-schemas.ts";
import { useApp, useNow, useResource, useSay } from "../app/context.tsx";
import { clockTime, number, span } from "../app/format.ts";
import type { Label } from "../app/label.ts";
import { useChannelNames, useLabels } from "../app/labels.ts";
import { formatPlace } from "../app/router.ts";
import { useWithdraw } from "../app/withdraw.ts";
import { Bars } from "../parts/bars.tsx";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Dot, Empty, Loaded, Panel, Pill, Table, View } from "../parts/layout.tsx";
import { shownTally } from "../results/tally.ts";
import { CueList } from "./cue-list.tsx";
import { onAirTexts } from "./texts.ts";

const RESULTS_SHOWN = 3;
/** Those first that are silent, then those that are behind. */
const EDGES_SHOWN = 12;
const CHANNELS_SHOWN = 200;
/** Programmes move on by themselves. */
const REFRESH_MS = 30_000;

export function OnAir({ withdraw: asked }: { withdraw: string | undefined }) {
  const { api, timers, tellTime, go, language } = useApp();
  const say = useSay(onAirTexts);
  const onAir = useResource("on-air", async () => {
    const reply = await api.onAir();
    tellTime(reply.nowMs);
    return reply;
  }, ["air", "guide"]);
  const { reload } = onAir;
  useEffect(() => timers.after(REFRESH_MS, reload), [onAir.value, timers]);
  const air = useResource("air-edges", api.air, ["air", "edges"]);
  const status = useResource("status", api.status, ["air", "results"]);
  const labelOf = useLabels();
  const nameOf = useChannelNames();
  const [withdraw, busy] = useWithdraw();
  const askedCue = onAir.value?.cues.find(({ id }) => id === asked);
  const askedWords =
    askedCue &&
    `${labelOf(askedCue.interaction, askedCue.version).title} · ${clockTime(askedCue.atMs, language, true)}`;
  return (
    <View title={say("title")} about={say("about")}>
      {status.value && !status.value.air.reachable && (
        <p class="banner bad" role="alert">
          {say("airLost")}
        </p>
      )}
      <div class="split">
        <div class="stack">
          <Loaded of={onAir}>
            {({ cues }) => (
              <CueList cues={cues} labelOf={labelOf} nameOf={nameOf} withdraw={(cue) => withdraw({ cue })} />
            )}
          </Loaded>
          <Loaded of={onAir}>{({ channels }) => <Channels channels={channels} />}</Loaded>
        </div>
        <div class="stack">
          <Answers labelOf={labelOf} />
          <Loaded of={air}>{(value) => <Health air={value} />}</Loaded>
        </div>
      </div>
      {asked !== undefined && (
        <Dialog title={say("confirm")} onClose={() => go("on-air")}>
          <p>
            <span class="block strong">{askedWords}</span>
            <span class="quiet mono small">{asked}</span>
          </p>
          <div class="actions">
            <Button
              tone="danger"
              busy={busy}
              onClick={() => withdraw({ cue: asked }).then(() => go("on-air"))}
            >
              {say("withdraw")}
            </Button>
            <Button onClick={() => go("on-air")}>{say("cancel")}</Button>
          </div>
        </Dialog>
      )}
    </View>
  );
}

function Channels({ channels }: { channels: OnAirReply["channels"] }) {
  const { language } = useApp();
  const say = useSay(onAirTexts);
  const nowMs = useNow(REFRESH_MS);
  const [filter, setFilter] = useState("");
  const wanted = filter.toLowerCase();
  const shown = channels.filter(({ name, number, now, next }) =>
    `${number} ${name} ${now?.title ?? ""} ${next?.title ?? ""}`.toLowerCase().includes(wanted),
  );
  const brief = (programme: OnAirReply["channels"][number]["now"]) =>
    programme ? (
      <>
        <span class="quiet figures">{clockTime(programme.startMs, language)}</span> {programme.title}
      </>
    ) : (
      "–"
    );
  return (
    <Panel
      title={say("channels")}
      side={
        <input
          type="search"
          class="small"
          aria-label={say("filter")}
          placeholder={say("filter")}
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      }
    >
      {channels.length === 0 ? (
        <Empty title={say("noChannels")} to="guide">
          {say("noChannelsDo")}
        </Empty>
      ) : (
        <Table label={say("channels")} heads={["", say("channel"), say("now"), say("next")]} tall>
          {shown.slice(0, CHANNELS_SHOWN).map((channel) => (
            <tr key={channel.id}>
              <td class="figures quiet right">{channel.number}</td>
              <td class="strong">{channel.name}</td>
              <td>
                {brief(channel.now)}
                {channel.now && (
                  <progress
                    class="thin"
                    aria-label={channel.now.title}
                    max={channel.now.endMs - channel.now.startMs}
                    value={nowMs - channel.now.startMs}
                  />
                )}
              </td>
              <td class="quiet">{brief(channel.next)}</td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

function Answers({ labelOf }: { labelOf(interaction: string, version: number): Label }) {
  const { api, language } = useApp();
  const say = useSay(onAirTexts);
  const results = useResource("results", api.results, ["results", "air"]);
  return (
    <Panel title={say("answers")} side={<a href={formatPlace("results")}>{say("all")}</a>}>
      <Loaded of={results}>
        {({ results: all }) =>
          all.length === 0 ? (
            <Empty title={say("noAnswers")}>{say("noAnswersDo")}</Empty>
          ) : (
            all.slice(0, RESULTS_SHOWN).map((summary) => {
              const label = labelOf(summary.interaction, summary.version);
              const { total, bars, provisional } = shownTally(summary, label);
              return (
                <article class="result" key={summary.cue}>
                  <h3>
                    <a class="cut" href={formatPlace("results", summary.cue)}>
                      {label.title}
                    </a>
                    <span class="quiet figures">{number(total, language)}</span>
                    {provisional && (
                      <Pill tone="warn" dashed>
                        {say("provisional")}
                      </Pill>
                    )}
                    <Pill tone={summary.closed ? "plain" : "good"}>
                      {say(summary.closed ? "closed" : "open")}
                    </Pill>
                  </h3>
                  <Bars total={total} bars={bars} provisional={provisional} />
                </article>
              );
            })
          )
        }
      </Loaded>
    </Panel>
  );
}

function Health({ air }: { air: AirReply }) {
  const { api, language } = useApp();
  const say = useSay(onAirTexts);
  const nowMs = useNow(5_000);
  const { value } = useResource("edges", api.edges, ["edges", "air"]);
  const known = new Map((value?.edges ?? []).map((edge) => [edge.id, edge]));
  const worst = (edge: AirReply["edges"][number]) => (known.get(edge.id)?.stale ? 2 : edge.landed ? 0 : 1);
  const order = [...air.edges].sort((a, b) => worst(b) - worst(a));
  return (
    <Panel
      title={say("edges")}
      side={
        order.length > EDGES_SHOWN && (
          <a href={formatPlace("edges")}>{say("allEdges", { n: number(order.length, language) })}</a>
        )
      }
    >
      {air.edges.length === 0 ? (
        <Empty title={say("noEdges")} to="edges">
          {say("noEdgesDo")}
        </Empty>
      ) : (
        <ul class="rows">
          {order.slice(0, EDGES_SHOWN).map((edge) => {
            const full = known.get(edge.id);
            const waiting = full?.report?.outbox.waiting ?? 0;
            const silent = full?.stale ?? false;
            return (
              <li class="row" key={edge.id}>
                <Dot tone={silent ? "bad" : edge.landed ? "good" : "warn"} />
                <span class="grow">
                  <span class="cut">{edge.id}</span>
                  <span class="quiet small">{edge.region}</span>
                </span>
                {waiting > 0 && <Pill tone="info">{say("waiting", { n: waiting })}</Pill>}
                <span class="quiet figures small">
                  {silent
                    ? edge.lastSeenMs === undefined
                      ? say("never")
                      : say("stale", { n: span(nowMs - edge.lastSeenMs, language) })
                    : edge.serves && say(edge.landed ? "ok" : "behind", edge.serves)}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
