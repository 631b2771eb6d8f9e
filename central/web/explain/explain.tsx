/** Explain: from a question to the chain of reasons, on air and as drafted. */
import { useEffect, useState } from "preact/hooks";
import type { Explanation } from "../../../shared/schedule/explanation.ts";
import { useApp, useResource, useSay, useSettled } from "../app/context.tsx";
import { momentTime } from "../app/format.ts";
import { useChannelNames, useLabels } from "../app/labels.ts";
import { formatPlace } from "../app/router.ts";
import { Empty, Loaded, Panel, Pill, View } from "../parts/layout.tsx";
import { Refused } from "../platform/http.ts";
import { Chain, TONES } from "./chain.tsx";
import { type Question, queryOf, questionFrom } from "./question.ts";
import { QuestionForm } from "./question-form.tsx";
import { explainTexts } from "./texts.ts";

const SETTLE_MS = 200;

export function Explain({ query }: { query: Record<string, string> }) {
  const { api, now } = useApp();
  const say = useSay(explainTexts);
  const [question, setQuestion] = useState(() => questionFrom(query, now()));
  // Another link was followed while the view was open.
  useEffect(() => setQuestion(questionFrom(query, now())), [query, now]);
  const settled = useSettled(question, SETTLE_MS);
  const asked = queryOf(settled);
  const key = JSON.stringify(asked);
  const answer = useResource(`explain ${key}`, async () => {
    if (!asked) return undefined;
    const [air, drafts] = await Promise.all([
      api.explain({ ...asked, of: "air" }),
      api.explain({ ...asked, of: "drafts" }),
    ]);
    return { air, drafts };
  }, ["air", "drafts", "guide"]);
  useEffect(() => {
    // The address can be handed on, and leads back here; the view does not begin anew for it.
    if (asked)
      history.replaceState(null, "", formatPlace("explain", undefined, { ...asked, of: settled.of }));
  }, [key, settled.of]);
  return (
    <View title={say("title")} about={say("about")}>
      <div class="split reverse explain">
        <QuestionForm question={question} onChange={setQuestion} />
        {!asked ? (
          <Panel>
            <Empty title={say("nothingAsked")}>{say("nothingAskedDo")}</Empty>
          </Panel>
        ) : answer.error instanceof Refused && answer.value === undefined ? (
          <Panel>
            <Empty title={say("cannot")}>{answer.error.message}</Empty>
          </Panel>
        ) : (
          <Loaded of={answer}>
            {(value) => value && <Answer key={`${key} ${settled.of}`} {...value} of={settled.of} />}
          </Loaded>
        )}
      </div>
    </View>
  );
}

type Reply = { explanations: Explanation[]; more: boolean };

const placeOf = ({ channel, region, id }: Explanation) => `${channel} ${region} ${id}`;

function Answer({ air, drafts, of }: { air: Reply; drafts: Reply; of: Question["of"] }) {
  const say = useSay(explainTexts);
  const nameOf = useChannelNames();
  const labelOf = useLabels();
  const { language } = useApp();
  const shown = of === "air" ? air : drafts;
  const other = of === "air" ? drafts : air;
  const [at, setAt] = useState(() => {
    const bad = shown.explanations.findIndex(({ outcome }) => outcome !== "appears");
    return Math.max(0, bad);
  });
  const chosen = shown.explanations[Math.min(at, shown.explanations.length - 1)];
  if (!chosen) return null;
  const counterpart =
    other.explanations.find((each) => placeOf(each) === placeOf(chosen)) ?? other.explanations[0];
  const [first] = shown.explanations;
  const title = first?.cue && labelOf(first.cue.interaction, first.cue.version).title;
  return (
    <div class="stack">
      {counterpart && counterpart.outcome !== chosen.outcome && (
        <p class="banner info" data-name="otherwise">
          {say(of === "air" ? "differsDrafts" : "differsAir", { outcome: say(counterpart.outcome) })}
        </p>
      )}
      {shown.explanations.length > 1 && (
        <Panel title={title ?? say("answers")} class="choices">
          <ul class="rows explain-answers">
            {shown.explanations.map((each, index) => (
              <li key={placeOf(each)}>
                <button
                  type="button"
                  class="row plain-row"
                  aria-pressed={each === chosen}
                  onClick={() => setAt(index)}
                >
                  <span class="grow cut">
                    {each.channel === undefined ? each.placement : nameOf(each.channel)}
                    {each.region !== undefined && ` · ${each.region}`}
                  </span>
                  {each.atMs !== undefined && (
                    <span class="quiet small figures">{momentTime(each.atMs, language)}</span>
                  )}
                  <Pill tone={TONES[each.outcome]}>{say(each.outcome)}</Pill>
                </button>
              </li>
            ))}
          </ul>
          {shown.more && <p class="quiet foot">{say("more")}</p>}
        </Panel>
      )}
      <Chain explanation={chosen} of={of} />
    </div>
  );
}
