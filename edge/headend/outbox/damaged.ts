/** Outbox files that were damaged and set aside: what the keeper of the outbox may do with them. */
import type { UplinkAnswer } from "../../../shared/uplink/batch.ts";

/** A file that was set aside, by its name in the data directory. */
export interface SetAsideFile {
  file: string;
  /** What was read from it, in words; undefined until it was tried. */
  note?: string | undefined;
}

export interface DamagedOutboxes {
  /** Puts the outbox's files out of the way, as one. @returns the new name of the main one */
  setAside(): Promise<string>;
  /** Oldest first. */
  list(): Promise<SetAsideFile[]>;
  /**
   * Answers that still waited for central, as far as they can be read, in pages. Never throws for damage.
   *
   * @returns at the end how many waited; undefined when even that cannot be read
   */
  read(file: string): AsyncGenerator<UplinkAnswer[], number | undefined>;
  /** Remembers what was read, beside the file, so that it is read once. */
  note(file: string, note: string): Promise<void>;
}
