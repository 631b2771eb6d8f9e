/** Those who author: a guide that overruns, placements that come, move and are withdrawn, new versions. */
import type { Programme } from "../../shared/guide/programme.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import type { ChannelEntry, InteractionEntry } from "../../shared/publication/entries.ts";
import { expandProgrammes, expandTimed } from "../../shared/schedule/expand.ts";
import { PLACEMENT_DEFAULTS, type Placement } from "../../shared/schedule/placement.ts";
import type { Dice } from "./dice.ts";
import { makeImages, makeInteraction, TYPES } from "./make-interaction.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const TITLES = ["News", "Film", "Sport", "Quiz show", "Series"];

export interface Editors {
  channels: readonly ChannelEntry[];
  /** Programme id → canonical JSON, by channel: as central keeps it. */
  guide(): ReadonlyMap<string, ReadonlyMap<string, string>>;
  placements(): Placement[];
  /** Every version that ever was. */
  interactions(): InteractionEntry[];
  /** By hash. */
  images: ReadonlyMap<string, Uint8Array>;
  /** Does one thing that editors do, and names its kind first, as `KINDS.editors` has it. @param nowMs ms since the Unix epoch */
  change(nowMs: number): string;
  /** The newest breaking news and its moment, when it is to be taken back just then. */
  regret(): { id: string; atMs: number } | undefined;
  recall(id: string): string;
}

/** Placements that make a channel's schedule a large one: each fires every quarter of an hour. */
const CROWD = 3;
/** How long before the hour's turn that is. */
const TURN_MS = 15_000;
/** Publications back to which one may roll. */
const PAST_MAX = 10;

/**
 * @param startMs when the guide begins, ms since the Unix epoch
 * @param crowded whether the first channel has hundreds of cues
 * @param fickle whether breaking news comes just before the hour's turn, and is mostly taken back
 */
export function createEditors(
  dice: Dice,
  startMs: number,
  days: number,
  channelCount: number,
  crowded: boolean,
  fickle: boolean,
): Editors {
  const channels: ChannelEntry[] = [];
  const guides = new Map<string, Programme[]>();
  const placements = new Map<string, Placement>();
  const newest = new Map<string, InteractionEntry>();
  const written = new WeakMap<Programme, string>();
  const every = new Map<string, InteractionEntry>();
  const images = makeImages();
  let past: Map<string, Placement>[] = [];
  let regretted: { id: string; atMs: number } | undefined;
  let made = 0;

  function release(id: string, version: number, type: (typeof TYPES)[number]): InteractionEntry {
    const entry = makeInteraction(dice, id, version, type, [...images.keys()]);
    newest.set(id, entry);
    every.set(`${id}@${version}`, entry);
    return entry;
  }

  for (let number = 1; number <= channelCount; number++) {
    const id = `c${number}`;
    channels.push({ id, number, name: `Channel ${number}` });
    const programmes: Programme[] = [];
    let atMs = startMs - 3 * HOUR_MS;
    while (atMs < startMs + (days + 3) * DAY_MS) {
      const endMs = atMs + dice.whole(45, 180) * MINUTE_MS;
      const title = dice.pick(TITLES);
      programmes.push({ id: `${id}p${programmes.length}`, channel: id, title, startMs: atMs, endMs });
      atMs = endMs;
    }
    guides.set(id, programmes);
  }
  for (const type of TYPES) {
    for (const id of [`${type}-1`, `${type}-2`]) release(id, 1, type);
  }

  const someChannels = () => {
    const ids = channels.filter(() => dice.chance(0.5)).map(({ id }) => id);
    return ids.length > 0 ? ids : [dice.pick(channels).id];
  };

  function place(when: Placement["when"]): Placement {
    const { interaction } = dice.pick([...newest.values()]);
    const leadMs = dice.pick([60_000, 120_000, 300_000]);
    const placement: Placement = {
      ...PLACEMENT_DEFAULTS,
      id: `pl${made++}`,
      interaction: interaction.id,
      version: interaction.version,
      channels: someChannels(),
      when,
      windowMs: dice.pick([1_000, 5_000, 60_000, 600_000]),
      lateJoin: dice.chance(0.7),
      prefetch: { leadMs, guardMs: dice.pick([0, 10_000, 60_000]) },
      priority: dice.whole(-1, 2),
    };
    if (dice.chance(0.2)) placement.embargo = { spreadMs: dice.pick([0, 2_000, 10_000]) };
    if (dice.chance(0.25)) placement.audience = { share: dice.pick([0.3, 0.9]) };
    else if (dice.chance(0.1)) placement.audience = { languages: ["en"], tags: ["hd"] };
    placements.set(placement.id, placement);
    return placement;
  }

  const programmeRule = (): Placement["when"] => ({
    kind: "programme",
    match: { title: dice.pick(TITLES) },
    at: dice.chance(0.5)
      ? { from: dice.pick(["start", "end"] as const), offsetMs: dice.whole(-5, 25) * MINUTE_MS }
      : { fraction: dice.pick([0.25, 0.5, 0.9]) },
  });
  const cronRule = (): Placement["when"] => ({
    kind: "cron",
    rule: `${dice.whole(0, 59)} */${dice.whole(4, 8)} * * *`,
    zone: dice.pick(["Asia/Shanghai", "UTC"]),
  });
  for (let count = 0; count < 4; count++) place(programmeRule());
  for (let count = 0; count < 2; count++) place(cronRule());
  for (let count = 0; crowded && count < CROWD; count++) {
    const { id } = place({ kind: "cron", rule: `${count * 5}/15 * * * *`, zone: "UTC" });
    const placement = placements.get(id) as Placement;
    // Something is always near: else every body of the large schedule would be a new one a few minutes later.
    const prefetch = { leadMs: 300_000, guardMs: 10_000 };
    const first = (channels[0] as ChannelEntry).id;
    placements.set(id, { ...placement, prefetch, windowMs: 60_000, channels: [first], priority: -2 });
  }

  /** The placement's next cue on some channel of its own. */
  function nextCue(placement: Placement, nowMs: number) {
    const untilMs = nowMs + 6 * HOUR_MS;
    const channel = dice.pick(placement.channels);
    const cues =
      placement.when.kind === "programme"
        ? expandProgrammes(placement, guides.get(channel) ?? [], nowMs, untilMs)
        : expandTimed(placement, nowMs, untilMs);
    return cues.filter((cue) => cue.atMs > nowMs)[0];
  }

  /** What is on now takes longer or ends earlier, and everything after it moves. */
  function overrun(nowMs: number): string {
    const channel = dice.pick(channels).id;
    const byMs = dice.whole(-6, 20) * MINUTE_MS;
    const moved = (guides.get(channel) ?? []).map((programme) => {
      if (programme.endMs <= nowMs) return programme;
      const on = programme.startMs <= nowMs;
      const endMs = programme.endMs + byMs;
      return {
        ...programme,
        startMs: on ? programme.startMs : programme.startMs + byMs,
        endMs: on ? Math.max(endMs, nowMs + MINUTE_MS) : endMs,
      };
    });
    guides.set(
      channel,
      moved.filter((programme) => programme.endMs > programme.startMs),
    );
    return `overrun ${channel} by ${byMs}`;
  }

  function withdrawOccurrence(nowMs: number): string {
    const placement = dice.pick([...placements.values()]);
    const cue = nextCue(placement, nowMs);
    if (!cue) return "nothing to withdraw";
    const occurrence = cue.id.slice(cue.id.indexOf(":") + 1);
    placements.set(placement.id, { ...placement, except: [...(placement.except ?? []), occurrence] });
    return `withdraw ${cue.id}`;
  }

  function replacePlacement(): string {
    const gone = dice.pick([...placements.keys()]);
    if (placements.size > 5) placements.delete(gone);
    place(dice.chance(0.6) ? programmeRule() : cronRule());
    return `replace ${gone}`;
  }

  function airAgain(): string {
    const placement = dice.pick([...placements.values()]);
    placements.set(placement.id, { ...placement, generation: placement.generation + 1 });
    return `air again ${placement.id}`;
  }

  function newVersion(): string {
    const { interaction } = dice.pick([...newest.values()]);
    const entry = release(interaction.id, interaction.version + 1, interaction.type);
    for (const placement of placements.values()) {
      if (placement.interaction !== interaction.id) continue;
      placements.set(placement.id, { ...placement, version: entry.interaction.version });
    }
    return `version ${interaction.id}@${entry.interaction.version}`;
  }

  /** What was on air some publications ago is again; the guide stays. */
  function rollBack(): string {
    const earlier = past.length > 0 ? dice.pick(past) : placements;
    const back = [...earlier];
    placements.clear();
    for (const [id, placement] of back) placements.set(id, placement);
    return `roll back ${past.length}`;
  }

  /** Breaking news, or the same moved or taken back. */
  function instant(nowMs: number): string {
    const coming = [...placements.values()].filter(
      ({ when }) => when.kind === "instant" && when.atMs > nowMs - 10 * MINUTE_MS,
    );
    if (coming.length > 0 && dice.chance(0.6)) {
      const placement = dice.pick(coming);
      if (dice.chance(0.5)) {
        placements.delete(placement.id);
        return `withdraw ${placement.id}`;
      }
      const atMs = nowMs + dice.whole(0, 30) * MINUTE_MS;
      placements.set(placement.id, { ...placement, when: { kind: "instant", atMs } });
      return `move ${placement.id}`;
    }
    for (const { id, when } of [...placements.values()]) {
      if (when.kind === "instant" && when.atMs < nowMs - DAY_MS) placements.delete(id);
    }
    const soonMs = nowMs + dice.whole(1, 240) * MINUTE_MS;
    // Shortly before a schedule's window moves on.
    const atMs = fickle ? Math.ceil(soonMs / HOUR_MS) * HOUR_MS - TURN_MS : soonMs;
    const { id } = place({ kind: "instant", atMs });
    if (dice.chance(fickle ? 0.9 : 0.3)) regretted = { id, atMs };
    return `instant ${id}`;
  }

  return {
    channels,
    guide() {
      const whole = new Map<string, Map<string, string>>();
      for (const [channel, programmes] of guides) {
        const part = new Map<string, string>();
        for (const programme of programmes) {
          let body = written.get(programme);
          if (body === undefined) {
            body = canonicalJson(programme);
            written.set(programme, body);
          }
          part.set(programme.id, body);
        }
        whole.set(channel, part);
      }
      return whole;
    },
    placements: () => [...placements.values()],
    interactions: () => [...every.values()],
    images,
    regret() {
      const found = regretted;
      regretted = undefined;
      return found;
    },
    recall(id) {
      placements.delete(id);
      return `recall ${id}`;
    },
    change(nowMs) {
      const deed = dice.random();
      if (deed >= 0.96) return rollBack();
      past = [...past.slice(1 - PAST_MAX), new Map(placements)];
      if (deed < 0.25) return overrun(nowMs);
      if (deed < 0.4) return withdrawOccurrence(nowMs);
      if (deed < 0.5) return replacePlacement();
      if (deed < 0.6) return airAgain();
      if (deed < 0.7) return newVersion();
      return instant(nowMs);
    },
  };
}
