/** When a placement would fire, where not and why, asked of central as one types. */
import { useApp, useResource, useSay, useSettled } from "../app/context.tsx";
import { clockTime, dateTime, dayName, span } from "../app/format.ts";
import { useChannelNames } from "../app/labels.ts";
import { firstWrong } from "../app/problem-words.ts";
import { reasonTexts, reasonValues } from "../app/reasons.ts";
import { formatPlace } from "../app/router.ts";
import { type Language, listed } from "../app/words.ts";
import { Empty, Panel } from "../parts/layout.tsx";
import { Refused } from "../platform/http.ts";
import { cronWords } from "./cron-words.ts";
import { reasonWords } from "./preview-words.ts";
import type { Draft } from "./rule-words.ts";
import { placementTexts } from "./texts.ts";

const SETTLE_MS = 250;
const SHOWN_MAX = 50;

/** @param id undefined while it is new: there is nothing to explain yet */
export function Firings({
  id,
  placement,
  language,
}: {
  id: string | undefined;
  placement: Draft;
  language: Language;
}) {
  const { api, now } = useApp();
  const say = useSay(placementTexts);
  const whyNot = useSay(reasonTexts);
  const nameOf = useChannelNames();
  const settled = useSettled(placement, SETTLE_MS);
  const fault = settled.when.kind === "cron" ? cronWords(settled.when.rule, language) : undefined;
  const ready =
    fault === undefined &&
    settled.interaction !== "" &&
    settled.channels.length + (settled.groups?.length ?? 0) > 0;
  const { value, error } = useResource(
    `firings ${JSON.stringify(settled)}`,
    async () => (ready ? api.preview({ ...settled, ...(id !== undefined && { id }) }) : undefined),
    ["guide"],
  );
  const why = error instanceof Refused ? firstWrong(error, language) : fault;
  const regionsOf = ({ regions }: { regions?: string[] | undefined }) =>
    regions ? ` · ${say("onlyIn", { regions: listed(regions, language) })}` : "";
  let day = "";
  return (
    <Panel
      title={say("next")}
      side={
        value &&
        value.cues.length >= SHOWN_MAX && <span class="quiet">{say("nextMore", { n: SHOWN_MAX })}</span>
      }
    >
      <div class="firings" role="region" aria-label={say("next")} tabIndex={0} data-name="firings">
        {!ready || why !== undefined ? (
          <p class="quiet">{say("nextBad", { why: why ?? say("chooseFirst") })}</p>
        ) : value === undefined ? (
          <p class="quiet">…</p>
        ) : value.cues.length === 0 ? (
          <Empty title={say("nextNone")}>
            {value.reasons.length + value.suppressed.length === 0 && say("nextNoneDo")}
          </Empty>
        ) : (
          <ol class="rows">
            {value.cues.map((cue) => {
              const own = dayName(cue.atMs, language);
              const head = own !== day && own;
              day = own;
              return (
                <li key={`${cue.id} ${cue.regions?.join()}`} class={head ? "row headed" : "row"}>
                  {head && <span class="day">{head}</span>}
                  <span class="figures strong">{clockTime(cue.atMs, language, true)}</span>
                  <span class="grow cut quiet">
                    {listed(cue.channels.slice(0, 4).map(nameOf), language)}
                    {cue.channels.length > 4 && ` +${cue.channels.length - 4}`}
                    {regionsOf(cue)}
                  </span>
                  <span class="quiet small">{span(cue.atMs - now(), language)}</span>
                </li>
              );
            })}
          </ol>
        )}
        {value && value.reasons.length > 0 && (
          <>
            <h3>{say("keptAway")}</h3>
            <ul class="rows" data-name="reasons">
              {value.reasons.map((reason) => (
                <li key={reason.code} class="row">
                  <span class="grow small">{reasonWords(reason, settled, language, nameOf)}</span>
                </li>
              ))}
            </ul>
          </>
        )}
        {value && value.suppressed.length > 0 && (
          <>
            <h3>{say("suppressed")}</h3>
            <ul class="rows">
              {value.suppressed.slice(0, SHOWN_MAX).map((cue) => (
                <li key={`${cue.id}${cue.reason}${cue.channels[0]}${cue.regions?.join()}`} class="row">
                  <span class="figures quiet">{dateTime(cue.atMs, language)}</span>
                  <span class="grow bad-text small">
                    {whyNot(cue.reason, reasonValues(cue))}
                    {regionsOf(cue)}
                  </span>
                  {id !== undefined && (
                    <a
                      class="small accent"
                      href={formatPlace("explain", undefined, { cue: cue.id, of: "drafts" })}
                      aria-label={`${say("why")} ${cue.id}`}
                    >
                      {say("why")}
                    </a>
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Panel>
  );
}
