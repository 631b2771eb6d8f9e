/** Databases of the outbox that were damaged and set aside: what the keeper of the outbox may do with them. */
export interface DamagedOutboxes {
  /** Puts the database's files out of the way, as one. @returns the new name of the main one */
  setAside(): Promise<string>;
  /** Names in the data directory, oldest first. */
  list(): Promise<string[]>;
}
