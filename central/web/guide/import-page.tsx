/** One import in full: its state, what it changes, and the decision where it waits. */
import type { ImportSummary } from "../../guide/import-report.ts";
import { useApp, useSay } from "../app/context.tsx";
import { dateTime } from "../app/format.ts";
import { formatPlace } from "../app/router.ts";
import { Empty, Panel, Pill, View } from "../parts/layout.tsx";
import { Decide } from "./decide.tsx";
import { STATE_TONES } from "./import-list.tsx";
import { Report } from "./report.tsx";
import { guideTexts } from "./texts.ts";

export function ImportPage({ summary }: { summary: ImportSummary | undefined }) {
  const { language } = useApp();
  const say = useSay(guideTexts);
  const back = (
    <p class="crumbs">
      <a href={formatPlace("guide")}>← {say("title")}</a>
    </p>
  );
  if (!summary) {
    return (
      <View title={say("import")}>
        {back}
        <Panel>
          <Empty title={say("unknown")}>{say("unknownDo")}</Empty>
        </Panel>
      </View>
    );
  }
  const { state, source, atMs, expiresAtMs, decidedBy, report } = summary;
  return (
    <View
      title={`${say("import")} · ${dateTime(atMs, language)}`}
      about={source === undefined ? say("byHand") : say("bySource", { source })}
      actions={
        <>
          <Pill tone={STATE_TONES[state]}>{say(`state-${state}`)}</Pill>
          <Decide summary={summary} />
        </>
      }
    >
      {back}
      {expiresAtMs !== undefined && (
        <p class="banner info">{say("waitsUntil", { at: dateTime(expiresAtMs, language) })}</p>
      )}
      {decidedBy !== undefined && <p class="quiet">{say("decidedBy", { who: decidedBy })}</p>}
      {report.publishing !== undefined && (
        <p class="banner warn">{say("noPublish", { why: report.publishing })}</p>
      )}
      <Panel title={say("whatItChanges")}>
        <Report report={report} open />
      </Panel>
    </View>
  );
}
