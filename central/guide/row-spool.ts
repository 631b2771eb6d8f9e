/** Holds the rows of a guide by channel as bytes outside the heap, until they are let go of. */
import type { IncomingProgramme } from "./identity.ts";

export interface RowSpool {
  /** In the order in which they were added. */
  channels(): string[];
  rowsOf(channel: string): IncomingProgramme[];
  /** As JSON in UTF-8; undefined for a channel that it does not hold. */
  bytesOf(channel: string): Uint8Array | undefined;
  /** Replaces what it held of the channel. */
  add(channel: string, rows: readonly IncomingProgramme[]): void;
  addBytes(channel: string, bytes: Uint8Array): void;
  /** Lets go of a channel's rows; the channel is still listed. */
  drop(channel: string): void;
}

const NONE = new Uint8Array([0x5b, 0x5d]);

export function createRowSpool(): RowSpool {
  const held = new Map<string, Uint8Array>();
  const encoder = new TextEncoder();
  return {
    channels: () => [...held.keys()],
    rowsOf(channel) {
      const bytes = held.get(channel);
      return bytes === undefined ? [] : JSON.parse(new TextDecoder().decode(bytes));
    },
    bytesOf: (channel) => held.get(channel),
    add(channel, rows) {
      held.set(channel, encoder.encode(JSON.stringify(rows)));
    },
    drop: (channel) => void held.set(channel, NONE),
    addBytes(channel, bytes) {
      held.set(channel, bytes);
    },
  };
}
