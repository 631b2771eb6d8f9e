/** Channel groups, chosen by ticking them. */
import { useApp, useResource, useSay } from "../app/context.tsx";
import { formatPlace } from "../app/router.ts";
import { placementTexts } from "./texts.ts";

export function GroupPicker({
  chosen,
  onChange,
}: {
  chosen: readonly string[];
  onChange(next: string[]): void;
}) {
  const { api } = useApp();
  const say = useSay(placementTexts);
  const { value } = useResource("groups", api.groups, ["drafts"]);
  const groups = value?.groups ?? [];
  // A group that was removed is still named until somebody takes it out.
  const gone = value ? chosen.filter((id) => !groups.some((group) => group.id === id)) : [];
  const all = [...groups, ...gone.map((id) => ({ id, name: id, channels: [] as string[] }))];
  if (all.length === 0) {
    return (
      <p class="quiet small">
        {say("noGroups")} <a href={formatPlace("channels", "group:new")}>{say("makeGroup")}</a>
      </p>
    );
  }
  return (
    <div class="checks" role="group" aria-label={say("groups")}>
      {all.map(({ id, name, channels }) => (
        <label key={id} class="check">
          <input
            type="checkbox"
            data-group={id}
            checked={chosen.includes(id)}
            onChange={(event) =>
              onChange(event.currentTarget.checked ? [...chosen, id] : chosen.filter((each) => each !== id))
            }
          />
          <span class="cut">{name}</span>
          <span class="quiet figures small">{channels.length}</span>
        </label>
      ))}
    </div>
  );
}
