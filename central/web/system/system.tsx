/** Central itself: databases, alarms, backups. */
import { useEffect } from "preact/hooks";
import { useApp, useNow, useResource, useSay } from "../app/context.tsx";
import { dateTime, number, span } from "../app/format.ts";
import { formatPlace } from "../app/router.ts";
import { Button } from "../parts/button.tsx";
import { Dot, Empty, Loaded, Panel, Pill, Table, View } from "../parts/layout.tsx";
import { NotAllowed } from "../parts/not-allowed.tsx";
import { systemTexts } from "./texts.ts";
import { WebhooksPanel } from "./webhooks-panel.tsx";

const MEGABYTE = 1_000_000;
/** How often a backup that is being made is asked about, ms. */
const LOOK_AGAIN_MS = 2_000;

export function System() {
  const { may } = useApp();
  const say = useSay(systemTexts);
  if (!may("operate")) return <NotAllowed title={say("title")} />;
  return (
    <View title={say("title")} about={say("about")}>
      <div class="split even">
        <div class="stack">
          <State />
          <Backups />
        </div>
        <div class="stack">
          <WebhooksPanel />
          <Alarms />
        </div>
      </div>
    </View>
  );
}

function State() {
  const { api } = useApp();
  const say = useSay(systemTexts);
  const status = useResource("status", api.status, ["air", "guide", "edges"]);
  return (
    <Panel title={say("state")}>
      <Loaded of={status}>
        {({ air, position, guide }) => (
          <ul class="rows">
            <li class="row">
              <Dot tone={!air.reachable ? "bad" : air.matches ? "good" : "warn"} />
              <span class="strong">{say("air")}</span>
              <span class="grow quiet">
                {say(!air.reachable ? "airLost" : air.matches ? "airFine" : "airOther")}
              </span>
            </li>
            <li class="row">
              <Dot tone={position ? "good" : "plain"} />
              <span class="strong">{say("onAir")}</span>
              <a class="grow quiet figures" href={formatPlace("publish")}>
                {position ? `${position.epoch}/${position.revision}` : say("nothing")}
              </a>
            </li>
            <li class="row">
              <Dot tone={guide.notOnAir !== undefined || guide.waiting.length > 0 ? "warn" : "good"} />
              <span class="strong">{say("guide")}</span>
              <a class="grow quiet" href={formatPlace("guide")}>
                {guide.notOnAir !== undefined
                  ? say("guideNotOnAir", { why: guide.notOnAir })
                  : guide.waiting.length > 0
                    ? say("guideWaits", { n: guide.waiting.length })
                    : say("guideFine")}
              </a>
            </li>
            <li class="row">
              <Dot tone="good" />
              <span class="strong">{say("api")}</span>
              <a class="grow quiet" href="/docs/">
                {say("apiDocs")}
              </a>
            </li>
          </ul>
        )}
      </Loaded>
    </Panel>
  );
}

function Alarms() {
  const { api, language } = useApp();
  const say = useSay(systemTexts);
  const status = useResource("status", api.status, ["air", "guide", "edges"]);
  return (
    <Panel title={say("alarms")}>
      <Loaded of={status}>
        {({ alarms }) =>
          alarms.length === 0 ? (
            <Empty title={say("noAlarms")}>{say("noAlarmsDo")}</Empty>
          ) : (
            <ul class="rows">
              {alarms.map((alarm) => (
                <li class="row raised" key={`${alarm.kind}${alarm.outbox}`}>
                  <Pill tone="bad">{alarm.kind}</Pill>
                  <span class="grow">
                    {alarm.detail}
                    <span class="quiet small mono">{alarm.outbox}</span>
                    <span class="quiet small">
                      {say("times", {
                        n: number(alarm.count, language),
                        at: dateTime(alarm.lastMs, language),
                      })}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Backups() {
  const { api, language, toast, failed, timers } = useApp();
  const say = useSay(systemTexts);
  const nowMs = useNow(10_000);
  const backups = useResource("backups", api.backups);
  const { reload } = backups;
  const schedule = backups.value?.schedule;
  const running = schedule?.running ?? false;
  useEffect(
    () => (running ? timers.after(LOOK_AGAIN_MS, reload) : undefined),
    [running, backups.value, timers],
  );
  const make = (): Promise<void> =>
    api.backUp().then(
      () => {
        toast({ tone: "info", text: say("begun") });
        reload();
      },
      (error) => failed(error, make),
    );
  return (
    <Panel
      title={say("backups")}
      side={
        schedule && (
          <>
            <span class="quiet small">
              {say("every", { n: schedule.everyHours, keep: schedule.keep })} ·{" "}
              {running
                ? say("backupRunning")
                : say("nextBackup", { n: span(Math.max(0, schedule.nextMs - nowMs), language) })}
            </span>
            <Button small busy={running} onClick={make} name="back-up">
              {say("backUp")}
            </Button>
          </>
        )
      }
    >
      <Loaded of={backups}>
        {() =>
          !schedule ? (
            <Empty title={say("noFolder")}>{say("noFolderDo")}</Empty>
          ) : (
            <>
              {schedule.trouble !== undefined && (
                <p class="banner bad" role="alert">
                  {schedule.trouble}
                </p>
              )}
              {schedule.backups.length === 0 ? (
                <Empty title={say("noBackups")}>{say("noBackupsDo")}</Empty>
              ) : (
                <Table label={say("backups")} heads={[say("name"), say("made"), say("size"), ""]} tall>
                  {schedule.backups.map(({ name, madeAtMs, bytes }) => (
                    <tr key={name}>
                      <td class="mono">{name}</td>
                      <td class="figures quiet nowrap">{dateTime(madeAtMs, language)}</td>
                      <td class="figures">{(bytes / MEGABYTE).toFixed(1)} MB</td>
                      <td>
                        <Pill tone="good">{say("verified")}</Pill>
                      </td>
                    </tr>
                  ))}
                </Table>
              )}
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}
