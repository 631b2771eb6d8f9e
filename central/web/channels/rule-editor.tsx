/** One channel rule: where it holds, gap, most per hour, blackouts, with the cues that it keeps away. */
import { useState } from "preact/hooks";
import type { ChannelRule } from "../../../shared/schedule/channel-rule.ts";
import { useApp, useResource, useSay } from "../app/context.tsx";
import { formatOffset, parseOffset } from "../app/format.ts";
import type { Stored } from "../app/stored.ts";
import { useEdited } from "../app/use-edited.ts";
import { Field, Loaded, Panel } from "../parts/layout.tsx";
import { ChannelPicker } from "../placements/channel-picker.tsx";
import { GroupPicker } from "../placements/group-picker.tsx";
import { drawnId } from "../platform/browser.ts";
import { Blackouts } from "./blackouts.tsx";
import { EffectPanel } from "./effect.tsx";
import { EditorFrame } from "./frame.tsx";
import { Identity } from "./identity.tsx";
import { channelTexts } from "./texts.ts";

export function RuleEditor({ id }: { id: string }) {
  const { api } = useApp();
  const opened = useResource<Stored<ChannelRule>>(`rule ${id}`, async () => {
    if (id === "new") return { value: { id: `rule-${drawnId().slice(0, 4)}` }, tag: undefined };
    const { body, tag } = await api.rule(id);
    return { value: body, tag };
  });
  return (
    <Loaded of={opened} within="channels">
      {(value) => <EditorOf id={id} opened={value} />}
    </Loaded>
  );
}

/** A field that says nothing is left out. */
function tidy({ name, gapMs, perHourMost, blackouts, ...rest }: ChannelRule): ChannelRule {
  return {
    ...rest,
    ...(name !== undefined && name !== "" && { name }),
    ...(gapMs !== undefined && { gapMs }),
    ...(perHourMost !== undefined && { perHourMost }),
    ...(blackouts !== undefined && blackouts.length > 0 && { blackouts }),
  };
}

function EditorOf({ id, opened }: { id: string; opened: Stored<ChannelRule> }) {
  const { api, go, toast, may } = useApp();
  const say = useSay(channelTexts);
  const isNew = id === "new";
  const edited = useEdited<ChannelRule>({
    key: `rule ${id}`,
    opened,
    allowed: may("edit"),
    load: (own) => api.rule(own).then(({ body, tag }) => ({ value: body, tag })),
    store: (value, tag) =>
      api.putRule(tidy(value), tag).then(({ body, tag: next }) => ({ value: body, tag: next })),
    onSaved(value) {
      toast({
        tone: "good",
        text: say("saved"),
        action: { label: say("publish"), run: () => go("publish") },
      });
      if (isNew) go("channels", `rule:${value.id}`);
    },
    keyOf: ({ id: own }) => `rule ${own}`,
    taken: (own) => say("taken", { id: own }),
  });
  const { draft, put } = edited;
  const [typed, setTyped] = useState<string | undefined>();
  const badGap = typed !== undefined && typed !== "" && !((parseOffset(typed) ?? 0) > 0);
  const everywhere = draft.channels === undefined && draft.groups === undefined;
  const limits = draft.gapMs ?? draft.perHourMost ?? draft.blackouts?.length;
  return (
    <EditorFrame
      title={isNew ? say("newRule") : (opened.value.name ?? id)}
      isNew={isNew}
      edited={edited}
      effect={<EffectPanel question={limits && draft.id !== "" ? { rule: tidy(draft) } : undefined} />}
      onRemove={() => api.removeRule(id)}
      onRestore={() => api.putRule(edited.base, undefined)}
    >
      <Identity id={draft.id} name={draft.name ?? ""} isNew={isNew} onChange={put} />
      <Panel title={say("limits")}>
        <div class="grid">
          <Field label={say("gap")} hint={say("gapHint")} error={badGap ? say("badGap") : undefined}>
            {(field) => (
              <input
                {...field}
                type="text"
                class="figures"
                data-name="gap"
                value={typed ?? (draft.gapMs === undefined ? "" : formatOffset(draft.gapMs))}
                onInput={(event) => {
                  const text = event.currentTarget.value;
                  setTyped(text);
                  const ms = parseOffset(text);
                  if (text.trim() === "") put({ gapMs: undefined });
                  else if (ms !== undefined && ms > 0) put({ gapMs: ms });
                }}
                onBlur={() => setTyped(undefined)}
              />
            )}
          </Field>
          <Field label={say("perHour")} hint={say("perHourHint")}>
            {(field) => (
              <input
                {...field}
                type="number"
                min={1}
                max={3600}
                data-name="per-hour"
                value={draft.perHourMost ?? ""}
                onInput={(event) => {
                  const value = event.currentTarget.valueAsNumber;
                  put({ perHourMost: Number.isFinite(value) && value >= 1 ? Math.round(value) : undefined });
                }}
              />
            )}
          </Field>
        </div>
        <Blackouts
          blackouts={draft.blackouts ?? []}
          onChange={(blackouts) => put({ blackouts: blackouts.length > 0 ? blackouts : undefined })}
        />
      </Panel>
      <Panel
        title={say("where")}
        side={
          <div class="tabs flat" role="group" aria-label={say("where")}>
            {([true, false] as const).map((all) => (
              <button
                type="button"
                key={String(all)}
                aria-pressed={everywhere === all}
                data-name={all ? "everywhere" : "some-channels"}
                onClick={() =>
                  put(all ? { channels: undefined, groups: undefined } : { channels: draft.channels ?? [] })
                }
              >
                {say(all ? "everywhere" : "someChannels")}
              </button>
            ))}
          </div>
        }
      >
        {everywhere ? (
          <p class="quiet">{say("everyChannel")}</p>
        ) : (
          <GroupPicker
            chosen={draft.groups ?? []}
            onChange={(groups) =>
              put({ groups: groups.length > 0 ? groups : undefined, channels: draft.channels ?? [] })
            }
          />
        )}
      </Panel>
      {!everywhere && (
        <ChannelPicker chosen={draft.channels ?? []} onChange={(channels) => put({ channels })} />
      )}
    </EditorFrame>
  );
}
