/** Edges by region: what each serves, how it is, how it comes in and how it is turned away. */
import { useState } from "preact/hooks";
import type { RegionEntry } from "../../../shared/publication/entries.ts";
import type { AirReply } from "../../routes/publishing.ts";
import type { EdgesReply } from "../../routes/watching.ts";
import { useApp, useNow, useResource, useSay } from "../app/context.tsx";
import { number, span } from "../app/format.ts";
import { mostCommon } from "../app/most-common.ts";
import { Button, SureButton } from "../parts/button.tsx";
import { CopyDialog } from "../parts/copy-dialog.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { Dot, Empty, Loaded, Panel, Pill, Table, View } from "../parts/layout.tsx";
import { TextField } from "../parts/text-field.tsx";
import { edgesTexts } from "./texts.ts";

type Edge = EdgesReply["edges"][number];
/** A clock further off than this stands out, ms; the way from edge to central is in it. */
const CLOCK_OFF_MS = 2_000;

export function Edges() {
  const { api, may } = useApp();
  const say = useSay(edgesTexts);
  const regions = useResource("regions", api.regions, ["drafts"]);
  const edges = useResource("edges", api.edges, ["edges", "air"]);
  const air = useResource("air", api.air, ["edges", "air"]);
  const [code, setCode] = useState<{ region: RegionEntry; code: string } | undefined>();
  const [making, setMaking] = useState(false);
  return (
    <View
      title={say("title")}
      about={say("about")}
      wide
      actions={
        may("operate") && (
          <Button icon="plus" onClick={() => setMaking(true)}>
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
                <div class="stack">
                  {all.map((region) => (
                    <Region
                      key={region.id}
                      region={region}
                      edges={known.filter((edge) => edge.region === region.id)}
                      air={air.value}
                      zones={known.flatMap(({ report, revokedAtMs }) =>
                        revokedAtMs === undefined && report?.timeZoneData ? [report.timeZoneData] : [],
                      )}
                      onCode={(made) => setCode({ region, code: made })}
                    />
                  ))}
                </div>
              )
            }
          </Loaded>
        )}
      </Loaded>
      {code && <CodeDialog {...code} onClose={() => setCode(undefined)} />}
      {making && <RegionDialog onClose={() => setMaking(false)} />}
    </View>
  );
}

function Region(props: {
  region: RegionEntry;
  edges: Edge[];
  air: AirReply | undefined;
  zones: string[];
  onCode(code: string): void;
}) {
  const { api, failed, may } = useApp();
  const say = useSay(edgesTexts);
  const { region, edges } = props;
  const [busy, setBusy] = useState(false);
  async function enrol() {
    setBusy(true);
    try {
      props.onCode((await api.enrol(region.id)).code);
    } catch (error) {
      failed(error, enrol);
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
            <Button small busy={busy} onClick={enrol} name={`enrol-${region.id}`}>
              {say("enrol")}
            </Button>
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
            say("clock"),
            say("software"),
            say("zones"),
            "",
          ]}
        >
          {edges.map((edge) => (
            <Row key={edge.id} edge={edge} air={props.air} zones={props.zones} />
          ))}
        </Table>
      )}
    </Panel>
  );
}

function Row({ edge, air, zones }: { edge: Edge; air: AirReply | undefined; zones: string[] }) {
  const { api, language, toast, failed, may } = useApp();
  const say = useSay(edgesTexts);
  const nowMs = useNow(5_000);
  const { report } = edge;
  const revoked = edge.revokedAtMs !== undefined;
  const landed = air?.edges.find(({ id }) => id === edge.id)?.landed ?? false;
  const offMs = report && edge.lastSeenMs !== undefined ? report.timeMs - edge.lastSeenMs : 0;
  const odd = report?.timeZoneData !== undefined && report.timeZoneData !== mostCommon(zones);
  const revoke = () =>
    api
      .revokeEdge(edge.id)
      .then(() => toast({ tone: "info", text: say("revoked", { id: edge.id }) }), failed);
  return (
    <tr class={revoked ? "faded" : ""}>
      <td>
        <Dot tone={revoked ? "plain" : edge.stale ? "bad" : landed ? "good" : "warn"} />{" "}
        <span class="strong">{edge.id}</span>
        {edge.url !== undefined && <span class="block quiet small mono">{edge.url}</span>}
        {report?.trouble !== undefined && <span class="block bad-text small">{report.trouble}</span>}
      </td>
      <td class="figures">
        {report?.serves ? `${report.serves.epoch}/${report.serves.revision}` : say("nothing")}{" "}
        {revoked ? (
          <Pill>{say("revokedAt")}</Pill>
        ) : (
          <Pill tone={landed ? "good" : "warn"}>{say(landed ? "ok" : "behind")}</Pill>
        )}
      </td>
      <td class="figures">
        {edge.lastSeenMs === undefined
          ? say("never")
          : nowMs - edge.lastSeenMs < 45_000
            ? say("now")
            : say("ago", { n: span(nowMs - edge.lastSeenMs, language) })}
        {edge.stale && !revoked && (
          <>
            {" "}
            <Pill tone="bad">{say("stale")}</Pill>
          </>
        )}
      </td>
      <td class="figures">
        {number(report?.outbox.waiting ?? 0, language)}
        {report?.outbox.oldestAtMs !== undefined && (
          <span class="block quiet small">
            {say("oldest", { n: span(nowMs - report.outbox.oldestAtMs, language) })}
          </span>
        )}
      </td>
      <td class="figures">
        {Math.abs(offMs) > CLOCK_OFF_MS ? (
          <Pill tone="bad">{say("off", { n: span(offMs, language) })}</Pill>
        ) : (
          <span class="quiet">{report ? say("good") : "–"}</span>
        )}
      </td>
      <td class="quiet small">{report?.software ?? "–"}</td>
      <td class="quiet small" title={odd ? say("differs") : undefined}>
        {report?.timeZoneData ?? "–"} {odd && <Pill tone="warn">!</Pill>}
      </td>
      <td class="right">
        {!revoked && may("operate") && (
          <SureButton small words={say("revoke")} sure={say("sure")} onClick={revoke} />
        )}
      </td>
    </tr>
  );
}

function CodeDialog({ region, code, onClose }: { region: RegionEntry; code: string; onClose(): void }) {
  const say = useSay(edgesTexts);
  return (
    <CopyDialog
      title={say("enrolTitle", { region: region.name })}
      about={say("enrolAbout")}
      text={`npx cuecast edge --central ${location.origin} --enrol ${code}`}
      name="enrol-command"
      onClose={onClose}
    />
  );
}

function RegionDialog({ onClose }: { onClose(): void }) {
  const { api } = useApp();
  const say = useSay(edgesTexts);
  const [id, setId] = useState("");
  const [name, setName] = useState("");
  return (
    <FormDialog
      title={say("newRegion")}
      save={say("save")}
      onClose={onClose}
      onSave={() => api.putRegion(id, { id, name, edges: [] }).then(onClose)}
    >
      <TextField label={say("regionId")} isId maxLength={100} value={id} onInput={setId} />
      <TextField label={say("regionName")} maxLength={200} value={name} onInput={setName} />
    </FormDialog>
  );
}
