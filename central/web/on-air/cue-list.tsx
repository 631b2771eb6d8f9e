/** The cues to come, each with its countdown and the way to take it off the air in two clicks. */
import type { OnAirReply } from "../../routes/publishing-schemas.ts";
import { useApp, useNow, useSay } from "../app/context.tsx";
import { clockTime, countdown } from "../app/format.ts";
import type { Label } from "../app/label.ts";
import { formatPlace } from "../app/router.ts";
import { listed } from "../app/words.ts";
import { SureButton } from "../parts/button.tsx";
import { Empty, Panel, Pill } from "../parts/layout.tsx";
import { onAirTexts } from "./texts.ts";

const SHOWN_MAX = 40;
/** From then on its countdown stands out. */
const SOON_MS = 60_000;

export function CueList(props: {
  cues: OnAirReply["cues"];
  labelOf(interaction: string, version: number): Label;
  nameOf(channel: string): string;
  withdraw(cue: string): void;
}) {
  const { language, may } = useApp();
  const say = useSay(onAirTexts);
  const nowMs = useNow();
  const coming = props.cues.filter((cue) => cue.untilMs >= nowMs);
  return (
    <Panel title={say("coming")} class="cue-list">
      {coming.length === 0 ? (
        <Empty title={say("noCues")} to="placements">
          {say("noCuesDo")}
        </Empty>
      ) : (
        <ul class="rows scrolled" tabIndex={0} aria-label={say("coming")}>
          {coming.slice(0, SHOWN_MAX).map((cue) => {
            const leftMs = cue.atMs - nowMs;
            const label = props.labelOf(cue.interaction, cue.version);
            return (
              <li key={cue.id} class={leftMs <= 0 ? "row live" : leftMs < SOON_MS ? "row soon" : "row"}>
                <span class="countdown figures">
                  {leftMs <= 0 ? <Pill tone="bad">{say("airing")}</Pill> : countdown(leftMs)}
                </span>
                <span class="grow">
                  <a class="cut strong" href={formatPlace("interactions", cue.interaction)}>
                    {label.title}
                  </a>
                  <span class="quiet cut small">
                    {clockTime(cue.atMs, language, true)} ·{" "}
                    {cue.channels.length > 3
                      ? say("onChannels", { n: cue.channels.length })
                      : listed(cue.channels.map(props.nameOf), language)}
                  </span>
                </span>
                <a
                  class="button quiet small"
                  href={formatPlace("explain", undefined, { cue: cue.id })}
                  aria-label={`${say("why")} ${label.title}, ${clockTime(cue.atMs, language)}`}
                >
                  {say("why")}
                </a>
                {may("withdraw") && (
                  <SureButton
                    small
                    words={say("withdraw")}
                    sure={say("sure")}
                    name="withdraw"
                    onClick={() => props.withdraw(cue.id)}
                  />
                )}
              </li>
            );
          })}
          {coming.length > SHOWN_MAX && (
            <li class="row quiet">{say("moreCues", { n: coming.length - SHOWN_MAX })}</li>
          )}
        </ul>
      )}
    </Panel>
  );
}
