/** The channels of a placement: filtered, chosen one by one or all that the filter leaves. */
import { useState } from "preact/hooks";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { Button } from "../parts/button.tsx";
import { Panel } from "../parts/layout.tsx";
import { placementTexts } from "./texts.ts";

/** Drawn at once; the filter finds the others. */
const SHOWN_MAX = 120;

export function ChannelPicker(props: {
  title?: string;
  chosen: readonly string[];
  onChange(next: string[]): void;
}) {
  const { chosen, onChange } = props;
  const { api } = useApp();
  const say = useSay(placementTexts);
  const { value } = useResource("channels", api.channels, ["guide"]);
  const [filter, setFilter] = useState("");
  const all = value?.channels ?? [];
  const wanted = filter.toLowerCase();
  const found = all.filter(({ id, number, name }) =>
    `${number} ${name} ${id}`.toLowerCase().includes(wanted),
  );
  const own = new Set(chosen);
  // What is chosen comes first when there are more than fit.
  const shown = [...found].sort((a, b) => Number(own.has(b.id)) - Number(own.has(a.id))).slice(0, SHOWN_MAX);
  const put = (next: Set<string>) => onChange(all.map(({ id }) => id).filter((id) => next.has(id)));
  return (
    <Panel
      title={props.title ?? say("channels")}
      side={
        <>
          <span class="quiet">{say("chosen", { n: chosen.length, all: all.length })}</span>
          <input
            type="search"
            class="small"
            aria-label={say("filterChannels")}
            placeholder={say("filterChannels")}
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
          <Button
            small
            onClick={() => put(new Set([...chosen, ...found.map(({ id }) => id)]))}
            name="all-channels"
          >
            {say("allChannels")}
          </Button>
          <Button small onClick={() => onChange([])}>
            {say("noChannels")}
          </Button>
        </>
      }
    >
      <div class="channels" role="group" aria-label={say("channels")}>
        {shown.map(({ id, number, name }) => (
          <label key={id} class="check">
            <input
              type="checkbox"
              checked={own.has(id)}
              data-channel={id}
              onChange={(event) => {
                const next = new Set(own);
                if (event.currentTarget.checked) next.add(id);
                else next.delete(id);
                put(next);
              }}
            />
            <span class="quiet figures">{number}</span>
            <span class="cut">{name}</span>
          </label>
        ))}
      </div>
    </Panel>
  );
}
