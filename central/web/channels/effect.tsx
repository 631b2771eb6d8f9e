/** What a group or rule does to drafted cues, asked of central as one types. */
import type { EffectQuestion } from "../../publish/effect.ts";
import { useApp, useResource, useSay, useSettled } from "../app/context.tsx";
import { dateTime, number } from "../app/format.ts";
import { useChannelNames, useLabels } from "../app/labels.ts";
import { firstWrong } from "../app/problem-words.ts";
import { reasonTexts, reasonValues } from "../app/reasons.ts";
import { formatPlace } from "../app/router.ts";
import { listed } from "../app/words.ts";
import { Empty, Panel } from "../parts/layout.tsx";
import { Refused } from "../platform/http.ts";
import { ChangePill } from "../publish/difference.tsx";
import { channelTexts } from "./texts.ts";

/** Longer than for a placement: all channels may have to be settled. */
const SETTLE_MS = 400;
const SHOWN_MAX = 60;
const KINDS = ["suppressed", "freed", "added", "withdrawn", "moved", "changed", "unshown"] as const;

export function EffectPanel({ question }: { question: EffectQuestion | undefined }) {
  const { api, language } = useApp();
  const say = useSay(channelTexts);
  const why = useSay(reasonTexts);
  const nameOf = useChannelNames();
  const labelOf = useLabels();
  const settled = useSettled(question, SETTLE_MS);
  const { value, error } = useResource(
    `effect ${JSON.stringify(settled)}`,
    async () => (settled ? api.effect(settled) : undefined),
    ["drafts", "guide"],
  );
  const bad = error instanceof Refused ? firstWrong(error, language) : undefined;
  const found = KINDS.filter((kind) => (value?.counts[kind] ?? 0) > 0);
  const all = found.reduce((sum, kind) => sum + (value?.counts[kind] ?? 0), 0);
  return (
    <Panel title={say("effect")}>
      <p class="quiet small">{say(settled?.group ? "effectGroup" : "effectRule")}</p>
      <div class="effect" aria-live="polite" data-name="effect">
        {bad !== undefined || !settled ? (
          <p class="quiet">{say("effectBad", { why: bad ?? say("chooseFirst") })}</p>
        ) : value === undefined ? (
          <p class="quiet">…</p>
        ) : found.length === 0 ? (
          <Empty title={say("effectNone")}>{say("effectNoneDo")}</Empty>
        ) : (
          <>
            <dl class="facts">
              {found.map((kind) => (
                <div key={kind}>
                  <dd class="figures" data-effect={kind}>
                    {number(value.counts[kind], language)}
                  </dd>
                  <dt>{say(`${kind}N`)}</dt>
                </div>
              ))}
            </dl>
            <ul class="rows scrolled" tabIndex={0} aria-label={say("effect")}>
              {value.told.slice(0, SHOWN_MAX).map((cue) => (
                <li class="row" key={`${cue.change}${cue.id}${cue.channels[0]}`}>
                  <ChangePill change={cue.change} />
                  <span class="grow">
                    <span class="cut">
                      <span class="figures">{dateTime(cue.atMs, language)}</span>{" "}
                      {labelOf(cue.interaction, cue.version).title}
                    </span>
                    <span class="quiet small cut">
                      {listed(cue.channels.slice(0, 3).map(nameOf), language)}
                      {cue.channels.length > 3 && ` +${cue.channels.length - 3}`}
                      {cue.why && ` · ${why(cue.why.reason, reasonValues(cue.why))}`}
                    </span>
                  </span>
                  <a
                    class="small"
                    href={formatPlace("explain", undefined, { cue: cue.id, of: "drafts" })}
                    aria-label={`${say("explain")} ${cue.id}`}
                  >
                    {say("explain")}
                  </a>
                </li>
              ))}
            </ul>
            {all > SHOWN_MAX && <p class="quiet foot">{say("effectMore", { n: SHOWN_MAX, all })}</p>}
            {value.uncompared > 0 && <p class="quiet foot">{say("uncompared", { n: value.uncompared })}</p>}
          </>
        )}
      </div>
    </Panel>
  );
}
