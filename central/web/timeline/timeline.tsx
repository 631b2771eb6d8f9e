/** Channels × time: programmes on a canvas, cues above it, worked by mouse and by keyboard alike. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ChannelsReply } from "../../routes/channels.ts";
import { useApp, useNow, useResource, useSay } from "../app/context.tsx";
import { clockTime, dateTime, dayName } from "../app/format.ts";
import { useLabels } from "../app/labels.ts";
import { Button } from "../parts/button.tsx";
import { Empty, Loaded, Panel, View } from "../parts/layout.tsx";
import { onFrame } from "../platform/browser.ts";
import { CueBar } from "./cue-bar.tsx";
import { CueMark } from "./cue-mark.tsx";
import { drawScene, readColours } from "./draw.ts";
import { keyStep } from "./keys.ts";
import { MoveBar } from "./move-bar.tsx";
import { overlapsOf } from "./overlaps.ts";
import type { PlacedCue } from "./placed-cue.ts";
import { timelineTexts } from "./texts.ts";
import { createTiles, type Tiles } from "./tiles.ts";
import {
  centred,
  DAY_MS,
  HOUR_MS,
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

const SPANS = [
  ["minutes", 10 * MINUTE_MS],
  ["hour", HOUR_MS],
  ["hours", 6 * HOUR_MS],
  ["day", DAY_MS],
  ["week", 8 * DAY_MS],
] as const;
/** Cues drawn at once; at that many a closer look is needed anyway. */
const CUES_MAX = 600;
/** Cues closer than this are drawn as one, px. */
const CROWDED_PX = 4;
/** Of the channels' names; the style says the same. */
const NAMES_PX = 176;
const WHEEL_ZOOM = 1.0015;

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
              <Empty title={say("none")}>{say("noneDo")}</Empty>
            </Panel>
          </View>
        ) : (
          <Grid all={all} />
        )
      }
    </Loaded>
  );
}

function useTiles(): [Tiles, number] {
  const { api, live } = useApp();
  const [serial, setSerial] = useState(0);
  const tiles = useMemo(
    () =>
      createTiles(
        (channels, fromMs, untilMs) => api.timeline({ channels: channels.join(","), fromMs, untilMs }),
        () => setSerial((each) => each + 1),
      ),
    [api],
  );
  useEffect(() => live.listen(["drafts", "guide", "air"], tiles.expire), [live, tiles]);
  return [tiles, serial];
}

function Grid({ all }: { all: Channel[] }) {
  const { now, language, go, keep } = useApp();
  const say = useSay(timelineTexts);
  const labelOf = useLabels();
  const nowMs = useNow();
  const [tiles, serial] = useTiles();
  const [filter, setFilter] = useState("");
  const [size, setSize] = useState({ widthPx: 0, heightPx: 0 });
  const [view, setView] = useState<Viewport>(() => {
    const spanMs = Number(keep.read("timeline.span") ?? 6 * HOUR_MS) || 6 * HOUR_MS;
    return { fromMs: now() - spanMs / 4, spanMs, widthPx: 1 };
  });
  const [scrollPx, setScrollPx] = useState(0);
  const [cursor, setCursor] = useState<{ channel: string; cue?: string }>({ channel: all[0]?.id ?? "" });
  const [opened, setOpened] = useState(false);
  const [move, setMove] = useState<{ placed: PlacedCue; toMs: number; edge: boolean } | undefined>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const stage = useRef<HTMLDivElement>(null);

  const channels = useMemo(() => {
    const wanted = filter.toLowerCase();
    return all.filter(({ id, number, name }) => `${number} ${name} ${id}`.toLowerCase().includes(wanted));
  }, [all, filter]);
  const ids = useMemo(() => channels.map(({ id }) => id), [channels]);
  const { first, end } = rowsSeen(scrollPx, size.heightPx, channels.length);
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
      const widthPx = Math.max(1, Math.floor(entry.contentRect.width) - NAMES_PX);
      setSize({ widthPx, heightPx: Math.floor(entry.contentRect.height) });
      setView((before) => ({ ...before, widthPx }));
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  useEffect(() => keep.write("timeline.span", String(Math.round(view.spanMs))), [keep, view.spanMs]);

  const theme = document.documentElement.dataset.theme;
  useEffect(
    () =>
      onFrame(() => {
        const target = canvas.current;
        const context = target?.getContext("2d");
        if (!target || !context || size.widthPx === 0) return;
        const scale = devicePixelRatio || 1;
        if (target.width !== size.widthPx * scale || target.height !== size.heightPx * scale) {
          target.width = size.widthPx * scale;
          target.height = size.heightPx * scale;
        }
        context.setTransform(scale, 0, 0, scale, 0, 0);
        drawScene(
          context,
          {
            view,
            heightPx: size.heightPx,
            offsetPx: scrollPx - first * ROW_PX,
            firstRow: first,
            rows: ids.slice(first, end).map((id) => data.get(id)),
            nowMs,
            zoneOffsetMs: -new Date(view.fromMs).getTimezoneOffset() * MINUTE_MS,
            font: '12.5px "Noto Sans SC", "PingFang SC", system-ui, sans-serif',
          },
          readColours(target),
        );
      }),
    [view, size, scrollPx, first, end, ids, data, nowMs, theme],
  );

  const placed: PlacedCue[] = [];
  for (let row = first; row < end && placed.length < CUES_MAX; row++) {
    const channel = ids[row] as string;
    const own = data.get(channel);
    if (!own) continue;
    const overlaps = overlapsOf(own.cues);
    let lastX = Number.NEGATIVE_INFINITY;
    let last: PlacedCue | undefined;
    for (const cue of own.cues) {
      if (placed.length >= CUES_MAX) break;
      const moving = move?.placed.cue.id === cue.id && move.placed.channel === channel;
      const x = xOf(view, moving ? move.toMs : cue.atMs);
      if (x < -200 || x > view.widthPx + 20) continue;
      const special = moving || (cursor.cue === cue.id && cursor.channel === channel);
      // What no eye can tell apart is drawn once, what appears before what does not.
      if (last && x - lastX < CROWDED_PX && !special) {
        last.crowd++;
        if (last.cue.suppressed && !cue.suppressed) last.cue = cue;
        continue;
      }
      if (last) last.roomPx = Math.max(0, x - lastX);
      last = {
        cue,
        channel,
        row,
        overlaps: overlaps.get(cue.id),
        crowd: 0,
        roomPx: Number.POSITIVE_INFINITY,
      };
      lastX = x;
      placed.push(last);
    }
  }
  const chosen = placed.find(({ cue, channel }) => cue.id === cursor.cue && channel === cursor.channel);
  const cursorRow = Math.max(0, ids.indexOf(cursor.channel));
  const programmesOf = (channel: string) => data.get(channel)?.programmes ?? [];

  const centre = view.widthPx / 2;
  const show = (spanMs: number) => setView((before) => zoomed(before, before.spanMs / spanMs, centre));
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
    const next = exact ? { atMs, edge: true } : snapped(view, atMs, programmesOf(target.channel));
    setOpened(false);
    setCursor({ channel: target.channel, cue: target.cue.id });
    setMove({ placed: target, toMs: next.atMs, edge: next.edge });
  }

  function onKey(event: KeyboardEvent) {
    const step = keyStep(event, {
      view,
      ids,
      cursor,
      rowsPerPage: Math.max(1, Math.floor(size.heightPx / ROW_PX) - 1),
      cuesOf: (channel) => data.get(channel)?.cues ?? [],
      programmesOf,
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

  function onWheel(event: WheelEvent) {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const left = stage.current?.getBoundingClientRect().left ?? 0;
      setView((before) => zoomed(before, WHEEL_ZOOM ** -event.deltaY, event.clientX - left));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      setView((before) => panned(before, event.deltaX || event.deltaY));
    }
  }
  useEffect(() => {
    const target = scroller.current;
    target?.addEventListener("wheel", onWheel, { passive: false });
    return () => target?.removeEventListener("wheel", onWheel);
  });

  function onGrab(event: PointerEvent) {
    if (event.button !== 0 || (event.target as HTMLElement).closest("button")) return;
    const startX = event.clientX;
    const { fromMs, spanMs, widthPx } = view;
    const onMove = (moved: PointerEvent) =>
      setView((before) => ({ ...before, fromMs: fromMs - ((moved.clientX - startX) / widthPx) * spanMs }));
    const onUp = () => {
      removeEventListener("pointermove", onMove);
      removeEventListener("pointerup", onUp);
    };
    addEventListener("pointermove", onMove);
    addEventListener("pointerup", onUp);
  }

  const marks = size.widthPx > 0 ? marksOf(view, -new Date(view.fromMs).getTimezoneOffset() * MINUTE_MS) : [];
  const seconds = view.spanMs <= 20 * MINUTE_MS;
  return (
    <div class="view wide timeline-view">
      <div class="view-head">
        <div class="inline">
          <h1>{say("title")}</h1>
          <span class="quiet">{dayName(view.fromMs + view.spanMs / 2, language)}</span>
        </div>
        <div class="actions">
          <input
            type="search"
            class="small"
            aria-label={say("filter")}
            placeholder={say("filter")}
            value={filter}
            onInput={(event) => {
              setFilter(event.currentTarget.value);
              if (scroller.current) scroller.current.scrollTop = 0;
            }}
          />
          <div class="tabs flat" role="group" aria-label={say("in")}>
            {SPANS.map(([name, spanMs]) => (
              <button
                type="button"
                key={name}
                aria-pressed={Math.abs(view.spanMs / spanMs - 1) < 0.02}
                onClick={() => show(spanMs)}
                data-span={name}
              >
                {say(name)}
              </button>
            ))}
          </div>
          <Button
            small
            label={say("earlier")}
            onClick={() => setView((before) => ({ ...before, fromMs: before.fromMs - DAY_MS }))}
          >
            ‹
          </Button>
          <Button small onClick={toNow}>
            {say("now")}
          </Button>
          <Button
            small
            label={say("later")}
            onClick={() => setView((before) => ({ ...before, fromMs: before.fromMs + DAY_MS }))}
          >
            ›
          </Button>
        </div>
      </div>
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
        </div>
        <div
          class="timeline-scroll"
          ref={scroller}
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
            onPointerDown={onGrab}
            onDblClick={(event) => {
              const box = event.currentTarget.getBoundingClientRect();
              const channel = ids[Math.floor((event.clientY - box.top + scrollPx) / ROW_PX)];
              if (channel !== undefined) placeAt(channel, msAt(view, event.clientX - box.left));
            }}
          >
            <canvas ref={canvas} style={{ width: `${size.widthPx}px`, height: `${size.heightPx}px` }} />
            <div
              class="cursor-row"
              style={{ top: `${cursorRow * ROW_PX - scrollPx}px`, height: `${ROW_PX}px` }}
            />
            {placed.map((each) => (
              <CueMark
                key={`${each.cue.id} ${each.channel}`}
                placed={each}
                view={view}
                scrollPx={scrollPx}
                title={labelOf(each.cue.interaction).title}
                name={say("cue", {
                  title: labelOf(each.cue.interaction).title,
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
      <p class="quiet small hint-line" id="timeline-hint">
        {say("hint")}
      </p>
      {move && (
        <MoveBar
          placed={move.placed}
          toMs={move.toMs}
          edge={move.edge}
          title={labelOf(move.placed.cue.interaction).title}
          onDone={() => setMove(undefined)}
        />
      )}
      {opened && chosen && !move && (
        <CueBar
          placed={chosen}
          title={labelOf(chosen.cue.interaction).title}
          channel={nameOf.get(chosen.channel) ?? chosen.channel}
          onClose={() => setOpened(false)}
        />
      )}
    </div>
  );
}
