/** A thing of central's as it was read, with what says that it is still so when it is saved. */
export interface Stored<T> {
  value: T;
  /** Its ETag; undefined while it is new. */
  tag: string | undefined;
}
