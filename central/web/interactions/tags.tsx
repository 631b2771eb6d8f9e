/** Tags of an interaction: chips, and a field that takes another. Each change is taken at once, and can be undone. */
import { useState } from "preact/hooks";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { appTexts } from "../app/texts.ts";
import { Icon } from "../parts/icons.tsx";
import { Panel } from "../parts/layout.tsx";
import { interactionTexts } from "./texts.ts";

/** Tags of one that is there: central keeps them beside its versions. */
export function TagsPanel({ id, tags, reload }: { id: string; tags: readonly string[]; reload(): void }) {
  const { api, toast, failed, may } = useApp();
  const say = useSay(interactionTexts);
  const sayApp = useSay(appTexts);
  const known = useResource("tags", api.interactionTags, ["drafts"]);
  const [typed, setTyped] = useState("");
  const change = (body: { add?: string[]; remove?: string[] }, undone = false): Promise<void> =>
    api.changeTags(id, body).then(
      () => {
        reload();
        const gone = body.remove?.[0];
        if (undone || gone === undefined) return;
        toast({
          tone: "info",
          text: say("tagRemoved", { tag: gone }),
          action: { label: sayApp("undo"), run: () => change({ add: [gone] }, true) },
        });
      },
      (error) => failed(error, () => change(body, undone)),
    );
  const add = () => {
    const fresh = typed
      .split(/[,,、]/)
      .map((each) => each.trim())
      .filter(Boolean);
    if (fresh.length === 0) return;
    setTyped("");
    change({ add: fresh });
  };
  return (
    <Panel title={say("tags")}>
      <div class="tags">
        {tags.map((tag) => (
          <span class="tag" key={tag}>
            {tag}
            {may("edit") && (
              <button
                type="button"
                aria-label={say("removeTag", { tag })}
                title={say("removeTag", { tag })}
                onClick={() => change({ remove: [tag] })}
              >
                <Icon name="close" />
              </button>
            )}
          </span>
        ))}
        {may("edit") ? (
          <form
            class="inline"
            onSubmit={(event) => {
              event.preventDefault();
              add();
            }}
          >
            <input
              type="text"
              class="small"
              list="known-tags"
              maxLength={200}
              aria-label={say("addTag")}
              placeholder={say("addTag")}
              data-name="tag"
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
              onBlur={add}
            />
            <datalist id="known-tags">
              {(known.value?.tags ?? [])
                .filter(({ tag }) => !tags.includes(tag))
                .map(({ tag }) => (
                  <option key={tag} value={tag} />
                ))}
            </datalist>
          </form>
        ) : (
          tags.length === 0 && <span class="quiet">{say("noTags")}</span>
        )}
      </div>
      <p class="hint">{say("tagsHint")}</p>
    </Panel>
  );
}
