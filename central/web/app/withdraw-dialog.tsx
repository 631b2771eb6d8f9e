/** What is on the screens and comes next, to be taken off the air: one click opens it from any view, the next withdraws. */
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Empty, Loaded, Pill } from "../parts/layout.tsx";
import { useApp, useNow, useResource, useSay } from "./context.tsx";
import { clockTime, countdown } from "./format.ts";
import { useChannelNames, useLabels } from "./labels.ts";
import { appTexts } from "./texts.ts";
import { useWithdraw } from "./withdraw.ts";
import { listed } from "./words.ts";

const SHOWN_MAX = 12;
const CHANNELS_NAMED_MAX = 3;

export function WithdrawDialog({ onClose }: { onClose(): void }) {
  const { api, language } = useApp();
  const say = useSay(appTexts);
  const onAir = useResource("on-air", api.onAir, ["air", "guide"]);
  const labelOf = useLabels();
  const nameOf = useChannelNames();
  const nowMs = useNow();
  const [withdraw, busy] = useWithdraw();
  return (
    <Dialog title={say("withdraw")} onClose={onClose}>
      <Loaded of={onAir}>
        {({ cues }) => {
          const coming = cues.filter(({ untilMs }) => untilMs >= nowMs).slice(0, SHOWN_MAX);
          if (coming.length === 0)
            return <Empty title={say("nothingComing")}>{say("nothingComingDo")}</Empty>;
          return (
            <ul class="rows">
              {coming.map((cue) => {
                const { title } = labelOf(cue.interaction, cue.version);
                return (
                  <li class="row" key={cue.id}>
                    <span class="countdown figures">
                      {cue.atMs <= nowMs ? (
                        <Pill tone="bad">{say("airing")}</Pill>
                      ) : (
                        countdown(cue.atMs - nowMs)
                      )}
                    </span>
                    <span class="grow">
                      <span class="cut strong">{title}</span>
                      <span class="quiet cut small">
                        {clockTime(cue.atMs, language, true)} ·{" "}
                        {cue.channels.length > CHANNELS_NAMED_MAX
                          ? say("onChannels", { n: cue.channels.length })
                          : listed(cue.channels.map(nameOf), language)}
                      </span>
                    </span>
                    <Button
                      small
                      tone="danger"
                      busy={busy}
                      hint={`${say("withdrawNow")} ${title}`}
                      onClick={() => withdraw({ cue: cue.id }).then(onClose)}
                      name={`withdraw-${cue.id}`}
                    >
                      {say("withdrawNow")}
                    </Button>
                  </li>
                );
              })}
            </ul>
          );
        }}
      </Loaded>
      <p class="quiet small">{say("withdrawAbout")}</p>
    </Dialog>
  );
}
