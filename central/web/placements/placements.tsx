/** All placements: searched, with what each shows, when, and whether it is on air like this. */
import { useState } from "preact/hooks";
import { isOver } from "../../../shared/schedule/rule-over.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { useNewestLabels } from "../app/labels.ts";
import { formatPlace } from "../app/router.ts";
import { Button } from "../parts/button.tsx";
import { Empty, Loaded, Panel, Pill, Table, View } from "../parts/layout.tsx";
import { PlacementEditor } from "./placement-editor.tsx";
import { ruleWords } from "./rule-words.ts";
import { placementTexts } from "./texts.ts";

const SHOWN_MAX = 500;

export function Placements({ id, query }: { id: string | undefined; query: Record<string, string> }) {
  return id === undefined ? (
    <List />
  ) : (
    <PlacementEditor key={`${id} ${query.interaction ?? ""}`} id={id} query={query} />
  );
}

function List() {
  const { api, language, go, may, now } = useApp();
  const say = useSay(placementTexts);
  const labelOf = useNewestLabels();
  const [question, setQuestion] = useState("");
  const all = useResource("placements", api.placements, ["drafts", "air"]);
  const plan = useResource("plan", api.plan, ["drafts", "air"]);
  const changes = new Map((plan.value?.difference.placements ?? []).map(({ id, change }) => [id, change]));
  const words = question.toLowerCase().split(/\s+/).filter(Boolean);
  return (
    <View
      title={say("title")}
      about={say("about")}
      actions={
        may("edit") && (
          <Button tone="main" icon="plus" onClick={() => go("placements", "new")} name="new-placement">
            {say("new")}
          </Button>
        )
      }
    >
      <div class="filters">
        <input
          type="search"
          aria-label={say("search")}
          placeholder={say("search")}
          value={question}
          onInput={(event) => setQuestion(event.currentTarget.value)}
        />
      </div>
      <Panel>
        <Loaded of={all}>
          {({ placements }) => {
            const shown = placements
              .filter(({ placement }) => {
                const text =
                  `${placement.id} ${placement.interaction} ${labelOf(placement.interaction).title} ${placement.channels.join(" ")}`.toLowerCase();
                return words.every((word) => text.includes(word));
              })
              .slice(0, SHOWN_MAX);
            if (shown.length === 0) return <Empty title={say("none")}>{say("noneDo")}</Empty>;
            return (
              <Table
                label={say("title")}
                heads={[say("placement"), say("interaction"), say("rule"), say("channels"), say("state")]}
              >
                {shown.map(({ placement, state }) => {
                  const change = changes.get(placement.id);
                  return (
                    <tr key={placement.id}>
                      <td>
                        <a class="strong" href={formatPlace("placements", placement.id)}>
                          {placement.id}
                        </a>
                      </td>
                      <td class="words">
                        {labelOf(placement.interaction).title}{" "}
                        <span class="quiet figures small">v{placement.version}</span>
                      </td>
                      <td class="quiet words">{ruleWords(placement.when, language)}</td>
                      <td class="figures quiet">{placement.channels.length}</td>
                      <td>
                        {state === "withdrawn" ? (
                          <Pill>{say("withdrawn")}</Pill>
                        ) : change === "added" ? (
                          <Pill tone="info">{say("draft")}</Pill>
                        ) : change ? (
                          <Pill tone="warn">{say("changed")}</Pill>
                        ) : isOver(placement.when, placement.windowMs, now()) ? (
                          <Pill>{say("over")}</Pill>
                        ) : (
                          <Pill tone="good">{say("onAir")}</Pill>
                        )}
                      </td>
                    </tr>
                  );
                })}
              </Table>
            );
          }}
        </Loaded>
      </Panel>
    </View>
  );
}
