/** Edges by region: what each serves, how it is, how it comes in and how it is turned away. */
import { useCallback, useEffect, useState } from "preact/hooks";
import type { RegionEntry } from "../../../shared/publication/entries.ts";
import { useApp, useNow, useResource, useSay } from "../app/context.tsx";
import { number } from "../app/format.ts";
import { Button } from "../parts/button.tsx";
import { Empty, Loaded, Panel, View } from "../parts/layout.tsx";
import { type Code, CodeDialog } from "./code-dialog.tsx";
import { EdgeList } from "./edge-list.tsx";
import { type Fleet, fleetOf } from "./fleet.ts";
import { FleetMap } from "./fleet-map.tsx";
import { RegionDialog } from "./region-dialog.tsx";
import { edgesTexts } from "./texts.ts";

/** So many fit the list without a look from above. */
const FEW = 12;

export function Edges() {
  const { api, may } = useApp();
  const say = useSay(edgesTexts);
  const nowMs = useNow(5_000);
  const regions = useResource("regions", api.regions, ["drafts"]);
  // Together: without what is on air every edge would seem to be behind.
  const fleetNow = useResource("fleet", () => Promise.all([api.edges(), api.air()]), ["edges", "air"]);
  const publications = useResource("publications", api.publications, ["air"]);
  const [code, setCode] = useState<Code | undefined>();
  const [editing, setEditing] = useState<RegionEntry | "new" | undefined>();
  const [region, setRegion] = useState<string | undefined>();
  const [chosen, setChosen] = useState<string | undefined>();
  const onRegion = useCallback((id: string | undefined) => {
    setChosen(undefined);
    setRegion((before) => (before === id ? undefined : id));
  }, []);
  const known = fleetNow.value?.[0].edges;
  const onEdge = useCallback(
    (id: string) => {
      setRegion(known?.find((edge) => edge.id === id)?.region);
      setChosen(id);
    },
    [known],
  );
  useEffect(() => {
    if (chosen !== undefined) document.getElementById(`edge-${chosen}`)?.scrollIntoView({ block: "center" });
  }, [chosen, region]);
  return (
    <View
      title={say("title")}
      about={say("about")}
      actions={
        may("operate") && (
          <Button icon="plus" onClick={() => setEditing("new")} name="new-region">
            {say("newRegion")}
          </Button>
        )
      }
    >
      <Loaded of={regions}>
        {({ regions: all }) => (
          <Loaded of={fleetNow}>
            {([{ edges: known }, landed]) => {
              if (all.length === 0)
                return (
                  <Panel>
                    <Empty title={say("noRegions")}>{say("noRegionsDo")}</Empty>
                  </Panel>
                );
              const fleet = fleetOf(known, landed, nowMs);
              return (
                <div class="stack edges">
                  <Sums fleet={fleet} />
                  {fleet.inService > FEW && (
                    <FleetMap
                      regions={all}
                      fleet={fleet}
                      nowMs={nowMs}
                      region={region}
                      onRegion={onRegion}
                      onEdge={onEdge}
                    />
                  )}
                  <EdgeList
                    // Another region begins with all of it, and nothing left of what was searched before.
                    key={region ?? ""}
                    regions={all}
                    fleet={fleet}
                    large={fleet.inService > FEW}
                    publications={publications.value?.publications ?? []}
                    nowMs={nowMs}
                    region={region}
                    chosen={chosen}
                    onEveryRegion={() => onRegion(undefined)}
                    onCode={setCode}
                    onEdit={setEditing}
                  />
                </div>
              );
            }}
          </Loaded>
        )}
      </Loaded>
      {code && <CodeDialog {...code} onClose={() => setCode(undefined)} />}
      {editing && (
        <RegionDialog
          region={editing === "new" ? undefined : editing}
          onClose={() => {
            setEditing(undefined);
            regions.reload();
          }}
        />
      )}
    </View>
  );
}

function Sums({ fleet }: { fleet: Fleet }) {
  const { language } = useApp();
  const say = useSay(edgesTexts);
  const silent = fleet.edges.filter(({ state }) =>
    state.findings.some((finding) => finding === "silent" || finding === "never-heard"),
  ).length;
  const facts: [label: string, figure: number][] = [
    [say("sumEdges"), fleet.inService],
    [say("sumLanded"), fleet.landed],
    [say("sumSilent"), silent],
    [say("sumBoxes"), fleet.boxes],
    [say("sumWaiting"), fleet.waiting],
  ];
  return (
    <Panel>
      <dl class="facts">
        {facts.map(([label, figure]) => (
          <div key={label}>
            <dd class="figures">{number(figure, language)}</dd>
            <dt>{label}</dt>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
