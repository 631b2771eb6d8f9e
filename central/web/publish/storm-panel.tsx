/** Storm forecast: what boxes would ask of each edge at the worst moment of the next day, against what it can take. */
import { useState } from "preact/hooks";
import type { StormReply } from "../../routes/publishing-schemas.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { dateTime, number, percent } from "../app/format.ts";
import { useChannelNames, useLabels } from "../app/labels.ts";
import { formatPlace } from "../app/router.ts";
import { Chart } from "../parts/chart.tsx";
import { Dot, Empty, Loaded, Panel, Pill, Table, type Tone } from "../parts/layout.tsx";
import { loadOf, type StormLoad } from "./storm-load.ts";
import { publishTexts } from "./texts.ts";

const TONES: Record<StormLoad["verdict"], Tone> = {
  fine: "good",
  tight: "warn",
  over: "bad",
  unknown: "plain",
};

export function StormPanel() {
  const { api } = useApp();
  const say = useSay(publishTexts);
  const storm = useResource("storm", api.storm, ["drafts", "guide", "edges"]);
  const [asked, setAsked] = useState("");
  const supposed = Math.round(Number(asked));
  return (
    <Panel
      title={say("storm")}
      side={
        <label class="inline small">
          <span class="quiet">{say("suppose")}</span>
          <input
            type="number"
            class="small figures suppose"
            min={1}
            max={100_000_000}
            placeholder={say("asEstimated")}
            value={asked}
            data-name="suppose"
            onInput={(event) => setAsked(event.currentTarget.value)}
          />
        </label>
      }
    >
      <p class="quiet small">{say("stormAbout")}</p>
      <Loaded of={storm}>
        {(value) =>
          value.regions.length === 0 ? (
            <Empty title={say("noRegions")} to="edges">
              {say("noRegionsDo")}
            </Empty>
          ) : (
            <div class="stack storms">
              {value.regions.map((region) => (
                <RegionStorm
                  key={region.region}
                  storm={value}
                  region={region}
                  supposed={supposed > 0 ? supposed : undefined}
                />
              ))}
              {value.uncounted > 0 && <p class="quiet">{say("uncounted", { n: value.uncounted })}</p>}
            </div>
          )
        }
      </Loaded>
    </Panel>
  );
}

function RegionStorm(props: {
  storm: StormReply;
  region: StormReply["regions"][number];
  supposed: number | undefined;
}) {
  const { language } = useApp();
  const say = useSay(publishTexts);
  const nameOf = useChannelNames();
  const labelOf = useLabels();
  const { storm, region, supposed } = props;
  const loads = region.edges.map((edge) => loadOf(region.peak, edge, supposed));
  const [worst] = [...loads].sort((a, b) => (b.perSecond ?? 0) - (a.perSecond ?? 0));
  const boxes = worst?.boxes ?? supposed;
  return (
    <div class="storm" data-region={region.region}>
      <h3>
        {region.name}{" "}
        {region.peakAtMs !== undefined && (
          <span class="quiet small">
            {say("worstAt", { at: dateTime(region.peakAtMs, language) })}
            {region.channel !== undefined && ` · ${nameOf(region.channel)}`}
          </span>
        )}
      </h3>
      {region.edges.length === 0 ? (
        <p class="quiet small">{say("noEdgeThere")}</p>
      ) : (
        <Table
          label={`${say("storm")} ${region.name}`}
          heads={[say("edge"), say("boxes"), say("peak"), say("takes"), ""]}
        >
          {loads.map((load) => (
            <tr key={load.id}>
              <td>
                <Dot tone={TONES[load.verdict]} /> {load.id}
              </td>
              <td class="figures">
                {load.boxes === undefined ? (
                  <span class="quiet" title={say("boxesUnknown")}>
                    {say("notYet")}
                  </span>
                ) : (
                  number(load.boxes, language)
                )}
              </td>
              <td class="figures strong">
                {load.perSecond === undefined
                  ? "–"
                  : say("perSecond", { n: number(Math.ceil(load.perSecond), language) })}
              </td>
              <td class="figures">
                {load.takes === undefined ? "–" : say("perSecond", { n: number(load.takes, language) })}
              </td>
              <td>
                <Pill tone={TONES[load.verdict]}>
                  {load.verdict === "unknown"
                    ? say("load-unknown")
                    : `${percent(load.perSecond ?? 0, load.takes ?? 1)} · ${say(`load-${load.verdict}`)}`}
                </Pill>
              </td>
            </tr>
          ))}
        </Table>
      )}
      {boxes !== undefined && (
        <Chart
          label={say("stormChart", { region: region.name })}
          kind="area"
          heightPx={120}
          timesMs={region.peaks.map((_, index) => storm.fromMs + index * storm.bucketMs)}
          series={[{ label: say("requestsPerSecond"), values: region.peaks.map((peak) => peak * boxes) }]}
          limit={
            worst?.takes !== undefined && (worst.perSecond ?? 0) > worst.takes / 4
              ? { value: worst.takes, label: say("takes") }
              : undefined
          }
        />
      )}
      {region.cues.length > 0 && (
        <details>
          <summary class="quiet small">{say("because", { n: region.cues.length })}</summary>
          <ul class="rows">
            {region.cues.slice(0, 20).map((cue) => (
              <li class="row" key={cue.id}>
                <span class="figures">{dateTime(cue.atMs, language)}</span>
                <span class="grow cut">{labelOf(cue.interaction, cue.version).title}</span>
                <a
                  class="small accent"
                  href={formatPlace("placements", cue.id.replace(/[.:].*$/, ""))}
                  aria-label={`${say("placement")} ${cue.id}`}
                >
                  {say("placement")}
                </a>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
