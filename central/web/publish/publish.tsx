/** Publishing: what would change and what speaks against it, where it landed, and back to any publication. */
import { useState } from "preact/hooks";
import type { Plan, PublicationReply } from "../../routes/publishing-schemas.ts";
import { useApp, useDraft, useResource, useSay } from "../app/context.tsx";
import { dateTime } from "../app/format.ts";
import { formatPlace } from "../app/router.ts";
import { useSaveKey } from "../app/save-key.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Dot, Empty, Field, Loaded, Panel, Pill, Table, View } from "../parts/layout.tsx";
import { Refused } from "../platform/http.ts";
import { checkPlace, checkWords } from "./check-words.ts";
import { DifferenceView } from "./difference.tsx";
import { FreezePanel } from "./freeze-panel.tsx";
import { Landing } from "./landing.tsx";
import { StormPanel } from "./storm-panel.tsx";
import { publishTexts } from "./texts.ts";

const placeOf = ({ epoch, revision }: { epoch: number; revision: number }) => ({ epoch, revision });

export function Publish() {
  const { api } = useApp();
  const say = useSay(publishTexts);
  const plan = useResource("plan", api.plan, ["drafts", "guide", "air"]);
  const air = useResource("air", api.air, ["air", "edges"]);
  const edges = useResource("edges", api.edges, ["edges", "air"]);
  const publications = useResource("publications", api.publications, ["air"]);
  const [target, setTarget] = useState<PublicationReply | undefined>();
  return (
    <View title={say("title")} about={say("about")}>
      <div class="split">
        <div class="stack">
          <Loaded of={plan}>{(value) => <Proposal plan={value} reload={plan.reload} />}</Loaded>
          <StormPanel />
        </div>
        <div class="stack">
          <Loaded of={air}>{(value) => <Landing air={value} known={edges.value?.edges ?? []} />}</Loaded>
          <Loaded of={publications}>
            {({ publications: all }) => <History all={all} onRollback={setTarget} />}
          </Loaded>
          <FreezePanel />
        </div>
      </div>
      {target && <RollbackDialog target={target} onClose={() => setTarget(undefined)} />}
    </View>
  );
}

/** What a check is about, and the way there. */
function About({ path }: { path: string }) {
  const place = checkPlace(path);
  const name = path.split(".").slice(1).join(".");
  if (!place) return <span class="mono">{path}</span>;
  return (
    <a class="mono" href={formatPlace(place.view, place.id)}>
      {name}
    </a>
  );
}

function CheckList({ checks }: { checks: Plan["checks"] }) {
  const { language } = useApp();
  const paths = [...new Set(checks.map(({ path }) => path))];
  return (
    <ul>
      {paths.map((path) => (
        <li key={path}>
          <About path={path} />
          {language === "zh" ? "：" : ": "}
          {checks
            .filter((check) => check.path === path)
            .map((check) => checkWords(check, language))
            .join(language === "zh" ? "；" : "; ")}
        </li>
      ))}
    </ul>
  );
}

/** What is of this change; what stood before it, folded. */
function Checks({ checks }: { checks: Plan["checks"] }) {
  const say = useSay(publishTexts);
  const refused = checks.filter(({ level }) => level === "refuse");
  const warned = checks.filter(({ level, standing }) => level === "warn" && !standing);
  const standing = checks.filter((check) => check.standing);
  return (
    <div class="check-list stack tight" data-name="checks">
      {refused.length + warned.length === 0 && (
        <p class="banner good">
          <Dot tone="good" /> {say(standing.length === 0 ? "fine" : "fineNew")}
        </p>
      )}
      {refused.length > 0 && (
        <div class="banner bad">
          <p class="strong">{say("refused")}</p>
          <CheckList checks={refused} />
        </div>
      )}
      {warned.length > 0 && (
        <div class="banner warn" data-name="warned">
          <p class="strong">{say("warned")}</p>
          <CheckList checks={warned} />
        </div>
      )}
      {standing.length > 0 && (
        <details class="quiet small" data-name="standing">
          <summary>{say("standing", { n: standing.length })}</summary>
          <CheckList checks={standing} />
        </details>
      )}
    </div>
  );
}

function Proposal({ plan, reload }: { plan: Plan; reload(): void }) {
  const { api, toast, failed, may } = useApp();
  const say = useSay(publishTexts);
  const { draft: comment, set, forget } = useDraft("publish comment", "");
  const [busy, setBusy] = useState(false);
  const [forced, setForced] = useState(false);
  const { difference, checks, hash } = plan;
  const refusals = checks.filter(({ level }) => level === "refuse");
  const freeze = refusals.length > 0 && refusals.every(({ code }) => code.startsWith("frozen-"));
  const refused = refusals.length > 0 && !(freeze && forced);

  async function publish() {
    setBusy(true);
    try {
      const { changed, position, waits } = await api.publish(comment.trim(), hash, forced);
      forget();
      toast({
        tone: changed && !waits ? "good" : "info",
        text: changed ? say(waits ? "waits" : "published", placeOf(position)) : say("same"),
      });
    } catch (error) {
      // Somebody saved since: what there is to publish now has to be looked at first.
      if (error instanceof Refused && error.code === "drafts-changed") {
        reload();
        toast({ tone: "bad", text: say("changedSince") });
      } else failed(error, publish);
    } finally {
      setBusy(false);
    }
  }
  const allowed = may("publish") && !refused && difference.any && !busy;
  useSaveKey(() => {
    if (allowed) publish();
  });

  return (
    <Panel title={say("changes")}>
      {difference.any ? (
        <>
          <Checks checks={checks} />
          <form
            class="publish-form"
            onSubmit={(event) => {
              event.preventDefault();
              publish();
            }}
          >
            <Field label={say("comment")} hint={say("commentHint")}>
              {(id) => (
                <input
                  {...id}
                  type="text"
                  maxLength={500}
                  data-name="comment"
                  value={comment}
                  onInput={(event) => set(event.currentTarget.value)}
                />
              )}
            </Field>
            {freeze && (
              <label class="check">
                <input
                  type="checkbox"
                  name="force"
                  checked={forced}
                  onChange={(event) => setForced(event.currentTarget.checked)}
                />
                {say("force")}
              </label>
            )}
            <Button type="submit" tone="main" icon="publish" busy={busy} disabled={!allowed} name="publish">
              {say(busy ? "publishing" : "publish")}
            </Button>
          </form>
          <DifferenceView difference={difference} />
        </>
      ) : (
        <>
          <Empty title={say("none")}>{say("noneDo")}</Empty>
          {checks.length > 0 && <Checks checks={checks} />}
        </>
      )}
    </Panel>
  );
}

function History({
  all,
  onRollback,
}: {
  all: PublicationReply[];
  onRollback(target: PublicationReply): void;
}) {
  const { language, may } = useApp();
  const say = useSay(publishTexts);
  if (all.length === 0) return null;
  return (
    <Panel title={say("history")}>
      <Table label={say("history")} heads={["", "", "", ""]} tall>
        {all.map((publication, index) => {
          const { epoch, revision, kind, comment, about, publishedAtMs } = publication;
          const of = about?.cue ?? about?.placement ?? (about && `${about.epoch}/${about.revision}`);
          return (
            <tr key={`${epoch}/${revision}`}>
              <td class="figures strong nowrap">
                {epoch}/{revision}
              </td>
              <td>
                {say(`kind_${kind}` as "kind_publish")}{" "}
                {of !== undefined && <span class="mono small">{of}</span>}
                {comment !== undefined && <span class="block quiet small">{comment}</span>}
              </td>
              <td class="quiet figures small nowrap">{dateTime(publishedAtMs, language)}</td>
              <td class="right">
                {index === 0 ? (
                  <Pill tone="good">{say("onAirNow")}</Pill>
                ) : (
                  may("publish") && (
                    <Button
                      small
                      onClick={() => onRollback(publication)}
                      name={`rollback-${epoch}-${revision}`}
                    >
                      {say("rollback")}
                    </Button>
                  )
                )}
              </td>
            </tr>
          );
        })}
      </Table>
    </Panel>
  );
}

function RollbackDialog({ target, onClose }: { target: PublicationReply; onClose(): void }) {
  const { api, toast, failed } = useApp();
  const say = useSay(publishTexts);
  const { epoch, revision } = target;
  const plan = useResource(`rollback ${epoch}/${revision}`, () => api.planRollback(epoch, revision));
  const [comment, setComment] = useState("");
  const [busy, setBusy] = useState(false);
  async function rollBack() {
    setBusy(true);
    try {
      const { position, waits } = await api.rollback(epoch, revision, comment.trim(), plan.value?.hash);
      toast({
        tone: waits ? "info" : "good",
        text: say(waits ? "waits" : "rolledBack", placeOf(position)),
      });
      onClose();
    } catch (error) {
      failed(error, rollBack);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Dialog title={say("rollbackTo", { epoch, revision })} onClose={onClose} wide>
      <p class="quiet">{say("rollbackAbout")}</p>
      <Loaded of={plan}>{({ checks }) => checks.length > 0 && <Checks checks={checks} />}</Loaded>
      <Field label={say("comment")}>
        {(id) => (
          <input
            {...id}
            type="text"
            maxLength={500}
            value={comment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="actions">
        <Button tone="danger" busy={busy} onClick={rollBack} name="rollback-now">
          {say("rollbackDo")}
        </Button>
        <Button onClick={onClose}>{say("cancel")}</Button>
      </div>
      {plan.value &&
        (plan.value.difference.any ? (
          <DifferenceView difference={plan.value.difference} />
        ) : (
          <p>{say("none")}</p>
        ))}
    </Dialog>
  );
}
