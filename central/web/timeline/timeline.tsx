/** Channels × time: programmes on a canvas, cues above it, worked by mouse and by keyboard alike. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ChannelsReply } from "../../routes/channels.ts";
import { useApp, useNow, useResource, useSay } from "../app/context.tsx";
import { clockTime, dateTime, dayName } from "../app/format.ts";
import { useLabels } from "../app/labels.ts";
import { Empty, Loaded, Panel, View } from "../parts/layout.tsx";
import { CueBar } from "./cue-bar.tsx";
import { CueMark } from "./cue-mark.tsx";
import { grab, press, useWheel } from "./gestures.ts";
import { keyStep } from "./keys.ts";
import { MoveBar } from "./move-bar.tsx";
import { type CuePlace, cueAt, ELEMENTS_MAX, placeCues } from "./place-cues.ts";
import type { PlacedCue } from "./placed-cue.ts";
import { Scene, type Size, zoneOffsetMs } from "./scene.tsx";
import { timelineTexts } from "./texts.ts";
import { Toolbar } from "./toolbar.tsx";
import { useTiles } from "./use-tiles.ts";
import {
  centred,
  HOUR_MS,
  isEdge,
  MINUTE_MS,
  marksOf,
  msAt,
  panned,
  ROW_PX,
  rowsSeen,
  snapped,
  type Viewport,
  xOf,
  zoomed,
} from "./viewport.ts";

const NO_CUES: readonly PlacedCue[] = [];

type Channel = ChannelsReply["channels"][number];

export function Timeline() {
  const { api } = useApp();
  const say = useSay(timelineTexts);
  const channels = useResource("channels", api.channels, ["guide"]);
  return (
    <Loaded of={channels}>
      {({ channels: all }) =>
        all.length === 0 ? (
          <View title={say("title")}>
            <Panel>
              <Empty title={say("none")} to="guide">
                {say("noneDo")}
              </Empty>
            </Panel>
          </View>
        ) : (
          <Grid all={all} />
        )
      }
    </Loaded>
  );
}

function Grid({ all }: { all: Channel[] }) {
  const { now, language, go, keep } = useApp();
  const say = useSay(timelineTexts);
  const labelOf = useLabels();
  const nowMs = useNow();
  const [tiles, serial] = useTiles();
  const [filter, setFilter] = useState("");
  const [size, setSize] = useState<Size>({ widthPx: 0, heightPx: 0 });
  const [view, setView] = useState<Viewport>(() => {
    const spanMs = Number(keep.read("timeline.span") ?? 6 * HOUR_MS) || 6 * HOUR_MS;
    return { fromMs: now() - spanMs / 4, spanMs, widthPx: 1 };
  });
  const [scrollPx, setScrollPx] = useState(0);
  const [cursor, setCursor] = useState<CuePlace>({ channel: all[0]?.id ?? "" });
  const [opened, setOpened] = useState(false);
  const [move, setMove] = useState<{ placed: PlacedCue; toMs: number; edge: boolean } | undefined>();
  /** A row whose next cue was asked for before it had come. */
  const [asked, setAsked] = useState<string | undefined>();
  const scroller = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);

  const channels = useMemo(() => {
    const wanted = filter.toLowerCase();
    return all.filter(({ id, number, name }) => `${number} ${name} ${id}`.toLowerCase().includes(wanted));
  }, [all, filter]);
  const ids = useMemo(() => channels.map(({ id }) => id), [channels]);
  const { first, end } = rowsSeen(scrollPx, size.heightPx, channels.length);
  const rows = useMemo(() => ids.slice(first, end), [ids, first, end]);
  const data = useMemo(
    () => tiles.see(ids, first, end, view.fromMs, view.spanMs),
    [tiles, ids, first, end, view.fromMs, view.spanMs, serial],
  );
  const nameOf = useMemo(() => new Map(all.map(({ id, name }) => [id, name])), [all]);

  useLayoutEffect(() => {
    const target = scroller.current;
    if (!target) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      // The names' column is as wide as the style has it.
      const namesPx = Number.parseFloat(getComputedStyle(target).gridTemplateColumns) || 0;
      const widthPx = Math.max(1, Math.floor(entry.contentRect.width - namesPx));
      setSize({ widthPx, heightPx: Math.floor(entry.contentRect.height) });
      setView((before) => ({ ...before, widthPx }));
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  useEffect(() => keep.write("timeline.span", String(Math.round(view.spanMs))), [keep, view.spanMs]);

  const moving = move && { channel: move.placed.channel, cue: move.placed.cue.id, toMs: move.toMs };
  const placed = placeCues(view, rows, first, (channel) => data.get(channel), cursor, moving);
  const chosen = placed.find(({ cue, channel }) => cue.id === cursor.cue && channel === cursor.channel);
  const crowded = placed.length > ELEMENTS_MAX;
  const isMoving = (each: PlacedCue) => each.cue.id === moving?.cue && each.channel === moving.channel;
  const elements = crowded ? placed.filter((each) => each === chosen || isMoving(each)) : placed;
  const cursorRow = Math.max(0, ids.indexOf(cursor.channel));
  const isLoading = (channel: string) => tiles.isLoading(ids, ids.indexOf(channel), view.fromMs, view.spanMs);
  const waits = asked !== undefined && asked === cursor.channel && isLoading(asked);
  const programmesOf = (channel: string) => data.get(channel)?.programmes ?? [];

  useWheel(scroller, stage, setView);
  const centre = view.widthPx / 2;
  const toNow = () => setView((before) => ({ ...before, fromMs: now() - before.spanMs / 4 }));

  function select(next: { channel: string; cue?: string | undefined; atMs?: number | undefined }) {
    setCursor({ channel: next.channel, ...(next.cue !== undefined && { cue: next.cue }) });
    const row = ids.indexOf(next.channel);
    const box = scroller.current;
    if (box && row >= 0) {
      if (row * ROW_PX < box.scrollTop) box.scrollTop = row * ROW_PX;
      else if ((row + 1) * ROW_PX > box.scrollTop + size.heightPx)
        box.scrollTop = (row + 1) * ROW_PX - size.heightPx;
    }
    const { atMs } = next;
    if (atMs !== undefined && (atMs < view.fromMs || atMs > view.fromMs + view.spanMs)) {
      setView((before) => centred(before, atMs));
    }
  }
  function placeAt(channel: string, atMs: number) {
    const programme = programmesOf(channel).find((each) => each.startMs <= atMs && each.endMs > atMs);
    const round = Math.round(atMs / MINUTE_MS) * MINUTE_MS;
    go("placements", "new", {
      channel,
      atMs: String(round),
      ...(programme && {
        title: programme.title,
        offsetMs: String(Math.max(0, round - programme.startMs)),
        ...(programme.series !== undefined && { series: programme.series }),
      }),
    });
  }
  function beginMove(target: PlacedCue, atMs: number, exact = false) {
    const programmes = programmesOf(target.channel);
    const next = exact ? { atMs, edge: isEdge(atMs, programmes) } : snapped(view, atMs, programmes);
    setOpened(false);
    setCursor({ channel: target.channel, cue: target.cue.id });
    setMove({ placed: target, toMs: next.atMs, edge: next.edge });
  }

  function onPress(event: PointerEvent) {
    const target = event.currentTarget as HTMLElement;
    const box = target.getBoundingClientRect();
    const x = event.clientX - box.left;
    const row = Math.floor((event.clientY - box.top + scrollPx) / ROW_PX);
    const onElement = (event.target as HTMLElement).closest("button") !== null;
    const hit = crowded && !onElement && event.button === 0 ? cueAt(placed, view, row, x) : undefined;
    if (!hit) {
      grab(event, view, setView);
      return;
    }
    const startX = xOf(view, hit.cue.atMs);
    press(event, {
      drag: (byPx) => beginMove(hit, msAt(view, startX + byPx)),
      click() {
        setCursor({ channel: hit.channel, cue: hit.cue.id });
        setOpened(true);
      },
    });
  }

  function onKey(event: KeyboardEvent) {
    const step = keyStep(event, {
      view,
      ids,
      cursor,
      rowsPerPage: Math.max(1, Math.floor(size.heightPx / ROW_PX) - 1),
      cuesOf: (channel) => data.get(channel)?.cues ?? [],
      programmesOf,
      isLoading,
      moving: move?.toMs,
    });
    if (!step) return;
    event.preventDefault();
    switch (step.kind) {
      case "zoom":
        setView((before) => zoomed(before, step.factor, centre));
        break;
      case "pan":
        setView((before) => panned(before, step.share * before.widthPx));
        break;
      case "now":
        toNow();
        break;
      case "wait":
        setAsked(cursor.channel);
        break;
      case "select":
        select(step);
        break;
      case "move": {
        const target = move?.placed ?? chosen;
        if (target) beginMove(target, step.toMs, step.exact);
        break;
      }
      case "open":
        if (chosen) setOpened(true);
        break;
      case "place":
        placeAt(
          cursor.channel,
          chosen?.cue.atMs ??
            (view.fromMs <= nowMs && nowMs <= view.fromMs + view.spanMs ? nowMs : msAt(view, centre)),
        );
        break;
      case "cancel":
        setMove(undefined);
        setOpened(false);
        break;
    }
  }

  const marks = size.widthPx > 0 ? marksOf(view, zoneOffsetMs(view)) : [];
  const seconds = view.spanMs <= 20 * MINUTE_MS;
  return (
    <div class="view timeline-view">
      <Toolbar
        view={view}
        filter={filter}
        onFilter={(next) => {
          setFilter(next);
          if (scroller.current) scroller.current.scrollTop = 0;
        }}
        onSpan={(spanMs) => setView((before) => zoomed(before, before.spanMs / spanMs, centre))}
        onShift={(byMs) => setView((before) => ({ ...before, fromMs: before.fromMs + byMs }))}
        onNow={toNow}
      />
      <div
        class="timeline"
        role="application"
        aria-label={say("grid")}
        aria-describedby="timeline-hint"
        tabIndex={0}
        onKeyDown={onKey}
      >
        <div class="timeline-axis">
          {marks.map(({ atMs, day }) => (
            <span key={atMs} class={day ? "mark day" : "mark"} style={{ left: `${xOf(view, atMs)}px` }}>
              {day ? dayName(atMs, language) : clockTime(atMs, language, seconds)}
            </span>
          ))}
          {nowMs >= view.fromMs && nowMs <= view.fromMs + view.spanMs && (
            <span class="now-mark" style={{ left: `${xOf(view, nowMs)}px` }} aria-hidden="true">
              {clockTime(nowMs, language, seconds)}
            </span>
          )}
        </div>
        <div
          class="timeline-scroll"
          ref={scroller}
          tabIndex={0}
          onScroll={(event) => setScrollPx(event.currentTarget.scrollTop)}
        >
          <div class="timeline-space" style={{ height: `${channels.length * ROW_PX}px` }}>
            <div class="timeline-names">
              {channels.slice(first, end).map(({ id, number, name }, index) => (
                <div
                  key={id}
                  class={id === cursor.channel ? "name chosen" : "name"}
                  style={{ top: `${(first + index) * ROW_PX}px` }}
                >
                  <span class="quiet figures">{number}</span>
                  <span class="cut">{name}</span>
                </div>
              ))}
            </div>
          </div>
          <div
            class="timeline-stage"
            role="presentation"
            ref={stage}
            style={{ height: `${size.heightPx}px` }}
            data-cues={placed.length}
            onPointerDown={onPress}
            onDblClick={(event) => {
              const box = event.currentTarget.getBoundingClientRect();
              const channel = ids[Math.floor((event.clientY - box.top + scrollPx) / ROW_PX)];
              if (channel !== undefined) placeAt(channel, msAt(view, event.clientX - box.left));
            }}
          >
            <Scene
              {...{ view, size, scrollPx, first, rows, data, nowMs }}
              cues={crowded ? placed : NO_CUES}
            />
            <div
              class="cursor-row"
              style={{ top: `${cursorRow * ROW_PX - scrollPx}px`, height: `${ROW_PX}px` }}
            />
            {elements.map((each) => (
              <CueMark
                key={`${each.cue.id} ${each.channel}`}
                placed={each}
                view={view}
                scrollPx={scrollPx}
                title={labelOf(each.cue.interaction, each.cue.version).title}
                name={say("cue", {
                  title: labelOf(each.cue.interaction, each.cue.version).title,
                  channel: nameOf.get(each.channel) ?? each.channel,
                  at: dateTime(each.cue.atMs, language),
                })}
                chosen={each === chosen}
                movedTo={
                  move?.placed.cue.id === each.cue.id && move.placed.channel === each.channel
                    ? move.toMs
                    : undefined
                }
                onChoose={() => {
                  setCursor({ channel: each.channel, cue: each.cue.id });
                  setOpened(true);
                }}
                onDrag={(atMs) => beginMove(each, atMs)}
              />
            ))}
          </div>
        </div>
      </div>
      <p class="quiet small hint-line" id="timeline-hint" aria-live="polite">
        {say(waits ? "loading" : "hint")}
      </p>
      {move && (
        <MoveBar
          placed={move.placed}
          toMs={move.toMs}
          edge={move.edge}
          title={labelOf(move.placed.cue.interaction, move.placed.cue.version).title}
          onDone={() => setMove(undefined)}
        />
      )}
      {opened && chosen && !move && (
        <CueBar
          placed={chosen}
          title={labelOf(chosen.cue.interaction, chosen.cue.version).title}
          channel={nameOf.get(chosen.channel) ?? chosen.channel}
          onClose={() => setOpened(false)}
        />
      )}
    </div>
  );
}
