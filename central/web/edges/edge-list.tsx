/** Edges in tables, by region: all of a small fleet; of a large one those that are not well, or what is asked for. */
import { useState } from "preact/hooks";
import type { RegionEntry } from "../../../shared/publication/entries.ts";
import type { PublicationReply } from "../../routes/publishing-schemas.ts";
import { useApp, useSay } from "../app/context.tsx";
import { number } from "../app/format.ts";
import { Button } from "../parts/button.tsx";
import { Empty, Panel } from "../parts/layout.tsx";
import type { Code } from "./code-dialog.tsx";
import { type Fleet, filtered } from "./fleet.ts";
import { Region } from "./region.tsx";
import { edgesTexts } from "./texts.ts";

/** Rows at first, and more at each asking: a thousand tables of ten columns are slow, and nobody reads them. */
const ROWS_SHOWN = 100;

export function EdgeList(props: {
  regions: readonly RegionEntry[];
  fleet: Fleet;
  /** There are too many to read them all. */
  large: boolean;
  publications: readonly PublicationReply[];
  nowMs: number;
  /** Chosen in the overview. */
  region: string | undefined;
  chosen: string | undefined;
  onEveryRegion(): void;
  onCode(code: Code): void;
  onEdit(region: RegionEntry): void;
}) {
  const { language } = useApp();
  const say = useSay(edgesTexts);
  const { regions, fleet, large, region } = props;
  const [text, setText] = useState("");
  const [onlyAmiss, setOnlyAmiss] = useState(large && region === undefined);
  const [most, setMost] = useState(ROWS_SHOWN);
  const names = new Map(regions.map(({ id, name }) => [id, name]));
  const found = filtered(fleet.edges, { text, onlyAmiss, region }, (id) => names.get(id) ?? id);
  const shown = found.slice(0, most);
  // Empty ones are shown where nothing is looked for: an edge can be enrolled there.
  const isWhole = text === "" && !onlyAmiss && found.length <= most;
  const amiss = fleet.tones.warn + fleet.tones.bad;
  return (
    <>
      {large && (
        <div class="filters fleet-filters">
          <input
            type="search"
            placeholder={say("find")}
            aria-label={say("find")}
            value={text}
            data-name="find-edge"
            onInput={(event) => {
              setText(event.currentTarget.value);
              setOnlyAmiss(false);
            }}
          />
          <div class="tabs flat" role="group">
            {[true, false].map((only) => (
              <button
                type="button"
                key={String(only)}
                aria-pressed={onlyAmiss === only}
                onClick={() => setOnlyAmiss(only)}
              >
                {only
                  ? say("showAmiss", { n: number(amiss, language) })
                  : say("showAll", { n: number(fleet.inService, language) })}
              </button>
            ))}
          </div>
          {region !== undefined && (
            <>
              <span>{say("onlyRegion", { region: names.get(region) ?? region })}</span>
              <Button small onClick={props.onEveryRegion}>
                {say("everyRegion")}
              </Button>
            </>
          )}
        </div>
      )}
      {large && found.length === 0 && (
        <Panel>
          <Empty title={say(onlyAmiss && text === "" ? "allWell" : "noneFound")}>
            {say(onlyAmiss && text === "" ? "allWellDo" : "noneFoundDo")}
          </Empty>
        </Panel>
      )}
      {regions
        .filter(({ id }) => region === undefined || id === region)
        .map((each) => ({ each, edges: shown.filter(({ edge }) => edge.region === each.id) }))
        .filter(({ edges }) => isWhole || edges.length > 0)
        .map(({ each, edges }) => (
          <Region
            key={each.id}
            region={each}
            edges={edges}
            publications={props.publications}
            nowMs={props.nowMs}
            chosen={props.chosen}
            onCode={props.onCode}
            onEdit={() => props.onEdit(each)}
          />
        ))}
      {found.length > shown.length && (
        <p class="centred">
          <Button onClick={() => setMost(most + ROWS_SHOWN)} name="more-edges">
            {say("more", { n: number(found.length - shown.length, language) })}
          </Button>
        </p>
      )}
    </>
  );
}
