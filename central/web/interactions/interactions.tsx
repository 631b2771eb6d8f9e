/** The library of interactions: searched, filtered, opened. */
import { useEffect, useState } from "preact/hooks";
import type { InteractionType } from "../../../shared/protocol/interaction.ts";
import type { InteractionsReply } from "../../routes/interactions.ts";
import { useApp, useResource, useSay, useSettled } from "../app/context.tsx";
import { fullDate } from "../app/format.ts";
import { formatPlace } from "../app/router.ts";
import { textFor } from "../app/words.ts";
import { Button } from "../parts/button.tsx";
import { Empty, Loaded, Panel, Pill, Table, View } from "../parts/layout.tsx";
import { useArchiving } from "./archive.ts";
import { TYPES } from "./blank.ts";
import { Editor } from "./editor.tsx";
import { interactionTexts } from "./texts.ts";

const SEARCH_SETTLE_MS = 200;

export function Interactions({ id, query }: { id: string | undefined; query: Record<string, string> }) {
  return id === undefined ? (
    <Library />
  ) : (
    <Editor key={`${id} ${query.from ?? ""}`} id={id} from={query.from} />
  );
}

function Library() {
  const { api, language, go, may, failed } = useApp();
  const say = useSay(interactionTexts);
  const [question, setQuestion] = useState("");
  const [type, setType] = useState("");
  const [tag, setTag] = useState("");
  const [archived, setArchived] = useState<"no" | "only">("no");
  const { archive, bringBack } = useArchiving();
  const asked = useSettled({ q: question.trim(), type, tag, archived }, SEARCH_SETTLE_MS);
  const found = useResource(
    `interactions ${asked.q} ${asked.type} ${asked.tag} ${asked.archived}`,
    () => api.interactions(asked),
    ["drafts"],
  );
  const tags = useResource(`tags ${archived}`, () => api.interactionTags({ archived }), ["drafts"]);
  const [further, setFurther] = useState<InteractionsReply | undefined>();
  useEffect(() => setFurther(undefined), [found.value]);
  const next = further ? further.next : found.value?.next;
  const more = (): Promise<void> =>
    api.interactions({ ...asked, ...(next !== undefined && { after: next }) }).then(
      (page) =>
        setFurther({ ...page, interactions: [...(further?.interactions ?? []), ...page.interactions] }),
      (error) => failed(error, more),
    );
  return (
    <View
      title={say("title")}
      about={say("about")}
      actions={
        may("edit") && (
          <Button tone="main" icon="plus" onClick={() => go("interactions", "new")} name="new-interaction">
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
        <select
          aria-label={say("type")}
          value={type}
          onChange={(event) => setType(event.currentTarget.value)}
        >
          <option value="">{say("allTypes")}</option>
          {TYPES.map((each) => (
            <option key={each} value={each}>
              {say(each)}
            </option>
          ))}
        </select>
        {((tags.value?.tags.length ?? 0) > 0 || tag !== "") && (
          <select
            aria-label={say("tags")}
            value={tag}
            data-name="tag-filter"
            onChange={(event) => setTag(event.currentTarget.value)}
          >
            <option value="">{say("allTags")}</option>
            {tags.value?.tags.map(({ tag: each, count }) => (
              <option key={each} value={each}>
                {say("tagWithCount", { tag: each, n: count })}
              </option>
            ))}
          </select>
        )}
        <select
          aria-label={say("which")}
          value={archived}
          data-name="archived-filter"
          onChange={(event) => {
            setArchived(event.currentTarget.value as "no" | "only");
            setTag("");
          }}
        >
          <option value="no">{say("inLibrary")}</option>
          <option value="only">{say("inArchive")}</option>
        </select>
      </div>
      <Panel>
        <Loaded of={found}>
          {({ interactions }) =>
            interactions.length === 0 ? (
              asked.q === "" && asked.type === "" && asked.tag === "" ? (
                asked.archived === "only" ? (
                  <Empty title={say("noneArchived")}>{say("noneArchivedDo")}</Empty>
                ) : (
                  <Empty title={say("none")}>{say("noneDo")}</Empty>
                )
              ) : (
                <Empty title={say("noneFound")}>{say("noneFoundDo")}</Empty>
              )
            ) : (
              <Table
                label={say("title")}
                heads={[say("interaction"), say("type"), say("tags"), say("languages"), say("version"), ""]}
              >
                {[...interactions, ...(further?.interactions ?? [])].map(
                  ({ interaction, tags: own, archived: out }) => {
                    const texts = textFor(interaction.texts, language, interaction.defaultLanguage);
                    const title = texts?.title ?? interaction.id;
                    return (
                      <tr key={interaction.id}>
                        <td>
                          <a class="strong" href={formatPlace("interactions", interaction.id)}>
                            {title}
                          </a>
                          <span class="quiet small block mono">{interaction.id}</span>
                          {out && (
                            <span class="quiet small block">
                              {say("archivedBy", { by: out.by, when: fullDate(out.atMs, language) })}
                            </span>
                          )}
                        </td>
                        <td>
                          <Pill tone={toneOf(interaction.type)}>{say(interaction.type)}</Pill>
                        </td>
                        <td>
                          <span class="tags">
                            {own.map((each) => (
                              <button type="button" class="tag" key={each} onClick={() => setTag(each)}>
                                {each}
                              </button>
                            ))}
                          </span>
                        </td>
                        <td class="quiet">{Object.keys(interaction.texts).join(", ")}</td>
                        <td class="figures quiet">{interaction.version}</td>
                        <td class="right">
                          {may("edit") && (
                            <span class="actions">
                              <Button
                                small
                                tone="quiet"
                                icon="copy"
                                onClick={() => go("interactions", "new", { from: interaction.id })}
                              >
                                {say("clone")}
                              </Button>
                              {out ? (
                                <Button
                                  small
                                  label={say("bringBackWhat", { what: title })}
                                  name={`bring-back-${interaction.id}`}
                                  onClick={() => bringBack(interaction.id, title)}
                                >
                                  {say("bringBack")}
                                </Button>
                              ) : (
                                <>
                                  <Button
                                    small
                                    tone="quiet"
                                    icon="archive"
                                    label={say("archiveWhat", { what: title })}
                                    name={`archive-${interaction.id}`}
                                    onClick={() => archive(interaction.id, title)}
                                  />
                                  <Button
                                    small
                                    onClick={() => go("placements", "new", { interaction: interaction.id })}
                                  >
                                    {say("place")}
                                  </Button>
                                </>
                              )}
                            </span>
                          )}
                        </td>
                      </tr>
                    );
                  },
                )}
              </Table>
            )
          }
        </Loaded>
        {next !== undefined && (
          <div class="actions foot">
            <Button onClick={more}>{say("more")}</Button>
          </div>
        )}
      </Panel>
    </View>
  );
}

export function toneOf(type: InteractionType | string): "good" | "warn" | "info" | "plain" {
  if (type === "quiz") return "warn";
  if (type === "poll" || type === "rating") return "info";
  return type === "coupon" ? "good" : "plain";
}
