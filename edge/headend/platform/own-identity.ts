/** The identity of the edge that runs: saved when it changes, and its copies written again when somebody takes them away. */
import { CuecastError } from "../../../shared/errors.ts";
import type { Identity } from "../identity.ts";
import { loadIdentity, saveIdentity } from "./identity-file.ts";

export interface OwnIdentity {
  current(): Identity;
  /** @throws the system's error */
  save(identity: Identity): Promise<void>;
  /**
   * Looks at both copies, and writes again what is gone or damaged. One that somebody edited counts, at the next start.
   *
   * @returns what was wrong, in words; undefined when nothing was
   * @throws the system's error, or `identity-unreadable`, when it cannot be mended
   */
  look(): Promise<string | undefined>;
}

/** @param identity as it stands in the file, or was saved to it */
export function createOwnIdentity(path: string, identity: Identity): OwnIdentity {
  let current = identity;
  /** Both write the same two files. */
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  }

  async function wrong(): Promise<string | undefined> {
    try {
      const loaded = await loadIdentity(path, { repair: false });
      if (loaded?.damage !== undefined) await saveIdentity(path, loaded.identity);
      if (loaded) return loaded.damage;
      await saveIdentity(path, current);
      return "identity.json and its copy: both were missing";
    } catch (error) {
      if (!(error instanceof CuecastError) || error.code !== "bad-identity") throw error;
      await saveIdentity(path, current);
      return "identity.json and its copy: neither held";
    }
  }

  return {
    current: () => current,
    save: (identity) =>
      inTurn(async () => {
        await saveIdentity(path, identity);
        current = identity;
      }),
    look: () => inTurn(wrong),
  };
}
