/** Channels: their groups, what is allowed on them, and which of both each has. */
import { useMemo, useState } from "preact/hooks";
import type { Channel } from "../../../shared/guide/channel.ts";
import type { ChannelGroup } from "../../../shared/schedule/channel-group.ts";
import { type ChannelRule, rulesOn } from "../../../shared/schedule/channel-rule.ts";
import type { Placement } from "../../../shared/schedule/placement.ts";
import type { ChannelsReply } from "../../routes/channels.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { countdown } from "../app/format.ts";
import { formatPlace } from "../app/router.ts";
import { useRemoval } from "../app/use-removal.ts";
import { Button, SureButton } from "../parts/button.tsx";
import { Empty, Loaded, Panel, Pill, Table, View } from "../parts/layout.tsx";
import { GroupEditor } from "./group-editor.tsx";
import { RuleEditor } from "./rule-editor.tsx";
import { channelTexts } from "./texts.ts";

const SHOWN_MAX = 150;

export function Channels({ id }: { id: string | undefined }) {
  const kind = id?.slice(0, id.indexOf(":"));
  const own = id?.slice(id.indexOf(":") + 1) ?? "";
  if (kind === "group") return <GroupEditor key={id} id={own} />;
  if (kind === "rule") return <RuleEditor key={id} id={own} />;
  return <Overview />;
}

function Overview() {
  const { api, may, go } = useApp();
  const say = useSay(channelTexts);
  const channels = useResource("channels", api.channels, ["guide", "drafts"]);
  const groups = useResource("groups", api.groups, ["drafts"]);
  const rules = useResource("rules", api.rules, ["drafts"]);
  const placements = useResource("placements", api.placements, ["drafts"]);
  const placed = (placements.value?.placements ?? []).map(({ placement }) => placement);
  return (
    <View
      title={say("title")}
      about={say("about")}
      actions={
        may("edit") && (
          <>
            <Button icon="plus" onClick={() => go("channels", "group:new")} name="new-group">
              {say("newGroup")}
            </Button>
            <Button icon="plus" onClick={() => go("channels", "rule:new")} name="new-rule">
              {say("newRule")}
            </Button>
          </>
        )
      }
    >
      <Loaded of={groups}>
        {({ groups: known }) => (
          <Loaded of={rules}>
            {({ rules: ruled }) => (
              <>
                <div class="split even">
                  <Groups groups={known} rules={ruled} placed={placed} />
                  <Rules rules={ruled} />
                </div>
                <Loaded of={channels}>
                  {({ channels: all }) => <All all={all} groups={known} rules={ruled} />}
                </Loaded>
              </>
            )}
          </Loaded>
        )}
      </Loaded>
    </View>
  );
}

function Groups(props: { groups: ChannelGroup[]; rules: ChannelRule[]; placed: Placement[] }) {
  const say = useSay(channelTexts);
  const { groups, rules, placed } = props;
  const names = (id: string) => (each: { groups?: string[] | undefined }) => each.groups?.includes(id);
  return (
    <Panel title={say("groups")}>
      {groups.length === 0 ? (
        <Empty title={say("noGroups")}>{say("noGroupsDo")}</Empty>
      ) : (
        <Table label={say("groups")} heads={[say("group"), say("channels"), say("usedBy")]}>
          {groups.map(({ id, name, channels }) => {
            const [many, ruled] = [placed.filter(names(id)).length, rules.filter(names(id)).length];
            return (
              <tr key={id}>
                <td>
                  <a class="strong" href={formatPlace("channels", `group:${id}`)}>
                    {name}
                  </a>{" "}
                  <span class="quiet small mono">{id}</span>
                </td>
                <td class="figures">{channels.length}</td>
                <td class="quiet">
                  {many + ruled === 0
                    ? say("nobody")
                    : [
                        ...(many > 0 ? [say("placementsN", { n: many })] : []),
                        ...(ruled > 0 ? [say("rulesN", { n: ruled })] : []),
                      ].join(" · ")}
                </td>
              </tr>
            );
          })}
        </Table>
      )}
    </Panel>
  );
}

function Rules({ rules }: { rules: ChannelRule[] }) {
  const say = useSay(channelTexts);
  return (
    <Panel title={say("rules")}>
      {rules.length === 0 ? (
        <Empty title={say("noRules")}>{say("noRulesDo")}</Empty>
      ) : (
        <Table
          label={say("rules")}
          heads={[say("rule"), say("holdsOn"), say("gap"), say("perHour"), say("blackouts")]}
        >
          {rules.map(({ id, name, channels, groups, gapMs, perHourMost, blackouts }) => (
            <tr key={id}>
              <td>
                <a class="strong" href={formatPlace("channels", `rule:${id}`)}>
                  {name ?? id}
                </a>{" "}
                {name !== undefined && <span class="quiet small mono">{id}</span>}
              </td>
              <td class="quiet">
                {channels === undefined && groups === undefined
                  ? say("everyChannel")
                  : [
                      ...(groups ?? []),
                      ...(channels && channels.length > 0 ? [say("nChannels", { n: channels.length })] : []),
                    ].join(", ")}
              </td>
              <td class="figures">{gapMs === undefined ? "–" : countdown(gapMs)}</td>
              <td class="figures">{perHourMost ?? "–"}</td>
              <td class="figures">{blackouts?.length ?? 0}</td>
            </tr>
          ))}
        </Table>
      )}
    </Panel>
  );
}

function All(props: { all: ChannelsReply["channels"]; groups: ChannelGroup[]; rules: ChannelRule[] }) {
  const { api, may } = useApp();
  const say = useSay(channelTexts);
  const { all, groups, rules } = props;
  const [remove, removing] = useRemoval<Channel>({
    ...{ read: api.channel, remove: api.removeChannel, put: api.putChannel },
  });
  const [filter, setFilter] = useState("");
  const wanted = filter.toLowerCase();
  const found = all.filter(({ id, number, name }) =>
    `${number} ${name} ${id}`.toLowerCase().includes(wanted),
  );
  const byId = useMemo(() => new Map(groups.map((group) => [group.id, group])), [groups]);
  return (
    <Panel
      title={say("channels")}
      side={
        <>
          <span class="quiet figures">{all.length}</span>
          <input
            type="search"
            class="small"
            aria-label={say("filter")}
            placeholder={say("filter")}
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        </>
      }
    >
      {all.length === 0 ? (
        <Empty title={say("noChannels")}>{say("noChannelsDo")}</Empty>
      ) : (
        <Table
          label={say("channels")}
          heads={["", say("channel"), say("id"), say("groups"), say("rules"), ...(may("guide") ? [""] : [])]}
          tall
        >
          {found.slice(0, SHOWN_MAX).map(({ id, number, name }) => (
            <tr key={id}>
              <td class="figures quiet right">{number}</td>
              <td class="strong">{name}</td>
              <td class="quiet mono">{id}</td>
              <td>
                <span class="pills">
                  {groups
                    .filter(({ channels }) => channels.includes(id))
                    .map((group) => (
                      <a key={group.id} href={formatPlace("channels", `group:${group.id}`)}>
                        <Pill tone="info">{group.name}</Pill>
                      </a>
                    ))}
                </span>
              </td>
              <td>
                <span class="pills">
                  {rulesOn(id, rules, byId).map((rule) => (
                    <a key={rule.id} href={formatPlace("channels", `rule:${rule.id}`)}>
                      <Pill>{rule.name ?? rule.id}</Pill>
                    </a>
                  ))}
                </span>
              </td>
              {may("guide") && (
                <td class="right">
                  <SureButton
                    small
                    tone="quiet"
                    label={`${say("remove")} ${name}`}
                    busy={removing === id}
                    words={say("remove")}
                    sure={say("removeSure")}
                    onClick={() => remove(id)}
                    name={`remove-${id}`}
                  />
                </td>
              )}
            </tr>
          ))}
        </Table>
      )}
      {found.length > SHOWN_MAX && <p class="quiet foot">{say("more", { n: found.length - SHOWN_MAX })}</p>}
    </Panel>
  );
}
