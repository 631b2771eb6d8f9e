/** The editor of one interaction: loads, keeps what is typed, saves a version, asks when somebody else did. */
import { useRef, useState } from "preact/hooks";
import type { WrongPlace } from "../../../shared/errors.ts";
import type { ArchivedReply } from "../../routes/interaction-archive.ts";
import { useApp, useDraft, useResource, useSay } from "../app/context.tsx";
import { fullDate } from "../app/format.ts";
import { MergeDialog } from "../app/merge-dialog.tsx";
import { NewerBanner } from "../app/newer-banner.tsx";
import { wrongPlaces } from "../app/problem-words.ts";
import { formatPlace } from "../app/router.ts";
import { useSaveKey } from "../app/save-key.ts";
import { useNewer } from "../app/use-newer.ts";
import { Button } from "../parts/button.tsx";
import { ErrorBanner } from "../parts/error-banner.tsx";
import { Loaded, Panel, Pill, View } from "../parts/layout.tsx";
import { LookOnly } from "../parts/look-only.tsx";
import { drawnId } from "../platform/browser.ts";
import { Refused } from "../platform/http.ts";
import { useArchiving } from "./archive.ts";
import { blankForm, type Form, tidyForm } from "./blank.ts";
import { Fields } from "./fields.tsx";
import { Preview } from "./preview.tsx";
import { TagsPanel } from "./tags.tsx";
import { interactionTexts } from "./texts.ts";
import { TextsPanel } from "./texts-panel.tsx";

interface Opened {
  form: Form;
  tag: string | undefined;
  versions: number[];
  /** In the library; not of a version. */
  tags: string[];
  archived?: ArchivedReply["archived"] | undefined;
}

export function Editor({ id, from }: { id: string; from: string | undefined }) {
  const { api, language } = useApp();
  const isNew = id === "new";
  const [version, setVersion] = useState<number | undefined>();
  const opened = useResource<Opened>(`interaction ${id} ${from} ${version}`, async () => {
    if (!isNew || from !== undefined) {
      const { body, tag } = await api.interaction(isNew ? (from as string) : id);
      const { versions, tags, archived } = body;
      const shown = version === undefined ? body : (await api.interaction(id, version)).body;
      const { interaction, correct } = shown;
      const form = { interaction, ...(correct && { correct }) } as Form;
      if (!isNew) return { form, tag, versions, tags, archived };
      const { version: _, ...rest } = form.interaction;
      return {
        form: { ...form, interaction: { ...rest, id: `${from}-copy` } },
        tag: undefined,
        versions: [],
        tags,
      };
    }
    const languages = language === "zh" ? ["zh-CN", "en"] : ["en", "zh-CN"];
    return {
      form: blankForm(`int-${drawnId().slice(0, 5)}`, "poll", languages),
      tag: undefined,
      versions: [],
      tags: [],
    };
  });
  return (
    <Loaded of={opened} within="interactions">
      {(value) => (
        <EditorOf
          key={`${id} ${version}`}
          id={id}
          opened={value}
          version={version}
          setVersion={setVersion}
          reload={opened.reload}
        />
      )}
    </Loaded>
  );
}

function EditorOf(props: {
  id: string;
  opened: Opened;
  version: number | undefined;
  setVersion(version: number | undefined): void;
  reload(): void;
}) {
  const app = useApp();
  const { api, toast, failed, go, may, language } = app;
  const say = useSay(interactionTexts);
  const isNew = props.id === "new";
  // What was loaded when editing began: later loads must not move it under the editor's hands.
  const [base, setBase] = useState(props.opened);
  const { draft, touched, set, forget, stored } = useDraft(
    isNew ? "interaction new" : `interaction ${props.id} ${props.version ?? ""}`,
    base.form,
  );
  const [shown, setShown] = useState(base.form.interaction.defaultLanguage);
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<WrongPlace[]>([]);
  const [theirs, setTheirs] = useState<Opened | undefined>();
  const placed = useResource("placements", api.placements, ["drafts"]);
  const { interaction } = draft;
  const newest = props.opened.versions.at(-1);
  const uses = (placed.value?.placements ?? []).filter(
    ({ placement }) => !isNew && placement.interaction === props.id,
  );

  async function load(): Promise<Opened> {
    const { body, tag } = await api.interaction(props.id);
    const { versions, tags, archived, ...entry } = body;
    return { form: entry as Form, tag, versions, tags, archived };
  }
  const { newer } = useNewer(`interaction ${props.id}`, base, busy, load);
  function catchUp(there: Opened) {
    if (touched || props.version !== undefined) setTheirs(there);
    else {
      setBase(there);
      props.reload();
    }
  }

  /** Back to what the version before said, as the next one. */
  async function undo(before: Form, tag: string | undefined) {
    try {
      const { body, tag: nextTag } = await api.saveInteraction(tidyForm(before) as never, tag);
      const { created: _, ...entry } = body;
      setBase((now) => ({ ...now, form: entry as Form, tag: nextTag }));
      forget();
      toast({ tone: "good", text: say("undone", { n: body.interaction.version }) });
      props.reload();
    } catch (error) {
      failed(error);
    }
  }

  async function save(form: Form, tag: string | undefined) {
    setBusy(true);
    setErrors([]);
    try {
      const { body, tag: nextTag } = await api.saveInteraction(tidyForm(form) as never, tag);
      stored(form, isNew ? `interaction ${body.interaction.id} ` : undefined);
      setTheirs(undefined);
      const n = body.interaction.version;
      const untitled = Object.entries(body.interaction.texts).filter(([, { title }]) => !title);
      const before = base.form;
      toast({
        tone: "good",
        text: say(body.created ? "saved" : "same", { n }),
        ...(untitled.length > 0 && {
          lines: [say("untitled", { languages: untitled.map(([tag]) => tag).join(", ") })],
        }),
        ...(body.created &&
          !isNew && { action: { label: say("undo"), run: () => void undo(before, nextTag) } }),
      });
      const { created: _, ...entry } = body;
      setBase({ ...base, form: entry as Form, tag: nextTag, versions: [...base.versions, n] });
      // A clone keeps the tags of what it was made from.
      if (isNew && base.tags.length > 0) {
        await api.changeTags(body.interaction.id, { add: base.tags }).catch(failed);
      }
      if (isNew) go("interactions", body.interaction.id);
      else {
        props.setVersion(undefined);
        props.reload();
      }
    } catch (error) {
      if (error instanceof Refused && error.code === "exists-already") {
        setErrors([{ path: "id", message: say("taken", { id: form.interaction.id }) }]);
      } else if (error instanceof Refused && error.status === 412) {
        setTheirs(await load());
      } else if (error instanceof Refused && error.status === 400) {
        setErrors(wrongPlaces(error));
      } else failed(error, () => latest.current());
    } finally {
      setBusy(false);
    }
  }
  const { archived } = props.opened;
  const mayEdit = may("edit") && !archived;
  const saveNow = () => {
    if (mayEdit) save(draft, base.tag);
  };
  const { archive, bringBack } = useArchiving();
  const title = interaction.texts[shown]?.title ?? props.id;
  // Trying again saves what stands there then.
  const latest = useRef(saveNow);
  latest.current = saveNow;
  useSaveKey(saveNow);

  async function useEverywhere(n: number) {
    try {
      for (const { placement } of uses) {
        const { body, tag } = await api.placement(placement.id);
        const { id: _, ...rest } = body.placement;
        if (rest.version !== n) await api.putPlacement(placement.id, { ...rest, version: n }, tag);
      }
      toast({ tone: "good", text: say("updated", { count: uses.length, n }) });
    } catch (error) {
      failed(error, () => useEverywhere(n));
    }
  }
  const behind = uses.filter(({ placement }) => newest !== undefined && placement.version !== newest);

  return (
    <View
      title={isNew ? say("new") : title}
      actions={
        <>
          {touched && <Pill tone="warn">{say("unsaved")}</Pill>}
          {!isNew && (
            <select
              aria-label={say("version")}
              value={props.version ?? newest ?? ""}
              onChange={(event) => {
                const n = Number(event.currentTarget.value);
                props.setVersion(n === newest ? undefined : n);
              }}
            >
              {[...props.opened.versions].reverse().map((n) => (
                <option key={n} value={n}>
                  {say("versionN", { n })} {n === newest ? `(${say("newest")})` : ""}
                </option>
              ))}
            </select>
          )}
          {touched && <Button onClick={forget}>{say("discard")}</Button>}
          {!isNew && may("edit") && (
            <>
              <Button icon="copy" onClick={() => go("interactions", "new", { from: props.id })}>
                {say("clone")}
              </Button>
              {!archived && (
                <>
                  <Button
                    icon="archive"
                    name="archive"
                    onClick={() => archive(props.id, title).then((done) => done && props.reload())}
                  >
                    {say("archive")}
                  </Button>
                  <Button onClick={() => go("placements", "new", { interaction: props.id })} name="place">
                    {say("place")}
                  </Button>
                </>
              )}
            </>
          )}
          {archived ? (
            <Pill>{say("inArchive")}</Pill>
          ) : may("edit") ? (
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
        <a href={formatPlace("interactions")}>← {say("back")}</a>
      </p>
      {archived && (
        <div class="banner info ends" data-name="archived">
          <span>{say("archivedAt", { by: archived.by, when: fullDate(archived.atMs, language) })}</span>
          {may("edit") && (
            <Button
              small
              name="bring-back"
              onClick={() => bringBack(props.id, title).then((done) => done && props.reload())}
            >
              {say("bringBack")}
            </Button>
          )}
        </div>
      )}
      {props.version !== undefined && <p class="banner info">{say("older", { n: props.version })}</p>}
      <ErrorBanner title={say("wrong")} errors={errors} />
      {newer && !theirs && (
        <NewerBanner
          version={newer.form.interaction.version}
          touched={touched}
          catchUp={() => catchUp(newer)}
        />
      )}
      <div class="split editor">
        <div class="stack">
          <TextsPanel form={draft} onChange={set} shown={shown} setShown={setShown} />
          <Fields form={draft} onChange={set} isNew={isNew} />
        </div>
        <div class="stack sticky">
          <Panel title={say("preview")}>
            <Preview form={draft} language={shown} />
          </Panel>
          {!isNew && <TagsPanel id={props.id} tags={props.opened.tags} reload={props.reload} />}
          {!isNew && (
            <Panel title={say("placedIn")}>
              {uses.length === 0 && <p class="quiet">{say("notPlaced")}</p>}
              <ul class="rows">
                {uses.map(({ placement, state }) => (
                  <li class="row" key={placement.id}>
                    <a class="grow cut" href={formatPlace("placements", placement.id)}>
                      {placement.id}
                    </a>
                    {state === "withdrawn" && <Pill>{state}</Pill>}
                    <span class="quiet figures">{say("versionN", { n: placement.version })}</span>
                  </li>
                ))}
              </ul>
              {newest !== undefined && behind.length > 0 && mayEdit && (
                <Button small onClick={() => useEverywhere(newest)} name="use-everywhere">
                  {say("update", { n: newest, count: behind.length })}
                </Button>
              )}
            </Panel>
          )}
        </div>
      </div>
      {theirs && (
        <MergeDialog
          base={base.form}
          mine={{
            ...draft,
            interaction: { ...draft.interaction, version: theirs.form.interaction.version ?? 1 },
          }}
          theirs={theirs.form}
          onClose={() => setTheirs(undefined)}
          onMerged={(merged) => {
            setBase(theirs);
            set(merged);
            save(merged, theirs.tag);
          }}
        />
      )}
    </View>
  );
}
