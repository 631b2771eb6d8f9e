/** What an import found and changes: counts, why it waits, cues, moves, defects and their repairs. */
import type { ImportReport } from "../../guide/import-report.ts";
import { useApp, useSay } from "../app/context.tsx";
import { clockTime, dateTime, number, signedSpan } from "../app/format.ts";
import { useChannelNames } from "../app/labels.ts";
import { Pill, Table, type Tone } from "../parts/layout.tsx";
import { guideTexts } from "./texts.ts";

const MOVES_SHOWN = 100;
const CHANNELS_SHOWN = 200;
const EFFECT_TONES: Record<ImportReport["cues"]["told"][number]["kind"], Tone> = {
  moved: "info",
  vanished: "bad",
  appeared: "good",
};

export function Report({ report, open = false }: { report: ImportReport; open?: boolean }) {
  const { language } = useApp();
  const say = useSay(guideTexts);
  const { programmes, channels, cues, reasons, stats } = report;
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
            {reasons.map(({ code, message, channels: held }) => (
              <li key={code}>
                {say(`hold-${code}` as keyof typeof guideTexts, { message })} (
                {say("nChannels", { n: held.length })})
              </li>
            ))}
          </ul>
        </div>
      )}
      <div class="fact-groups">
        {facts(say("cues"), [
          [say("moved"), cues.moved],
          [say("vanished"), cues.vanished],
          [say("appeared"), cues.appeared],
        ])}
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
      </div>
      {stats.untilMs !== undefined && (
        <p class="quiet">{say("reach", { at: dateTime(stats.untilMs, language) })}</p>
      )}
      <Cues report={report} open={open} />
      <Moves report={report} />
      <ByChannel report={report} open={open} />
      <Defects report={report} />
    </div>
  );
}

function Cues({ report, open }: { report: ImportReport; open: boolean }) {
  const { language } = useApp();
  const say = useSay(guideTexts);
  const nameOf = useChannelNames();
  const { told } = report.cues;
  // What appears is as expected; what moves and vanishes is what a person is asked about.
  const shown = [...told].sort(
    (a, b) =>
      Number(a.kind === "appeared") - Number(b.kind === "appeared") || (a.fromMs ?? 0) - (b.fromMs ?? 0),
  );
  if (shown.length === 0) return null;
  return (
    <details open={open}>
      <summary>{say("cuesTold")}</summary>
      <Table
        label={say("cuesTold")}
        heads={["", say("cue"), say("channel"), say("was"), say("willBe"), say("by_")]}
        tall
      >
        {shown.map((effect) => (
          <tr key={`${effect.cue} ${effect.channel}`} data-effect={effect.kind}>
            <td>
              <Pill tone={EFFECT_TONES[effect.kind]}>{say(effect.kind)}</Pill>
            </td>
            <td>
              <span class="strong">{effect.title}</span> <span class="quiet small mono">{effect.cue}</span>
            </td>
            <td>{nameOf(effect.channel)}</td>
            <td class="figures nowrap">
              {effect.fromMs === undefined ? "–" : dateTime(effect.fromMs, language)}
            </td>
            <td class="figures nowrap">
              {effect.toMs === undefined ? "–" : dateTime(effect.toMs, language)}
            </td>
            <td class="figures quiet">
              {effect.fromMs !== undefined && effect.toMs !== undefined
                ? signedSpan(effect.toMs - effect.fromMs)
                : ""}
            </td>
          </tr>
        ))}
      </Table>
    </details>
  );
}

function Moves({ report: { moves } }: { report: ImportReport }) {
  const { language } = useApp();
  const say = useSay(guideTexts);
  const nameOf = useChannelNames();
  if (moves.length === 0) return null;
  return (
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
  );
}

const KINDS = ["added", "moved", "changed", "removed"] as const;

function ByChannel({ report: { byChannel }, open }: { report: ImportReport; open: boolean }) {
  const { language } = useApp();
  const say = useSay(guideTexts);
  const nameOf = useChannelNames();
  if (byChannel.length === 0) return null;
  const shown = [...byChannel].sort((a, b) => Number(b.held) - Number(a.held)).slice(0, CHANNELS_SHOWN);
  return (
    <details open={open}>
      <summary>{say("byChannel")}</summary>
      <Table label={say("byChannel")} heads={[say("channel"), "", ...KINDS.map((kind) => say(kind))]} tall>
        {shown.map((row) => (
          <tr key={row.channel}>
            <td class="strong">{nameOf(row.channel)}</td>
            <td>{row.held && <Pill tone="warn">{say("heldBack")}</Pill>}</td>
            {KINDS.map((kind) => (
              <td key={kind} class={row[kind] > 0 ? "figures" : "figures quiet"}>
                {number(row[kind], language)}
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </details>
  );
}

function Defects({ report: { defects } }: { report: ImportReport }) {
  const { language } = useApp();
  const say = useSay(guideTexts);
  if (defects.length === 0) return null;
  return (
    <details open>
      <summary>{say("defectsAndRepairs")}</summary>
      <Table
        label={say("defectsAndRepairs")}
        heads={[say("defect"), say("count"), say("repaired"), say("examples")]}
      >
        {defects.map((defect) => (
          <tr key={defect.code}>
            <td class="mono">{defect.code}</td>
            <td class="figures">{number(defect.count, language)}</td>
            <td>{defect.repaired}</td>
            <td class="quiet small mono">
              {defect.examples.map(({ line, text }) => (
                <span class="block" key={`${line}${text}`}>
                  {line > 0 && `${say("line", { n: line })}: `}
                  {text}
                </span>
              ))}
            </td>
          </tr>
        ))}
      </Table>
    </details>
  );
}
