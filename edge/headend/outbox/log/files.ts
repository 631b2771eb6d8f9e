/** What the answer log needs of a disk. The adapter is `platform/log-files.ts`. */

export interface LogFile {
  /** Bytes from `at`; fewer where the file ends before. @throws the system's error, with its `code` */
  read(at: number, bytes: number): Promise<Uint8Array>;
  /** The same at once: for a few KiB that decide about an answer. */
  readNow(at: number, bytes: number): Uint8Array;
  /** Writes there and syncs: on disk when it resolves. @throws the system's error; what stands there then is unknown */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Cuts it there; on disk, with all that stands before, when it resolves. */
  cut(bytes: number): Promise<void>;
  size(): Promise<number>;
  /** Whether its name still leads to it: somebody may delete or replace it while it is open. */
  isThere(): boolean;
  close(): void;
}

/** Files by name, of one folder that is this log's alone. */
export interface LogFolder {
  /** Names, in no order. */
  list(): Promise<string[]>;
  /** Opens or makes it; a new name is on disk when it resolves. */
  open(name: string): Promise<LogFile>;
  /** Puts a whole file there, or none. @param data pieces are written one after the other */
  put(name: string, data: Uint8Array | AsyncIterable<Uint8Array>): Promise<void>;
  remove(name: string): Promise<void>;
}
