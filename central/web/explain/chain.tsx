/** One explanation: its outcome, link by link, and what can be done about the one that ends it. */
import type { Explanation } from "../../../shared/schedule/explanation.ts";
import { useApp, useSay } from "../app/context.tsx";
import { momentTime, span } from "../app/format.ts";
import { useChannelNames } from "../app/labels.ts";
import { formatPlace } from "../app/router.ts";
import { Icon } from "../parts/icons.tsx";
import { Panel, Pill, type Tone } from "../parts/layout.tsx";
import { remedyOf, stepName, stepWords } from "./step-words.ts";
import { explainTexts } from "./texts.ts";

export const TONES: Record<Explanation["outcome"], Tone> = {
  appears: "good",
  suppressed: "bad",
  never: "warn",
};

export function Chain({ explanation, of }: { explanation: Explanation; of: "air" | "drafts" }) {
  const { language, now } = useApp();
  const say = useSay(explainTexts);
  const nameOf = useChannelNames();
  const { outcome, steps, id, atMs, channel, region } = explanation;
  return (
    <Panel title={say("chain")} class="chain" side={<Pill tone={TONES[outcome]}>{say(outcome)}</Pill>}>
      <p class="quiet small">
        {channel !== undefined && nameOf(channel)}
        {region !== undefined && ` · ${region}`}
        {atMs !== undefined && (
          <>
            {" · "}
            <span class="figures">{momentTime(atMs, language)}</span> ({span(atMs - now(), language)})
          </>
        )}
        {id !== undefined && (
          <>
            {" · "}
            <span class="mono">{id}</span>
          </>
        )}
      </p>
      <ol class="links" data-name="chain" data-outcome={outcome}>
        {steps.map((step, index) => (
          <li key={String(index)} class={step.holds ? "link-holds" : "link-ends"} data-code={step.code}>
            <span class="link-mark">
              <Icon name={step.holds ? "check" : "close"} />
              <span class="unseen">{say(step.holds ? "holds" : "ends")}</span>
            </span>
            <span class="link-name">{stepName(step.step, language)}</span>
            <span class="link-words">{stepWords(explanation, step, language, nameOf)}</span>
          </li>
        ))}
      </ol>
      <Remedies explanation={explanation} of={of} />
      {explanation.cue && (
        <details>
          <summary class="quiet small">{say("asBoxes")}</summary>
          <pre class="code">{JSON.stringify(explanation.cue, null, 1)}</pre>
        </details>
      )}
    </Panel>
  );
}

function Remedies({ explanation, of }: { explanation: Explanation; of: "air" | "drafts" }) {
  const { now, may } = useApp();
  const say = useSay(explainTexts);
  const { outcome, steps, placement, suppression, atMs, cue } = explanation;
  const remedy = outcome === "appears" ? undefined : remedyOf(steps);
  const links: { href: string; words: string }[] = [];
  if (remedy === "rule" && suppression?.rule !== undefined) {
    links.push({ href: formatPlace("channels", `rule:${suppression.rule}`), words: say("openRule") });
  }
  if (remedy === "guide") links.push({ href: formatPlace("guide"), words: say("openGuide") });
  if (remedy === "regions") links.push({ href: formatPlace("edges"), words: say("openRegion") });
  if (remedy === "publish" && may("publish")) {
    links.push({ href: formatPlace("publish"), words: say("openPublish") });
  }
  if (suppression?.to !== undefined) {
    const query = { cue: suppression.to, of, ...(explanation.channel && { channel: explanation.channel }) };
    links.push({
      href: formatPlace("explain", undefined, query),
      words: say("explainWinner", { cue: suppression.to }),
    });
  }
  if (remedy !== "publish") {
    links.push({ href: formatPlace("placements", placement), words: say("openPlacement") });
  }
  if (cue && of === "air" && atMs !== undefined && atMs < now()) {
    links.push({ href: formatPlace("results", cue.id), words: say("whatBoxesDid") });
  }
  return (
    <div class="actions">
      {links.map(({ href, words }) => (
        <a key={href} class="button plain small" href={href}>
          {words}
        </a>
      ))}
    </div>
  );
}
