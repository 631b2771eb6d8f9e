/**
 * The programmes that were imported, a body to a channel.
 *
 * Problem: a guide of 100 MB takes a second or more to write, and a transaction of that length keeps every editor
 * waiting. Idea: bodies are written aside in short transactions, where nobody looks; then one that is as short names
 * them as their channels' and so changes the whole guide at once. Bodies that no channel names are freed afterwards,
 * and at the next start where central was killed in between.
 */
import type { Channel } from "../../shared/guide/channel.ts";
import type { Programme } from "../../shared/guide/programme.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import type { Database, Row, Statement } from "../../shared/runtime/database.ts";
import { packProgrammes, partOfBody, unpackProgrammes } from "./guide-body.ts";

/** Written or freed in one transaction, bytes: some 20 ms of work. */
const SLICE_BYTES = 2_097_152;

/** Bodies written aside, by channel. */
export type StagedGuide = ReadonlyMap<string, number>;

export interface GuideStaging {
  /** @param body all programmes of the channel, as `packProgrammes` makes it */
  add(channel: string, body: Uint8Array): Promise<void>;
  /** Writes the rest. */
  end(): Promise<StagedGuide>;
}

const bytesOf = (row: Row) => new Uint8Array(row.body as ArrayBuffer);

export function createGuideStore(database: Database) {
  /** Parts as they are published, by channel, and the body that each is of. */
  const parts = new Map<string, { body: number; part: ReadonlyMap<string, string> }>();

  async function rowOf(channel: string): Promise<Row | undefined> {
    const [row] = await database.all(
      `SELECT b.id, b.body FROM guide_channel AS c JOIN guide_body AS b ON b.id = c.body WHERE c.channel = ?`,
      [channel],
    );
    return row;
  }
  async function bodyOf(channel: string): Promise<Uint8Array | undefined> {
    const row = await rowOf(channel);
    return row && bytesOf(row);
  }

  /** The body that the channel has by now, and its part. */
  async function hold(channel: string) {
    const row = await rowOf(channel);
    const held = { body: Number(row?.id), part: partOfBody(row ? bytesOf(row) : packProgrammes([])) };
    parts.set(channel, held);
    return held;
  }

  /** Holds the parts of all channels that are not held yet. */
  async function warm(breathe: () => Promise<void>): Promise<void> {
    const rows = await database.all("SELECT channel, body FROM guide_channel ORDER BY channel");
    for (const row of rows) {
      const channel = String(row.channel);
      if (parts.get(channel)?.body === Number(row.body)) continue;
      await hold(channel);
      await breathe();
    }
  }

  async function programmesOf(channel: string): Promise<Programme[]> {
    const body = await bodyOf(channel);
    return body === undefined ? [] : unpackProgrammes(body);
  }

  return {
    /**
     * Programme id → canonical JSON, by channel.
     *
     * @param breathe called between channels; an import that comes in between is in it whole
     */
    async guide(breathe?: () => Promise<void>): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
      if (breathe) await warm(breathe);
      const rows = await database.all("SELECT channel, body FROM guide_channel ORDER BY channel");
      const whole = new Map<string, ReadonlyMap<string, string>>();
      for (const row of rows) {
        const channel = String(row.channel);
        const body = Number(row.body);
        let held = parts.get(channel);
        if (held?.body !== body) {
          held = await hold(channel);
        }
        if (held.part.size > 0) whole.set(channel, held.part);
      }
      for (const channel of parts.keys()) if (!whole.has(channel)) parts.delete(channel);
      return whole;
    },
    /** A channel's entries as they are published. */
    async guideOf(channel: string): Promise<ReadonlyMap<string, string>> {
      return partOfBody((await bodyOf(channel)) ?? packProgrammes([]));
    },
    /** All programmes of a channel as one body; undefined without any. */
    bodyOf,
    /** By start. */
    programmesOf,
    /** By start; those that overlap the span. */
    async programmes(channel: string, fromMs: number, untilMs: number, most: number): Promise<Programme[]> {
      return (await programmesOf(channel))
        .filter(({ startMs, endMs }) => startMs < untilMs && endMs > fromMs)
        .slice(0, most);
    },

    /** One import at a time: what another one stages is freed with the next `freeGuide`. */
    stageGuide(): GuideStaging {
      const staged = new Map<string, number>();
      let waiting: { channel: string; body: Uint8Array }[] = [];
      let bytes = 0;
      async function flush(): Promise<void> {
        const written = await database.batch(
          waiting.map(({ body }) => ({
            sql: "INSERT INTO guide_body (body) VALUES (?) RETURNING id",
            args: [body as Uint8Array<ArrayBuffer>],
          })),
        );
        for (const [at, { channel }] of waiting.entries()) staged.set(channel, Number(written[at]?.[0]?.id));
        waiting = [];
        bytes = 0;
      }
      return {
        async add(channel, body) {
          waiting.push({ channel, body });
          bytes += body.length;
          if (bytes >= SLICE_BYTES) await flush();
        },
        async end() {
          if (waiting.length > 0) await flush();
          return staged;
        },
      };
    },
    /**
     * What an import found, in one short transaction.
     *
     * @param also within the same transaction
     */
    async putGuide(
      channels: readonly Channel[],
      staged: StagedGuide,
      also: readonly Statement[] = [],
    ): Promise<void> {
      await database.batch([
        {
          sql: "INSERT OR REPLACE INTO channel (id, body) SELECT value ->> 0, value ->> 1 FROM json_each(?)",
          args: [JSON.stringify(channels.map((each) => [each.id, canonicalJson(each)]))],
        },
        {
          sql: `INSERT OR REPLACE INTO guide_channel (channel, body)
                SELECT value ->> 0, value ->> 1 FROM json_each(?)`,
          args: [JSON.stringify([...staged])],
        },
        ...also,
      ]);
    },
    /** Frees the bodies that no channel names; not while another import stages. */
    async freeGuide(): Promise<void> {
      const unnamed = await database.all(
        `SELECT id, length(body) AS bytes FROM guide_body WHERE id NOT IN (SELECT body FROM guide_channel)`,
      );
      for (const slice of slices(unnamed)) {
        await database.batch([
          {
            sql: "DELETE FROM guide_body WHERE id IN (SELECT value FROM json_each(?))",
            args: [JSON.stringify(slice)],
          },
        ]);
      }
    },
  };
}
export type GuideStore = ReturnType<typeof createGuideStore>;

/** Ids of bodies, in groups of so many bytes. */
function* slices(rows: readonly Row[]): Generator<number[]> {
  let slice: number[] = [];
  let bytes = 0;
  for (const row of rows) {
    slice.push(Number(row.id));
    bytes += Number(row.bytes);
    if (bytes < SLICE_BYTES) continue;
    yield slice;
    slice = [];
    bytes = 0;
  }
  if (slice.length > 0) yield slice;
}
