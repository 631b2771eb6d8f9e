/** Where a placement is limited to: every region, or some. */
import { useApp, useResource, useSay } from "../app/context.tsx";
import { placementTexts } from "./texts.ts";

export function RegionPicker({
  chosen,
  onChange,
}: {
  chosen: readonly string[] | undefined;
  onChange(next: string[] | undefined): void;
}) {
  const { api } = useApp();
  const say = useSay(placementTexts);
  const { value } = useResource("regions", api.regions, ["drafts"]);
  const regions = value?.regions ?? [];
  if (regions.length === 0) return null;
  return (
    <fieldset class="picker">
      <legend>{say("regions")}</legend>
      <div class="tabs flat" role="group" aria-label={say("regions")}>
        {([true, false] as const).map((all) => (
          <button
            type="button"
            key={String(all)}
            aria-pressed={(chosen === undefined) === all}
            data-name={all ? "every-region" : "some-regions"}
            onClick={() => onChange(all ? undefined : chosen ? [...chosen] : regions.map(({ id }) => id))}
          >
            {say(all ? "everyRegion" : "someRegions")}
          </button>
        ))}
      </div>
      {chosen !== undefined && (
        <div class="checks" role="group" aria-label={say("someRegions")}>
          {regions.map(({ id, name }) => (
            <label key={id} class="check">
              <input
                type="checkbox"
                data-region={id}
                checked={chosen.includes(id)}
                onChange={(event) =>
                  onChange(
                    event.currentTarget.checked ? [...chosen, id] : chosen.filter((each) => each !== id),
                  )
                }
              />
              <span class="cut">{name}</span>
            </label>
          ))}
        </div>
      )}
      {chosen?.length === 0 && <p class="hint error">{say("oneRegion")}</p>}
    </fieldset>
  );
}
