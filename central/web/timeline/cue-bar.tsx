/** What a chosen cue is, and what can be done with it. */
import { useApp, useSay } from "../app/context.tsx";
import { dateTime, span } from "../app/format.ts";
import { reasonTexts, reasonValues } from "../app/reasons.ts";
import { formatPlace } from "../app/router.ts";
import { useEscape } from "../app/use-escape.ts";
import { useWithdraw } from "../app/withdraw.ts";
import { Button, SureButton } from "../parts/button.tsx";
import { Pill } from "../parts/layout.tsx";
import type { PlacedCue } from "./placed-cue.ts";
import { timelineTexts } from "./texts.ts";

export function CueBar(props: { placed: PlacedCue; title: string; channel: string; onClose(): void }) {
  const { language, may } = useApp();
  const say = useSay(timelineTexts);
  const why = useSay(reasonTexts);
  const [withdraw, busy] = useWithdraw();
  useEscape(props.onClose);
  const { cue, overlaps } = props.placed;
  return (
    <section class="bottom-bar" aria-label={props.title} aria-live="polite">
      <div class="grow">
        <p class="strong cut">{props.title}</p>
        <p class="quiet small">
          {props.channel} · <span class="figures">{dateTime(cue.atMs, language)}</span> ·{" "}
          {span(cue.durationMs, language)} · {say("priority", { n: cue.priority })} ·{" "}
          <span class="mono">{cue.id}</span>
        </p>
        {cue.suppressed && (
          <p class="bad-text small">
            {say("suppressed", { why: why(cue.suppressed.reason, reasonValues(cue.suppressed)) })}
          </p>
        )}
        {overlaps !== undefined && <p class="bad-text small">{say("overlap", { other: overlaps })}</p>}
      </div>
      <Pill tone={cue.onAir ? "good" : "info"}>{say(cue.onAir ? "onAir" : "draft")}</Pill>
      <a
        class="button plain small"
        href={formatPlace("explain", undefined, {
          cue: cue.id,
          channel: props.placed.channel,
          ...(!cue.onAir && { of: "drafts" }),
        })}
        data-name="why"
      >
        {say("why")}
      </a>
      <a class="button plain small" href={formatPlace("placements", cue.placement)}>
        {say("open")}
      </a>
      <a class="button plain small" href={formatPlace("interactions", cue.interaction)}>
        {say("interaction")}
      </a>
      {cue.onAir && may("withdraw") && (
        <SureButton
          small
          busy={busy}
          words={say("withdraw")}
          sure={say("sure")}
          onClick={() => withdraw({ cue: cue.id }).then(props.onClose)}
        />
      )}
      <Button small tone="quiet" icon="close" label={say("close")} onClick={props.onClose} />
    </section>
  );
}
