/** How many days each kind of data is kept, and what was removed. */
import { useEffect } from "preact/hooks";
import type { RetentionReply } from "../../routes/retention.ts";
import { useApp, useNow, useResource, useSay } from "../app/context.tsx";
import { dateTime, number, span } from "../app/format.ts";
import { SomebodyElse } from "../app/somebody-else.tsx";
import type { Stored } from "../app/stored.ts";
import { useEdited } from "../app/use-edited.ts";
import { Button, SureButton } from "../parts/button.tsx";
import { Empty, Loaded, Panel, Pill, Table } from "../parts/layout.tsx";
import { privacyTexts } from "./texts.ts";

const KINDS = ["answers", "airings", "audit", "sessions", "publications", "deliveries"] as const;
/** After a change, until the run that it begins is told. */
const LOOK_AGAIN_MS = 3_000;

export function RetentionPanel() {
  const { api, timers } = useApp();
  const retention = useResource("retention", api.retention, ["people"]);
  const { reload } = retention;
  const { running = false } = retention.value?.value ?? {};
  useEffect(
    () => (running ? timers.after(LOOK_AGAIN_MS, reload) : undefined),
    [running, retention.value, timers],
  );
  return (
    <Loaded of={retention}>
      {({ value, tag }) => (
        <>
          <Days value={value} tag={tag} reload={reload} />
          <Runs value={value} />
        </>
      )}
    </Loaded>
  );
}

type RetentionDays = RetentionReply["days"];

function Days({ value, tag, reload }: { value: RetentionReply; tag: string | undefined; reload(): void }) {
  const { api, language, may, toast, timers } = useApp();
  const say = useSay(privacyTexts);
  const { defaults, runs } = value;
  const allowed = may("administer");
  const daysOf = (reply: Stored<RetentionReply>) => ({ value: reply.value.days, tag: reply.tag });
  const edited = useEdited<RetentionDays>({
    ...{ key: "retention", opened: { value: value.days, tag }, allowed },
    load: () => api.retention().then(daysOf),
    store: (days, seen) => api.putRetention(days, seen).then(daysOf),
    onSaved() {
      toast({ tone: "good", text: say("saved") });
      reload();
      timers.after(LOOK_AGAIN_MS, reload);
    },
    taken: () => "",
  });
  const { base, draft, touched, busy, put, forget, save } = edited;
  const shorter = KINDS.some((kind) => draft[kind] < base[kind]);
  const lastOf = (kind: (typeof KINDS)[number]) => runs.find(({ removed }) => (removed[kind] ?? 0) > 0);
  return (
    <Panel title={say("retention")} side={touched && <Pill tone="warn">{say("unsaved")}</Pill>}>
      <SomebodyElse edited={edited} />
      <Table label={say("retention")} heads={[say("kind"), say("days"), say("byDefault"), say("removed")]}>
        {KINDS.map((kind) => {
          const last = lastOf(kind);
          return (
            <tr key={kind}>
              <td>
                <span class="strong">{say(kind)}</span>
                <span class="block quiet small">{say(`${kind}About`)}</span>
              </td>
              <td>
                <input
                  type="number"
                  class="small figures narrow"
                  aria-label={say("daysOf", { kind: say(kind) })}
                  min={0}
                  max={3_650}
                  disabled={!allowed}
                  data-name={`days-${kind}`}
                  value={draft[kind]}
                  onInput={(event) => {
                    const typed = event.currentTarget.valueAsNumber;
                    if (Number.isFinite(typed)) put({ [kind]: Math.round(typed) });
                  }}
                />
              </td>
              <td class="figures quiet">{defaults[kind]}</td>
              <td class="figures quiet nowrap">
                {last
                  ? `${number(last.removed[kind] ?? 0, language)} · ${dateTime(last.endedMs, language)}`
                  : "–"}
              </td>
            </tr>
          );
        })}
      </Table>
      {allowed && touched && (
        <div class="actions foot">
          {shorter ? (
            <SureButton
              busy={busy}
              words={say("save")}
              sure={say("saveSure")}
              onClick={save}
              name="save-days"
            />
          ) : (
            <Button tone="main" busy={busy} onClick={save} name="save-days">
              {say("save")}
            </Button>
          )}
          <Button onClick={forget}>{say("discard")}</Button>
        </div>
      )}
    </Panel>
  );
}

function Runs({ value: { runs, running, nextMs } }: { value: RetentionReply }) {
  const { language } = useApp();
  const say = useSay(privacyTexts);
  const nowMs = useNow(30_000);
  return (
    <Panel
      title={say("runs")}
      side={
        <span class="quiet small">
          {running ? say("running") : say("nextRun", { n: span(Math.max(0, nextMs - nowMs), language) })}
        </span>
      }
    >
      {runs.length === 0 ? (
        <Empty title={say("noRuns")}>{say("noRunsDo")}</Empty>
      ) : (
        <ul class="rows">
          {runs.slice(0, 20).map(({ startedMs, removed, trouble }) => {
            const told = KINDS.filter((kind) => (removed[kind] ?? 0) > 0);
            return (
              <li class="row" key={startedMs}>
                <span class="figures nowrap">{dateTime(startedMs, language)}</span>
                <span class="grow quiet">
                  {told.length === 0
                    ? say("nothing")
                    : told
                        .map((kind) =>
                          say("rows", { kind: say(kind), n: number(removed[kind] ?? 0, language) }),
                        )
                        .join(" · ")}
                  {trouble !== undefined && <span class="bad-text small">{trouble}</span>}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
