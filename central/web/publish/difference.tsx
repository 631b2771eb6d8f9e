/** What a publication would change: things, programmes, and the cues of each region. */
import type { ComponentChild } from "preact";
import type { CueChangeKind } from "../../publish/cue-changes.ts";
import type { Difference } from "../../publish/difference.ts";
import { useApp, useSay } from "../app/context.tsx";
import { clockTime, dateTime } from "../app/format.ts";
import { useChannelNames, useLabels } from "../app/labels.ts";
import { reasonTexts, reasonValues } from "../app/reasons.ts";
import { formatPlace } from "../app/router.ts";
import { listed } from "../app/words.ts";
import { Pill, Table, type Tone } from "../parts/layout.tsx";
import { Changes } from "./changes.tsx";
import { publishTexts } from "./texts.ts";

const TONES: Record<CueChangeKind, Tone> = {
  added: "good",
  moved: "info",
  changed: "warn",
  withdrawn: "bad",
  suppressed: "bad",
  freed: "good",
  unshown: "warn",
};
const CHANGES = ["added", "moved", "changed", "withdrawn"] as const;
const CUE_CHANGES = [...CHANGES, "suppressed", "freed", "unshown"] as const;
const THINGS = [
  "placements",
  "interactions",
  "regions",
  "channels",
  "channelGroups",
  "channelRules",
] as const;
const CUES_SHOWN = 50;
const ITEMS_SHOWN = 12;

export function ChangePill({ change }: { change: CueChangeKind }) {
  const say = useSay(publishTexts);
  return <Pill tone={TONES[change]}>{say(change)}</Pill>;
}

/** The first of a list; the others folded, so that what follows it is not thirty screens further down. */
function Folded<T>({
  items,
  children,
}: {
  items: readonly T[];
  children(shown: readonly T[]): ComponentChild;
}) {
  const say = useSay(publishTexts);
  const rest = items.slice(ITEMS_SHOWN);
  return (
    <>
      {children(items.slice(0, ITEMS_SHOWN))}
      {rest.length > 0 && (
        <details>
          <summary>{say("more", { n: rest.length })}</summary>
          {children(rest)}
        </details>
      )}
    </>
  );
}

export function DifferenceView({ difference }: { difference: Difference }) {
  const { language } = useApp();
  const say = useSay(publishTexts);
  const why = useSay(reasonTexts);
  const nameOf = useChannelNames();
  const labelOf = useLabels();
  const titleOf = (key: string) => {
    const at = key.lastIndexOf("@");
    return labelOf(key.slice(0, at), Number(key.slice(at + 1))).title;
  };
  const kinds = CUE_CHANGES.filter((kind) => difference.cues.some((row) => row[kind] > 0));
  return (
    <div class="stack difference">
      {THINGS.filter((name) => difference[name].length > 0).map((name) => (
        <div key={name}>
          <h3>{say(name)}</h3>
          <Folded items={difference[name]}>
            {(things) => (
              <ul class="rows">
                {things.map(({ id, change, was, changes }) => (
                  <li class="row raised" key={id} data-change={`${change} ${id}`}>
                    <ChangePill change={change} />
                    <span class="grow">
                      <span class="strong">
                        {name === "interactions" && `${titleOf(id)} `}
                        <span class={name === "interactions" ? "quiet small mono" : ""}>
                          {was !== undefined && `${was} → `}
                          {id}
                        </span>
                      </span>
                      <Changes changes={changes} />
                    </span>
                  </li>
                ))}
              </ul>
            )}
          </Folded>
        </div>
      ))}
      {difference.guide.length > 0 && (
        <div>
          <h3>{say("guide")}</h3>
          <Folded items={difference.guide}>
            {(rows) => (
              <Table label={say("guide")} heads={[say("channel"), ...CHANGES.map((each) => say(each))]}>
                {rows.map((row) => (
                  <tr key={row.channel}>
                    <td>{nameOf(row.channel)}</td>
                    {CHANGES.map((each) => (
                      <td key={each} class={row[each] > 0 ? "figures" : "figures quiet"}>
                        {row[each]}
                      </td>
                    ))}
                  </tr>
                ))}
              </Table>
            )}
          </Folded>
        </div>
      )}
      {difference.cues.some(({ told }) => told.length > 0) && (
        <div>
          <h3>{say("cues")}</h3>
          <Table label={say("cues")} heads={[say("region"), ...kinds.map((each) => say(each)), say("first")]}>
            {difference.cues.map((row) => (
              <tr key={row.region}>
                <td class="strong">{row.name}</td>
                {kinds.map((each) => (
                  <td key={each} class={row[each] > 0 ? "figures" : "figures quiet"}>
                    {row[each]}
                  </td>
                ))}
                <td class="nowrap">
                  {row.firstAtMs === undefined ? "–" : dateTime(row.firstAtMs, language)}
                </td>
              </tr>
            ))}
          </Table>
          {difference.uncompared > 0 && (
            <p class="quiet">{say("uncompared", { n: difference.uncompared })}</p>
          )}
          {difference.cues.map(({ region, name, told }) => (
            <details key={region}>
              <summary>{say("show", { region: name })}</summary>
              <ul class="rows">
                {told.slice(0, CUES_SHOWN).map((cue) => (
                  <li class="row" key={`${cue.change}${cue.id}${cue.channels[0]}`}>
                    <ChangePill change={cue.change} />
                    <span class="figures">{dateTime(cue.atMs, language)}</span>
                    {cue.wasMs !== undefined && (
                      <span class="quiet small">
                        {say("was", { at: clockTime(cue.wasMs, language, true) })}
                      </span>
                    )}
                    {cue.why && <span class="quiet small">{why(cue.why.reason, reasonValues(cue.why))}</span>}
                    <span class="grow cut">{labelOf(cue.interaction, cue.version).title}</span>
                    <span class="quiet cut">{listed(cue.channels.slice(0, 3).map(nameOf), language)}</span>
                    <a
                      class="small accent"
                      href={formatPlace("explain", undefined, {
                        cue: cue.id,
                        of: cue.change === "withdrawn" ? "air" : "drafts",
                      })}
                      aria-label={`${say("why")} ${cue.id}`}
                    >
                      {say("why")}
                    </a>
                  </li>
                ))}
              </ul>
            </details>
          ))}
        </div>
      )}
    </div>
  );
}
