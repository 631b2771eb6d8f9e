/** Holds rows of a guide by channel as bytes outside the heap: of those channels that may wait for a person. */
import type { IncomingRows } from "./compare.ts";
import type { IncomingProgramme } from "./identity.ts";

export interface RowSpool {
  /** In the order in which they were added. */
  channels(): string[];
  all(): Iterable<IncomingRows>;
  /** As JSON in UTF-8; undefined for a channel that it does not hold. */
  bytesOf(channel: string): Uint8Array | undefined;
  /** Replaces what it held of the channel. */
  add(channel: string, rows: readonly IncomingProgramme[]): void;
  addBytes(channel: string, bytes: Uint8Array): void;
}

export function createRowSpool(): RowSpool {
  const held = new Map<string, Uint8Array>();
  const encoder = new TextEncoder();
  return {
    channels: () => [...held.keys()],
    *all() {
      for (const [channel, bytes] of held) {
        yield { channel, rows: JSON.parse(new TextDecoder().decode(bytes)) };
      }
    },
    bytesOf: (channel) => held.get(channel),
    add(channel, rows) {
      held.set(channel, encoder.encode(JSON.stringify(rows)));
    },
    addBytes(channel, bytes) {
      held.set(channel, bytes);
    },
  };
}
