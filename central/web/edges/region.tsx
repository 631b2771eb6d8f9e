/** One region: its name and line-up, its edges, and how another comes in. */
import { useState } from "preact/hooks";
import type { RegionEntry } from "../../../shared/publication/entries.ts";
import type { PublicationReply } from "../../routes/publishing-schemas.ts";
import { useApp, useSay } from "../app/context.tsx";
import { Button } from "../parts/button.tsx";
import { Empty, Panel, Table } from "../parts/layout.tsx";
import type { Code } from "./code-dialog.tsx";
import { EdgeRow } from "./edge-row.tsx";
import type { FleetEdge } from "./fleet.ts";
import { edgesTexts } from "./texts.ts";

export function Region(props: {
  region: RegionEntry;
  edges: readonly FleetEdge[];
  publications: readonly PublicationReply[];
  nowMs: number;
  chosen: string | undefined;
  onCode(code: Code): void;
  onEdit(): void;
}) {
  const { api, failed, may } = useApp();
  const say = useSay(edgesTexts);
  const { region, edges } = props;
  const [busy, setBusy] = useState(false);
  async function enrol(replaces?: string) {
    setBusy(true);
    try {
      props.onCode({ region, code: (await api.enrol(region.id)).code, replaces });
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
          {edges.map((known) => (
            <EdgeRow
              key={known.edge.id}
              known={known}
              publications={props.publications}
              nowMs={props.nowMs}
              chosen={props.chosen === known.edge.id}
              onReplace={() => enrol(known.edge.id)}
            />
          ))}
        </Table>
      )}
    </Panel>
  );
}
