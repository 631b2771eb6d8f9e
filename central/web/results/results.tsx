/** Results: every cue that was on air and that something came in for, one of them in full, and those that never were. */
import { useState } from "preact/hooks";
import { reach } from "../../results/reach.ts";
import type { Series } from "../../results/series.ts";
import type { Summary } from "../../results/summary.ts";
import { useApp, useNow, useResource, useSay } from "../app/context.tsx";
import { dateTime, number, span } from "../app/format.ts";
import type { Label } from "../app/label.ts";
import { useLabels } from "../app/labels.ts";
import { formatPlace } from "../app/router.ts";
import { useWithdraw } from "../app/withdraw.ts";
import type { Say } from "../app/words.ts";
import { Bars } from "../parts/bars.tsx";
import { SureButton } from "../parts/button.tsx";
import { Chart } from "../parts/chart.tsx";
import { Empty, Loaded, Panel, Pill, Table, View } from "../parts/layout.tsx";
import { DrawsPanel } from "./draws-panel.tsx";
import { filled } from "./fill-points.ts";
import { reachTrails, shownTally } from "./tally.ts";
import { resultsTexts } from "./texts.ts";

/** Of cues that never were on air central counts so many. */
const COUNTED_MAX = 10_000;

/** Whole ones, and of less than one the first digit that is not naught. */
const percentOf = (share: number) =>
  share < 0.01 ? Number((share * 100).toPrecision(1)) : Math.round(share * 100);

export function Results({ cue }: { cue: string | undefined }) {
  const { api, language } = useApp();
  const say = useSay(resultsTexts);
  const labelOf = useLabels();
  const results = useResource("results", api.results, ["results", "air"]);
  return (
    <View title={say("title")} about={say("about")}>
      <Loaded of={results}>
        {({ results: all, unknownCues }) =>
          all.length + unknownCues === 0 && cue === undefined ? (
            <Panel>
              <Empty title={say("none")} to="placements">
                {say("noneDo")}
              </Empty>
            </Panel>
          ) : (
            <div class="split reverse">
              <Panel class="choices">
                <ul class="rows">
                  {all.map((summary) => {
                    const label = labelOf(summary.interaction, summary.version);
                    const { total, provisional } = shownTally(summary, label);
                    return (
                      <li key={summary.cue}>
                        <a
                          class="row"
                          href={formatPlace("results", summary.cue)}
                          aria-current={summary.cue === (cue ?? all[0]?.cue) ? "true" : undefined}
                        >
                          <span class="grow">
                            <span class="cut strong">{label.title}</span>
                            <span class="quiet small cut">
                              {summary.atMs === undefined ? summary.cue : dateTime(summary.atMs, language)}
                            </span>
                          </span>
                          <span class={provisional ? "figures provisional-figure" : "figures"}>
                            {number(total, language)}
                          </span>
                        </a>
                      </li>
                    );
                  })}
                </ul>
                {unknownCues > 0 && <UnknownCues count={unknownCues} opened={cue} />}
              </Panel>
              {(cue ?? all[0]) !== undefined && <One cue={cue ?? all[0]?.cue ?? ""} labelOf={labelOf} />}
            </div>
          )
        }
      </Loaded>
    </View>
  );
}

/** Folded, and asked for when it is opened: whoever reaches an edge can send answers for what they like. */
function UnknownCues({ count, opened }: { count: number; opened: string | undefined }) {
  const { language } = useApp();
  const say = useSay(resultsTexts);
  const [open, setOpen] = useState(false);
  return (
    <details class="unknown-cues" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="quiet">
        {count < COUNTED_MAX ? say("unknownCues", { n: number(count, language) }) : say("unknownCuesMost")}
      </summary>
      {open && <UnknownList opened={opened} />}
    </details>
  );
}

function UnknownList({ opened }: { opened: string | undefined }) {
  const { api, language } = useApp();
  const say = useSay(resultsTexts);
  const list = useResource("unknown-cues", api.unknownCues, ["air"]);
  return (
    <Loaded of={list}>
      {({ cues, next }) => (
        <>
          <p class="quiet small note">{say("unknownAbout")}</p>
          <ul class="rows">
            {cues.map((each) => (
              <li key={each.cue}>
                <a
                  class="row"
                  href={formatPlace("results", each.cue)}
                  aria-current={each.cue === opened ? "true" : undefined}
                >
                  <span class="grow">
                    <span class="cut mono small">{each.cue}</span>
                    <span class="quiet small cut">{dateTime(each.lastMs, language)}</span>
                  </span>
                  <span class="figures quiet">{number(each.answers, language)}</span>
                </a>
              </li>
            ))}
          </ul>
          {next !== undefined && <p class="quiet small">{say("unknownMore")}</p>}
        </>
      )}
    </Loaded>
  );
}

/** It never was on air: none of the words, and none of the buttons, of one that was. */
function Unknown({ summary }: { summary: Summary }) {
  const say = useSay(resultsTexts);
  return (
    <>
      <Panel title={summary.cue}>
        <p>{say("unknownOne")}</p>
      </Panel>
      <Judged summary={summary} />
    </>
  );
}

function One({ cue, labelOf }: { cue: string; labelOf(interaction: string, version: number): Label }) {
  const { api } = useApp();
  const summary = useResource(`result ${cue}`, () => api.result(cue), ["results", "air"]);
  const series = useResource(`series ${cue}`, () => api.series(cue), ["results"]);
  return (
    <div class="stack">
      <Loaded of={summary}>
        {(value) => {
          if (value.atMs === undefined) return <Unknown summary={value} />;
          const label = labelOf(value.interaction, value.version);
          return (
            <>
              <Tally summary={value} label={label} />
              {series.value && <OverTime series={series.value} label={label} />}
              <Judged summary={value} />
              {label.type !== "notice" && label.type !== "link" && <DrawsPanel key={cue} summary={value} />}
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

function Tally({ summary, label }: { summary: Summary; label: Label }) {
  const { language, may } = useApp();
  const say = useSay(resultsTexts);
  const [withdraw, busy] = useWithdraw();
  const { total, bars, provisional } = shownTally(summary, label);
  const counts = reach(summary);
  const told = Object.keys(summary.outcomes).length > 0;
  const isTrailing = reachTrails(summary, counts, useNow(5_000));
  return (
    <Panel
      title={label.title}
      side={
        <>
          <Pill tone={summary.closed ? "plain" : "good"}>{say(summary.closed ? "closed" : "open")}</Pill>
          <Pill tone={provisional ? "warn" : "good"} dashed={provisional}>
            {say(provisional ? "provisional" : "counted")}
          </Pill>
          <a
            class="button plain small"
            href={`/api/v1/results/${encodeURIComponent(summary.cue)}/export`}
            download
          >
            {say("csv")}
          </a>
          {may("withdraw") && !summary.closed && (
            <SureButton
              small
              busy={busy}
              words={say("withdraw")}
              sure={say("sure")}
              onClick={() => withdraw({ cue: summary.cue })}
            />
          )}
        </>
      }
    >
      <p class="quiet small mono">
        {summary.cue} · {say(`type-${label.type}` as keyof typeof resultsTexts)}
        {summary.atMs !== undefined && ` · ${say("firedAt", { at: dateTime(summary.atMs, language) })}`}
      </p>
      <p class="big">
        <span class={provisional ? "figures provisional-figure" : "figures"} data-name="total">
          {number(total, language)}
        </span>{" "}
        <span class="quiet">{say("answers", { n: total })}</span>
      </p>
      {provisional && (
        <p class="quiet small note">
          {say("provisionalWhy", { n: number(summary.provisional.total - summary.counted.total, language) })}
        </p>
      )}
      <Bars total={total} bars={bars} provisional={provisional} />
      <dl class="facts">
        {(["due", "shown", "answered"] as const).map((name) => (
          <div key={name}>
            {/* Boxes tell what they showed after what was answered. */}
            <dd class="figures">{told || counts[name] > 0 ? number(counts[name], language) : "–"}</dd>
            <dt>{say(name, { n: counts[name] })}</dt>
          </div>
        ))}
      </dl>
      {isTrailing && (
        <p class="quiet small note" data-name="reach-trails">
          {say("reachTrails")}
        </p>
      )}
    </Panel>
  );
}

function OverTime({ series, label }: { series: Series; label: Label }) {
  const { api, language } = useApp();
  const say = useSay(resultsTexts);
  const { value: known } = useResource("regions", api.regions, ["drafts"]);
  const nameOf = (id: string) => known?.regions.find((region) => region.id === id)?.name ?? id;
  const told = new Set(series.regions.flatMap((region) => Object.keys(region.options)));
  const options = [
    ...Object.keys(label.options).filter((option) => told.has(option)),
    ...[...told].filter((option) => !(option in label.options)).sort(),
  ];
  const regional = series.points.some(({ regions }) => regions !== undefined);
  const [byRegion, setByRegion] = useState(false);
  const shown =
    byRegion && regional
      ? series.regions.map(({ region }) => ({ name: region, label: nameOf(region) }))
      : options.map((option) => ({ name: option, label: label.options[option] ?? option }));
  const points =
    byRegion && regional
      ? series.points.map(({ atMs, total, regions = {} }) => ({ atMs, total, options: regions }))
      : series.points;
  const { timesMs, values } = filled(
    points,
    series.bucketMs,
    shown.map(({ name }) => name),
  );
  return (
    <>
      {series.points.length > 0 && (
        <Panel
          title={say("overTime")}
          side={
            <>
              {series.share < 1 && <Pill tone="warn">{say("sample", { n: percentOf(series.share) })}</Pill>}
              {regional && (
                <div class="tabs flat" role="group" aria-label={say("overTime")}>
                  {([false, true] as const).map((each) => (
                    <button
                      type="button"
                      key={String(each)}
                      aria-pressed={byRegion === each}
                      onClick={() => setByRegion(each)}
                      data-name={each ? "over-time-by-region" : "over-time-by-option"}
                    >
                      {say(each ? "byRegion" : "byOption")}
                    </button>
                  ))}
                </div>
              )}
            </>
          }
        >
          <Chart
            label={say("overTime")}
            kind="bars"
            timesMs={timesMs}
            key={String(byRegion)}
            series={shown.map((each, index) => ({ label: each.label, values: values[index] ?? [] }))}
          />
          <p class="quiet small">{say("perBucket", { n: span(series.bucketMs, language) })}</p>
        </Panel>
      )}
      {series.regions.length > 0 && (
        <Panel title={say("regions")}>
          <Table
            label={say("regions")}
            heads={[
              say("region"),
              ...options.map((option) => label.options[option] ?? option),
              say("total"),
              say("others_late"),
              say("others_duplicate"),
            ]}
          >
            {series.regions.map((region) => (
              <tr key={region.region}>
                <td class="strong">{nameOf(region.region)}</td>
                {options.map((option) => (
                  <td key={option} class="figures">
                    {number(region.options[option] ?? 0, language)}
                  </td>
                ))}
                <td class="figures strong">{number(region.total, language)}</td>
                {(["late", "duplicate"] as const).map((verdict) => (
                  <td key={verdict} class="figures quiet">
                    {number(region.others?.[verdict] ?? 0, language)}
                  </td>
                ))}
              </tr>
            ))}
          </Table>
        </Panel>
      )}
    </>
  );
}

/** `shown`, or `suppressed:clock`: with the reason as boxes tell it. */
function outcomeWords(outcome: string, say: Say<typeof resultsTexts>): string {
  const [name = "", reason] = outcome.split(":", 2);
  const words = say(`outcome-${name}` as keyof typeof resultsTexts);
  if (reason === undefined) return words;
  const key = `reason-${reason}`;
  return `${words} (${key in resultsTexts ? say(key as keyof typeof resultsTexts) : reason})`;
}

const VERDICTS = ["counted", "duplicate", "late", "rejected", "unknown"] as const;

function Judged({ summary }: { summary: Summary }) {
  const { language } = useApp();
  const say = useSay(resultsTexts);
  const outcomes = Object.entries(summary.outcomes).sort(([, a], [, b]) => b - a);
  return (
    <div class="split even">
      <Panel title={say("verdicts")}>
        <dl class="facts">
          {VERDICTS.map((verdict) => (
            <div key={verdict}>
              <dd class="figures">{number(summary.verdicts[verdict] ?? 0, language)}</dd>
              <dt>{say(`verdict-${verdict}`)}</dt>
            </div>
          ))}
        </dl>
      </Panel>
      {outcomes.length > 0 && (
        <Panel title={say("outcomes")}>
          <dl class="facts">
            {outcomes.map(([outcome, count]) => (
              <div key={outcome}>
                <dd class="figures">{number(count, language)}</dd>
                <dt>{outcomeWords(outcome, say)}</dt>
              </div>
            ))}
          </dl>
        </Panel>
      )}
    </div>
  );
}
