/**
 * What a guide would do: compared with what is stored, its effects on cues judged, channel by channel, and what
 * changes written aside at once, where nobody looks. So memory holds one channel as objects, and nobody waits for
 * more than one channel's work. Whether it becomes the guide is the importer's to decide.
 */
import type { Channel } from "../../shared/guide/channel.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Timers } from "../../shared/time/timers.ts";
import type { Publisher } from "../publish/publish.ts";
import { unpackProgrammes } from "../store/guide-body.ts";
import type { GuideStore, StagedGuide } from "../store/guide-store.ts";
import { createBreather } from "./breather.ts";
import { addCounts, type ComparedChannel, noChanges } from "./compare.ts";
import { type CueEffectKind, cueEffects, isWatched } from "./cue-effects.ts";
import type { GuideOutcome, StoredOf } from "./guide-work.ts";
import { CHANNELS_TOLD_MAX, CUES_TOLD_MAX, type ImportReport, MOVES_TOLD_MAX } from "./import-report.ts";
import { createJudge, type GuideLimits } from "./limits.ts";
import { createRowSpool, type RowSpool } from "./row-spool.ts";

/** What is to be compared: a file just read, or what was held back of one. */
export interface Incoming {
  compare(storedOf: StoredOf): AsyncIterable<ComparedChannel>;
  channels: readonly Channel[];
  known: readonly Channel[];
  /** Once all were compared. */
  outcome(): GuideOutcome;
}

export interface Looked {
  report: Omit<ImportReport, "state" | "imported">;
  /** Every channel that it has programmes of. */
  all: string[];
  /** The channels that change, with what is to be theirs; none of a dry run. */
  staged: StagedGuide;
  /** Those that go beyond a limit. */
  held: string[];
  /** The rows of these, and of others that have cues which change. */
  rows: RowSpool;
}

interface Ports {
  drafts: GuideStore;
  publisher: Publisher;
  clock: Clock;
  timers: Timers;
}

/** @returns one import at a time: the staged bodies are to be put, then `freeGuide` called */
export function createLook(ports: Ports) {
  const { drafts, publisher, clock } = ports;

  return async (incoming: Incoming, limits: GuideLimits | undefined, dryRun = false): Promise<Looked> => {
    const { channels, known } = incoming;
    const nowMs = clock.wallMs();
    const breathe = createBreather(ports);
    const staging = drafts.stageGuide();
    const rows = createRowSpool();
    const judge = limits && createJudge(limits, nowMs);
    const content = publisher.onAir()?.content;
    const counts = noChanges();
    const cues = { moved: 0, vanished: 0, appeared: 0, told: [] as ImportReport["cues"]["told"] };
    const told: Record<CueEffectKind, number> = { moved: 0, vanished: 0, appeared: 0 };
    const moves: ImportReport["moves"] = [];
    const byChannel: ImportReport["byChannel"] = [];
    const all: string[] = [];
    const storedOf: StoredOf = async (channel) => ({
      body: await drafts.bodyOf(channel),
      watched: content !== undefined && isWatched(content, channel),
    });
    for await (const compared of incoming.compare(storedOf)) {
      const { channel, body, watched } = compared;
      addCounts(counts, compared.counts);
      all.push(channel);
      await breathe();
      if (body === undefined) continue;
      const effects =
        content && watched ? cueEffects(content, channel, unpackProgrammes(watched.after), nowMs) : [];
      if (!dryRun) {
        // Only a channel with effects can be held back.
        if (effects.length > 0 && watched) rows.addBytes(channel, watched.rows);
        await staging.add(channel, body);
      }
      if (byChannel.length < CHANNELS_TOLD_MAX) byChannel.push({ channel, held: false, ...compared.counts });
      moves.push(...compared.moves.slice(0, MOVES_TOLD_MAX - moves.length));
      judge?.add(channel, effects);
      for (const effect of effects) {
        cues[effect.kind]++;
        if (told[effect.kind]++ < CUES_TOLD_MAX) cues.told.push(effect);
      }
    }
    const reasons = judge?.decide() ?? [];
    const held = new Set(reasons.flatMap((reason) => reason.channels));
    for (const each of byChannel) each.held = held.has(each.channel);
    const knownIds = new Set(known.map(({ id }) => id));
    const { defects, stats } = incoming.outcome();
    const added = channels.filter(({ id }) => !knownIds.has(id)).length;
    const report = {
      channels: { added, changed: channels.length - added, unchanged: stats.channels - channels.length },
      ...{ programmes: counts, byChannel, moves, cues, reasons, defects, stats },
    };
    return { report, all, staged: await staging.end(), held: [...held], rows };
  };
}
