/** Edges by region: what each serves, how it is, how it comes in and how it is turned away. */
import { useState } from "preact/hooks";
import type { RegionEntry } from "../../../shared/publication/entries.ts";
import type { AirReply, PublicationReply } from "../../routes/publishing.ts";
import type { EdgesReply } from "../../routes/watching.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { number } from "../app/format.ts";
import { Button } from "../parts/button.tsx";
import { Empty, Loaded, Panel, Table, View } from "../parts/layout.tsx";
import { type Code, CodeDialog } from "./code-dialog.tsx";
import { EdgeRow } from "./edge-row.tsx";
import { RegionDialog } from "./region-dialog.tsx";
import { edgesTexts } from "./texts.ts";

type Edge = EdgesReply["edges"][number];

export function Edges() {
  const { api, may } = useApp();
  const say = useSay(edgesTexts);
  const regions = useResource("regions", api.regions, ["drafts"]);
  const edges = useResource("edges", api.edges, ["edges", "air"]);
  const air = useResource("air", api.air, ["edges", "air"]);
  const publications = useResource("publications", api.publications, ["air"]);
  const [code, setCode] = useState<Code | undefined>();
  const [editing, setEditing] = useState<RegionEntry | "new" | undefined>();
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
          <Loaded of={edges}>
            {({ edges: known }) =>
              all.length === 0 ? (
                <Panel>
                  <Empty title={say("noRegions")}>{say("noRegionsDo")}</Empty>
                </Panel>
              ) : (
                <div class="stack edges">
                  <Fleet edges={known} air={air.value} />
                  {all.map((region) => (
                    <Region
                      key={region.id}
                      region={region}
                      edges={known.filter((edge) => edge.region === region.id)}
                      air={air.value}
                      publications={publications.value?.publications ?? []}
                      zones={known.flatMap(({ report, revokedAtMs }) =>
                        revokedAtMs === undefined && report?.timeZoneData ? [report.timeZoneData] : [],
                      )}
                      onCode={(made, replaces) => setCode({ region, code: made, replaces })}
                      onEdit={() => setEditing(region)}
                    />
                  ))}
                </div>
              )
            }
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

/** All of them at a glance. */
function Fleet({ edges, air }: { edges: readonly Edge[]; air: AirReply | undefined }) {
  const { language } = useApp();
  const say = useSay(edgesTexts);
  const inService = edges.filter(({ revokedAtMs }) => revokedAtMs === undefined);
  const sum = (of: (edge: Edge) => number | undefined) =>
    inService.reduce((total, edge) => total + (of(edge) ?? 0), 0);
  const landed = air?.edges.filter((edge) => edge.landed).length ?? 0;
  const facts: [label: string, figure: string][] = [
    [say("sumEdges"), number(inService.length, language)],
    [say("sumLanded"), number(landed, language)],
    [say("sumSilent"), number(inService.filter(({ stale }) => stale).length, language)],
    [
      say("sumBoxes"),
      number(
        sum(({ report }) => report?.boxes),
        language,
      ),
    ],
    [
      say("sumWaiting"),
      number(
        sum(({ report }) => report?.outbox.waiting),
        language,
      ),
    ],
  ];
  return (
    <Panel>
      <dl class="facts">
        {facts.map(([label, figure]) => (
          <div key={label}>
            <dd class="figures">{figure}</dd>
            <dt>{label}</dt>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Region(props: {
  region: RegionEntry;
  edges: Edge[];
  air: AirReply | undefined;
  publications: readonly PublicationReply[];
  zones: string[];
  /** @param replaces the edge whose place the new one takes */
  onCode(code: string, replaces?: string): void;
  onEdit(): void;
}) {
  const { api, failed, may } = useApp();
  const say = useSay(edgesTexts);
  const { region, edges } = props;
  const [busy, setBusy] = useState(false);
  async function enrol(replaces?: string) {
    setBusy(true);
    try {
      props.onCode((await api.enrol(region.id)).code, replaces);
    } catch (error) {
      failed(error, () => enrol(replaces));
    } finally {
      setBusy(false);
    }
  }
  return (
    <Panel
      title={
        <>
          {region.name} <span class="quiet mono small">{region.id}</span>
        </>
      }
      side={
        <>
          <span class="quiet">
            {region.channels ? say("channels", { n: region.channels.length }) : say("allChannels")}
          </span>
          {may("operate") && (
            <>
              <Button small tone="quiet" onClick={props.onEdit} name={`edit-${region.id}`}>
                {say("editRegion")}
              </Button>
              <Button small busy={busy} onClick={() => enrol()} name={`enrol-${region.id}`}>
                {say("enrol")}
              </Button>
            </>
          )}
        </>
      }
    >
      {edges.length === 0 ? (
        <Empty title={say("none")}>{say("noneDo")}</Empty>
      ) : (
        <Table
          label={region.name}
          heads={[
            say("edge"),
            say("serves"),
            say("seen"),
            say("outbox"),
            say("boxes"),
            say("hours"),
            say("clock"),
            say("software"),
            say("zones"),
            "",
          ]}
        >
          {edges.map((edge) => (
            <EdgeRow
              key={edge.id}
              edge={edge}
              air={props.air}
              publications={props.publications}
              zones={props.zones}
              onReplace={() => enrol(edge.id)}
            />
          ))}
        </Table>
      )}
    </Panel>
  );
}
