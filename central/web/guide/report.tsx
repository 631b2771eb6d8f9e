/** What an import found and changes: counts, why it waits, moves, defects and their repairs. */
import type { ImportReport } from "../../guide/import-report.ts";
import { useApp, useSay } from "../app/context.tsx";
import { clockTime, dateTime, number } from "../app/format.ts";
import { useChannelNames } from "../app/labels.ts";
import { Table } from "../parts/layout.tsx";
import { guideTexts } from "./texts.ts";

const MOVES_SHOWN = 30;

export function Report({ report }: { report: ImportReport }) {
  const { language } = useApp();
  const say = useSay(guideTexts);
  const nameOf = useChannelNames();
  const { programmes, channels, cues, reasons, moves, defects, stats } = report;
  const facts = (title: string, counts: [string, number][]) => (
    <div>
      <h3>{title}</h3>
      <dl class="facts">
        {counts.map(([name, count]) => (
          <div key={name}>
            <dd class="figures">{number(count, language)}</dd>
            <dt>{name}</dt>
          </div>
        ))}
      </dl>
    </div>
  );
  return (
    <div class="stack">
      {reasons.length > 0 && (
        <div class="banner warn">
          <p class="strong">{say("reasons")}</p>
          <ul>
            {reasons.map(({ code, message }) => (
              <li key={code}>{message}</li>
            ))}
          </ul>
        </div>
      )}
      <div class="fact-groups">
        {facts(say("programmes"), [
          [say("added"), programmes.added],
          [say("moved"), programmes.moved],
          [say("changed"), programmes.changed],
          [say("removed"), programmes.removed],
          [say("unchanged"), programmes.unchanged],
        ])}
        {facts(say("channels"), [
          [say("added"), channels.added],
          [say("changed"), channels.changed],
          [say("unchanged"), channels.unchanged],
        ])}
        {facts(say("cues"), [
          [say("moved"), cues.moved],
          [say("vanished"), cues.vanished],
          [say("appeared"), cues.appeared],
        ])}
      </div>
      {stats.untilMs !== undefined && (
        <p class="quiet">{say("reach", { at: dateTime(stats.untilMs, language) })}</p>
      )}
      {moves.length > 0 && (
        <details>
          <summary>{say("moves")}</summary>
          <ul class="rows">
            {moves.slice(0, MOVES_SHOWN).map((move) => (
              <li class="row" key={move.id}>
                <span class="figures">
                  {dateTime(move.fromMs, language)} → {clockTime(move.toMs, language)}
                </span>
                <span class="grow cut">{move.title}</span>
                <span class="quiet">{nameOf(move.channel)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {defects.length > 0 && (
        <details open>
          <summary>{say("defects")}</summary>
          <Table label={say("defects")} heads={[say("defect"), say("count"), say("repaired")]}>
            {defects.map((defect) => (
              <tr key={defect.code}>
                <td class="mono">{defect.code}</td>
                <td class="figures">{number(defect.count, language)}</td>
                <td class="quiet">{defect.repaired}</td>
              </tr>
            ))}
          </Table>
        </details>
      )}
    </div>
  );
}
