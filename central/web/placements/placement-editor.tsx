/** The editor of one placement, with its next firings as one types. */
import { useRef, useState } from "preact/hooks";
import type { WrongPlace } from "../../../shared/errors.ts";
import type { PlacementAiredReply } from "../../routes/placements.ts";
import { useApp, useDraft, useResource, useSay } from "../app/context.tsx";
import { useNewestLabels } from "../app/labels.ts";
import { MergeDialog } from "../app/merge-dialog.tsx";
import { GoneBanner, NewerBanner } from "../app/newer-banner.tsx";
import { wrongPlaces } from "../app/problem-words.ts";
import { formatPlace } from "../app/router.ts";
import { useSaveKey } from "../app/save-key.ts";
import { isGone, useNewer } from "../app/use-newer.ts";
import { useWithdraw } from "../app/withdraw.ts";
import { Button, SureButton } from "../parts/button.tsx";
import { ErrorBanner } from "../parts/error-banner.tsx";
import { Field, Loaded, Panel, Pill, View } from "../parts/layout.tsx";
import { LookOnly } from "../parts/look-only.tsx";
import { drawnId } from "../platform/browser.ts";
import { Refused } from "../platform/http.ts";
import { ChannelPicker } from "./channel-picker.tsx";
import { Details } from "./details.tsx";
import { Firings } from "./firings.tsx";
import { GroupPicker } from "./group-picker.tsx";
import { RegionPicker } from "./region-picker.tsx";
import { blankPlacement, type Draft } from "./rule-words.ts";
import { placementTexts } from "./texts.ts";
import { WhenPanel } from "./when-panel.tsx";

/** `id` stands beside the placement while it is new. */
interface Opened {
  id: string;
  placement: Draft;
  tag: string | undefined;
  state: "active" | "withdrawn";
}

export function PlacementEditor({ id, query }: { id: string; query: Record<string, string> }) {
  const { api, now } = useApp();
  const opened = useResource<Opened>(`placement ${id} ${query.interaction ?? ""}`, async () => {
    if (id !== "new") {
      const { body, tag } = await api.placement(id);
      const { id: own, ...placement } = body.placement;
      return { id: own, placement, tag, state: body.state };
    }
    const { interactions } = await api.interactions();
    // None is chosen for the editor: the first of the alphabet would go on air by oversight.
    const chosen = interactions.find(({ interaction }) => interaction.id === query.interaction);
    const placement = blankPlacement(
      chosen?.interaction.id ?? "",
      chosen?.interaction.version ?? 1,
      Number(query.atMs ?? now()),
    );
    if (query.channel !== undefined) placement.channels = [query.channel];
    if (query.title !== undefined) {
      placement.when = {
        kind: "programme",
        match: query.series === undefined ? { title: query.title } : { series: query.series },
        at: { from: "start", offsetMs: Number(query.offsetMs ?? 0) },
      };
    }
    return { id: `pl-${drawnId().slice(0, 5)}`, placement, tag: undefined, state: "active" };
  });
  return (
    <Loaded of={opened} within="placements">
      {(value) => <EditorOf id={id} opened={value} reload={opened.reload} />}
    </Loaded>
  );
}

function EditorOf({ id, opened, reload }: { id: string; opened: Opened; reload(): void }) {
  const { api, toast, failed, go, may, language } = useApp();
  const say = useSay(placementTexts);
  const labelOf = useNewestLabels();
  const isNew = id === "new";
  const [base, setBase] = useState(opened);
  const { draft, touched, set, forget, stored } = useDraft(isNew ? "placement new" : `placement ${id}`, {
    id: base.id,
    placement: base.placement,
  });
  const { placement } = draft;
  const put = (more: Partial<Draft>) => set({ ...draft, placement: { ...placement, ...more } });
  const interactions = useResource("interactions-all", () => api.interactions(), ["drafts"]);
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<WrongPlace[]>([]);
  const [theirs, setTheirs] = useState<Opened | undefined>();
  const [withdraw, withdrawing] = useWithdraw();
  const air = useResource<PlacementAiredReply>(
    `placement-air ${id}`,
    () => (isNew ? Promise.resolve({}) : api.placementAired(id)),
    ["air"],
  );
  // Until it is known an editor in a hurry finds the button.
  const onAir = air.value ? air.value.placement !== undefined : !isNew;
  const chosen = interactions.value?.interactions.find(
    ({ interaction }) => interaction.id === placement.interaction,
  );

  async function load(): Promise<Opened> {
    const { body, tag } = await api.placement(draft.id);
    const { id: own, ...rest } = body.placement;
    return { id: own, placement: rest, tag, state: body.state };
  }

  async function save(next: Draft, tag: string | undefined) {
    setBusy(true);
    setErrors([]);
    try {
      const { body, tag: nextTag } = await api.putPlacement(draft.id, next, tag);
      const { id: own, ...rest } = body;
      stored({ id: draft.id, placement: next }, isNew ? `placement ${own}` : undefined);
      setTheirs(undefined);
      setBase({ id: own, placement: rest, tag: nextTag, state: "active" });
      toast({
        tone: "good",
        text: say("saved"),
        action: { label: say("publish"), run: () => go("publish") },
      });
      if (isNew) go("placements", own);
      else reload();
    } catch (error) {
      if (error instanceof Refused && error.code === "exists-already") {
        setErrors([{ path: "id", message: say("taken", { id: draft.id }) }]);
      } else if (error instanceof Refused && error.status === 412) {
        // One that is gone is told by `gone`.
        await load().then(setTheirs, (why) => {
          if (!isGone(why)) failed(why);
        });
      } else if (error instanceof Refused && error.status === 400) {
        setErrors(wrongPlaces(error));
      } else failed(error, () => latest.current());
    } finally {
      setBusy(false);
    }
  }
  const { newer, gone } = useNewer(`placement ${id}`, base, busy || withdrawing, load);
  const saveNow = () => {
    if (may("edit")) save(placement, gone ? undefined : base.tag);
  };
  // Trying again saves what stands there then.
  const latest = useRef(saveNow);
  latest.current = saveNow;
  useSaveKey(saveNow);

  async function remove() {
    try {
      await api.removePlacement(id);
      forget();
      go("placements");
      toast({
        tone: "info",
        text: say("removed", { id }),
        action: {
          label: say("undo"),
          run: () => {
            api.putPlacement(id, base.placement, undefined).then(() => go("placements", id), failed);
          },
        },
      });
    } catch (error) {
      failed(error, remove);
    }
  }

  return (
    <View
      title={isNew ? say("new") : id}
      actions={
        <>
          {touched && <Pill tone="warn">{say("unsaved")}</Pill>}
          {base.state === "withdrawn" && <Pill>{say("withdrawn")}</Pill>}
          {touched && <Button onClick={forget}>{say("discard")}</Button>}
          {!isNew && (
            <a class="button plain" href={formatPlace("explain", undefined, { placement: id })}>
              {say("whyNot")}
            </a>
          )}
          {onAir && may("withdraw") && base.state !== "withdrawn" && (
            <SureButton
              words={say("withdraw")}
              sure={say("withdrawSure")}
              busy={withdrawing}
              name="withdraw"
              onClick={() => withdraw({ placement: id }).then(reload)}
            />
          )}
          {(onAir || base.state === "withdrawn") && may("edit") && (
            <Button
              hint={say("againHint")}
              onClick={() => put({ generation: placement.generation + 1, except: [] })}
            >
              {say("again")}
            </Button>
          )}
          {!isNew && may("edit") && (
            <SureButton words={say("remove")} sure={say("removeSure")} onClick={remove} />
          )}
          {may("edit") ? (
            <Button tone="main" busy={busy} onClick={saveNow} name="save">
              {say("save")}
            </Button>
          ) : (
            <LookOnly />
          )}
        </>
      }
    >
      <p class="crumbs">
        <a href={formatPlace("placements")}>← {say("back")}</a>
      </p>
      <ErrorBanner title={say("wrong")} errors={errors} />
      {gone && (
        <GoneBanner
          touched={touched}
          saveAgain={saveNow}
          letGo={() => {
            forget();
            go("placements");
          }}
        />
      )}
      {newer && !theirs && (
        <NewerBanner touched={touched} catchUp={() => (touched ? setTheirs(newer) : setBase(newer))} />
      )}
      <div class="split editor">
        <div class="stack">
          <Panel title={say("what")}>
            <div class="grid">
              <Field label={say("interaction")}>
                {(field) => (
                  <select
                    {...field}
                    data-name="interaction"
                    value={placement.interaction}
                    onChange={(event) => {
                      const interaction = event.currentTarget.value;
                      const found = interactions.value?.interactions.find(
                        (each) => each.interaction.id === interaction,
                      );
                      put({ interaction, version: found?.interaction.version ?? 1 });
                    }}
                  >
                    {!chosen && (
                      <option value={placement.interaction}>
                        {placement.interaction === "" ? say("chooseOne") : placement.interaction}
                      </option>
                    )}
                    {(interactions.value?.interactions ?? []).map(({ interaction }) => (
                      <option key={interaction.id} value={interaction.id}>
                        {labelOf(interaction.id).title} ({interaction.id})
                      </option>
                    ))}
                  </select>
                )}
              </Field>
              <Field label={say("version")}>
                {(field) => (
                  <select
                    {...field}
                    value={placement.version}
                    onChange={(event) => put({ version: Number(event.currentTarget.value) })}
                  >
                    {Array.from(
                      { length: Math.max(placement.version, chosen?.interaction.version ?? 1) },
                      (_, index) => index + 1,
                    )
                      .reverse()
                      .map((n) => (
                        <option key={n} value={n}>
                          {say("versionN", { n })}
                        </option>
                      ))}
                  </select>
                )}
              </Field>
              <Field label={say("id")} hint={say("idHint")}>
                {(field) => (
                  <input
                    {...field}
                    type="text"
                    class="mono"
                    disabled={!isNew}
                    maxLength={40}
                    data-name="id"
                    value={draft.id}
                    onInput={(event) => set({ ...draft, id: event.currentTarget.value.trim() })}
                  />
                )}
              </Field>
            </div>
          </Panel>
          <WhenPanel when={placement.when} channels={placement.channels} onChange={(when) => put({ when })} />
          <Panel title={say("where_")}>
            <Field label={say("groups")}>
              {() => (
                <GroupPicker
                  chosen={placement.groups ?? []}
                  onChange={(groups) => put({ groups: groups.length > 0 ? groups : undefined })}
                />
              )}
            </Field>
            <RegionPicker chosen={placement.regions} onChange={(regions) => put({ regions })} />
          </Panel>
          <ChannelPicker chosen={placement.channels} onChange={(channels) => put({ channels })} />
          <Details placement={placement} onChange={put} />
        </div>
        <div class="stack sticky">
          <Firings id={isNew ? undefined : id} placement={placement} language={language} />
        </div>
      </div>
      {theirs && (
        <MergeDialog
          base={base.placement}
          mine={placement}
          theirs={theirs.placement}
          onClose={() => setTheirs(undefined)}
          onMerged={(merged) => {
            setBase(theirs);
            set({ ...draft, placement: merged });
            save(merged, theirs.tag);
          }}
        />
      )}
    </View>
  );
}
