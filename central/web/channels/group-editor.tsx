/** One channel group: its name and its channels, with what that does to the cues that are drafted. */
import type { ChannelGroup } from "../../../shared/schedule/channel-group.ts";
import { useApp, useResource, useSay, useSettled } from "../app/context.tsx";
import type { Stored } from "../app/stored.ts";
import { useEdited } from "../app/use-edited.ts";
import { Loaded } from "../parts/layout.tsx";
import { ChannelPicker } from "../placements/channel-picker.tsx";
import { drawnId } from "../platform/browser.ts";
import { EffectPanel } from "./effect.tsx";
import { EditorFrame } from "./frame.tsx";
import { Identity } from "./identity.tsx";
import { channelTexts } from "./texts.ts";

export function GroupEditor({ id }: { id: string }) {
  const { api } = useApp();
  const opened = useResource<Stored<ChannelGroup>>(`group ${id}`, async () => {
    if (id === "new") {
      return { value: { id: `group-${drawnId().slice(0, 4)}`, name: "", channels: [] }, tag: undefined };
    }
    const { body, tag } = await api.group(id);
    return { value: body, tag };
  });
  return (
    <Loaded of={opened} within="channels">
      {(value) => <EditorOf id={id} opened={value} />}
    </Loaded>
  );
}

function EditorOf({ id, opened }: { id: string; opened: Stored<ChannelGroup> }) {
  const { api, go, toast, may } = useApp();
  const say = useSay(channelTexts);
  const isNew = id === "new";
  const edited = useEdited<ChannelGroup>({
    key: `group ${id}`,
    opened,
    allowed: may("edit"),
    load: (own) => api.group(own).then(({ body, tag }) => ({ value: body, tag })),
    store: (value, tag) =>
      api.putGroup(value, tag).then(({ body, tag: next }) => ({ value: body, tag: next })),
    onSaved(value) {
      toast({
        tone: "good",
        text: say("saved"),
        action: { label: say("publish"), run: () => go("publish") },
      });
      if (isNew) go("channels", `group:${value.id}`);
    },
    keyOf: ({ id: own }) => `group ${own}`,
    taken: (own) => say("taken", { id: own }),
  });
  const { draft, put } = edited;
  const question = useSettled({ group: { ...draft, name: draft.name || draft.id } }, 0);
  return (
    <EditorFrame
      title={isNew ? say("newGroup") : opened.value.name}
      isNew={isNew}
      edited={edited}
      effect={<EffectPanel question={draft.id === "" ? undefined : question} />}
      onRemove={() => api.removeGroup(id)}
      onRestore={() => api.putGroup(edited.base, undefined)}
    >
      <Identity id={draft.id} name={draft.name} isNew={isNew} onChange={put} />
      <ChannelPicker
        title={say("members")}
        chosen={draft.channels}
        onChange={(channels) => put({ channels })}
      />
    </EditorFrame>
  );
}
