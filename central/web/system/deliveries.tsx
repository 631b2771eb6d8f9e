/** What was sent to one webhook: delivered, waiting, given up, with the last reply; sent again by hand. */
import { useEffect } from "preact/hooks";
import { useApp, useNow, useResource, useSay } from "../app/context.tsx";
import { dateTime, span } from "../app/format.ts";
import { Button } from "../parts/button.tsx";
import { Loaded, Pill, Table, type Tone } from "../parts/layout.tsx";
import { systemTexts } from "./texts.ts";

const TONES: Record<string, Tone> = { delivered: "good", waiting: "warn", dead: "bad" };
const LOOK_AGAIN_MS = 2_000;

export function Deliveries({ webhook }: { webhook: string }) {
  const { api, language, failed, timers } = useApp();
  const say = useSay(systemTexts);
  const nowMs = useNow(2_000);
  const page = useResource(`deliveries ${webhook}`, () => api.deliveries(webhook), ["air", "edges"]);
  const { reload } = page;
  const waits = page.value?.deliveries.some(({ state }) => state === "waiting") ?? false;
  useEffect(() => (waits ? timers.after(LOOK_AGAIN_MS, reload) : undefined), [waits, page.value, timers]);
  return (
    <div class="deliveries">
      <Loaded of={page}>
        {({ deliveries }) =>
          deliveries.length === 0 ? (
            <p class="quiet small">{say("noDeliveries")}</p>
          ) : (
            <Table label={say("log")} heads={[say("made"), say("event"), "", say("reply"), ""]} tall>
              {deliveries.map((delivery) => (
                <tr key={delivery.event}>
                  <td class="figures nowrap quiet">{dateTime(delivery.atMs, language)}</td>
                  <td>
                    {delivery.type}
                    <details>
                      <summary class="quiet small">{say("body")}</summary>
                      <pre class="code small">{delivery.body}</pre>
                    </details>
                  </td>
                  <td>
                    <Pill tone={TONES[delivery.state] ?? "plain"}>{say(`state-${delivery.state}`)}</Pill>
                  </td>
                  <td class="small">
                    {delivery.status ?? ""} <span class="quiet">{delivery.why}</span>
                    {delivery.nextMs !== undefined && delivery.tries > 0 && (
                      <span class="block quiet">
                        {say("againIn", { n: span(Math.max(0, delivery.nextMs - nowMs), language) })}
                      </span>
                    )}
                  </td>
                  <td class="right">
                    {delivery.state !== "delivered" && (
                      <Button
                        small
                        onClick={() => {
                          api.sendAgain(webhook, delivery.event).then(reload, failed);
                        }}
                      >
                        {say("sendAgain")}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
    </div>
  );
}
