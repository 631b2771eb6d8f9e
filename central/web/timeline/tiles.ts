/**
 * What the timeline shows, loaded in tiles of some channels and some hours, so that it never asks for more than
 * is seen. A tile that is known is shown at once and asked for again when something changed.
 */
import type { Timeline, TimelineCue } from "../../publish/timeline.ts";
import { DAY_MS, HOUR_MS } from "./viewport.ts";

export const TILE_ROWS = 25;
/** Short tiles while hours are seen, long ones while days are. */
const TILE_LENGTHS_MS = [6 * HOUR_MS, 2 * DAY_MS] as const;
const LONG_FROM_MS = 16 * HOUR_MS;
const TILES_MAX = 240;
/** Questions under way at once; the rest waits, the newest first. */
const ASKED_MAX = 4;

export type Programme = Timeline["channels"][number]["programmes"][number];
export interface RowData {
  programmes: Programme[];
  cues: TimelineCue[];
}
interface Tile {
  rows: Map<string, RowData> | undefined;
  state: "asked" | "fresh" | "stale" | "failed";
  usedAt: number;
}
type Load = (channels: readonly string[], fromMs: number, untilMs: number) => Promise<Timeline>;

/** Tiles put together, row by row; what lies across the border of two tiles comes with both. */
function joined(parts: readonly Tile["rows"][]): Map<string, RowData> {
  const seen = new Map<string, RowData>();
  for (const part of parts) {
    for (const [id, { programmes, cues }] of part ?? []) {
      const row = seen.get(id);
      if (!row) {
        seen.set(id, { programmes: [...programmes], cues: [...cues] });
        continue;
      }
      const border = row.programmes.at(-1)?.id;
      const known = new Set(row.cues.map((cue) => cue.id));
      row.programmes.push(...programmes.filter((programme) => programme.id !== border));
      row.cues.push(...cues.filter((cue) => !known.has(cue.id)));
    }
  }
  return seen;
}

export function createTiles(load: Load, changed: () => void) {
  const tiles = new Map<string, Tile>();
  const queue: (() => void)[] = [];
  let asking = 0;
  let used = 0;
  /** The last answer, and the tiles that it was put together from: most frames move within the same ones. */
  let last: { parts: readonly (Tile["rows"] | undefined)[]; seen: Map<string, RowData> } | undefined;

  function ask(key: string, tile: Tile, channels: readonly string[], fromMs: number, untilMs: number): void {
    tile.state = "asked";
    const begin = () => {
      asking++;
      load(channels, fromMs, untilMs)
        .then(
          (timeline) => {
            tile.rows = new Map(
              timeline.channels.map(({ id, programmes, cues }) => [id, { programmes, cues }]),
            );
            if (tile.state === "asked") tile.state = "fresh";
          },
          () => {
            tile.state = "failed";
          },
        )
        .then(() => {
          asking--;
          queue.pop()?.();
          if (tiles.get(key) === tile) changed();
        });
    };
    if (asking < ASKED_MAX) begin();
    else queue.push(begin);
  }

  /** The block of rows that a tile is of, and when each of its tiles over a span begins. */
  function tilesOver(all: readonly string[], block: number, fromMs: number, spanMs: number) {
    const lengthMs = TILE_LENGTHS_MS[spanMs > LONG_FROM_MS ? 1 : 0];
    const channels = all.slice(block * TILE_ROWS, (block + 1) * TILE_ROWS);
    const over: { key: string; channels: string[]; atMs: number; untilMs: number }[] = [];
    for (let atMs = Math.floor(fromMs / lengthMs) * lengthMs; atMs < fromMs + spanMs; atMs += lengthMs) {
      const key = `${channels[0]} ${channels.length} ${atMs} ${lengthMs}`;
      over.push({ key, channels, atMs, untilMs: atMs + lengthMs });
    }
    return over;
  }

  return {
    /** Whether something of a row over the span is asked for and has never come; what failed is not waited for. */
    isLoading(all: readonly string[], row: number, fromMs: number, spanMs: number): boolean {
      if (row < 0) return false;
      return tilesOver(all, Math.floor(row / TILE_ROWS), fromMs, spanMs).some(({ key }) => {
        const tile = tiles.get(key);
        return tile !== undefined && tile.rows === undefined && tile.state === "asked";
      });
    },
    /** What is known of the channels over the span; asks for what is not. `channels` are those of the rows seen. */
    see(
      all: readonly string[],
      first: number,
      end: number,
      fromMs: number,
      spanMs: number,
    ): Map<string, RowData> {
      const parts: Tile["rows"][] = [];
      used++;
      for (let block = Math.floor(first / TILE_ROWS); block * TILE_ROWS < end; block++) {
        for (const { key, channels, atMs, untilMs } of tilesOver(all, block, fromMs, spanMs)) {
          let tile = tiles.get(key);
          if (!tile) {
            tile = { rows: undefined, state: "stale", usedAt: used };
            tiles.set(key, tile);
          }
          tile.usedAt = used;
          if (tile.state === "stale") ask(key, tile, channels, atMs, untilMs);
          if (tile.rows) parts.push(tile.rows);
        }
      }
      if (last?.parts.length !== parts.length || parts.some((part, index) => part !== last?.parts[index])) {
        last = { parts, seen: joined(parts) };
      }
      const { seen } = last;
      if (tiles.size > TILES_MAX) {
        const oldest = [...tiles]
          .sort(([, a], [, b]) => a.usedAt - b.usedAt)
          .slice(0, tiles.size - TILES_MAX);
        for (const [key] of oldest) tiles.delete(key);
      }
      return seen;
    },
    /** Something changed at central: all is asked for again as it is seen. */
    expire(): void {
      for (const tile of tiles.values()) tile.state = "stale";
      changed();
    },
  };
}
export type Tiles = ReturnType<typeof createTiles>;
