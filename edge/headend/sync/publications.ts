/**
 * The promoted copies: `<epoch>-<revision>-<hash, 12 digits>.db`, the last good one and the one before.
 * What is damaged is passed over and goes when the next copy is promoted.
 */
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import { comparePositions, type Position } from "../../../shared/publication/manifest.ts";
import { SYSTEM_WORDS, systemState } from "../../../shared/system-state.ts";
import type { LoadedPublication, Publications, VerifiedPublication } from "./contract.ts";
import { type AirRows, verifyAir } from "./verify-air.ts";

/** The folder `publications/`. */
export interface PublicationFiles {
  /** File names. */
  list(): Promise<string[]>;
  path(name: string): string;
  /**
   * @param isChecked by the database itself, a moment ago
   * @throws {CuecastError} `air-damaged`
   */
  read(path: string, isChecked: boolean): Promise<AirRows>;
  /**
   * A copy's packed form, unverified.
   *
   * @param path of the copy
   * @param isBeside whether the copy that it was read from must still be there, as it was
   * @returns undefined when there is none, or it is of another copy
   * @throws {CuecastError} `air-damaged`
   */
  readPacked(path: string, isBeside: boolean): Promise<AirRows | undefined>;
  /**
   * Writes a copy's packed form where there is none.
   *
   * @param path of the copy
   * @throws the system's error
   */
  writePacked(path: string, publication: VerifiedPublication): Promise<void>;
  /** @param path of the copy */
  removePacked(path: string): Promise<void>;
  /** Moves a copy in under that name with its packed form, replacing one, and syncs the folder. */
  bring(from: string, name: string): Promise<void>;
  /** With its packed form. */
  remove(name: string): Promise<void>;
  /**
   * Makes a copy of what was synced last, outside the folder: the last resort when nothing in it holds. Nobody
   * may be syncing.
   *
   * @returns its path; undefined when there is nothing to copy or it cannot be read
   */
  rescue(): Promise<string | undefined>;
}

/** The last good one and the one before. */
const KEPT = 2;

const NAME = /^(\d{1,16})-(\d{1,16})-([0-9a-f]{12})\.db$/;

const PACKED = /\.packed$/;

export const publicationName = ({ epoch, revision, hash }: Position) =>
  `${epoch}-${revision}-${hash.slice(0, 12)}.db`;

export function createPublications(
  ports: { files: PublicationFiles; log: Log },
  settings: { publicationKey: string },
): Publications {
  const { files, log } = ports;
  const damaged = new Set<string>();

  async function newestFirst(): Promise<{ name: string; epoch: number; revision: number; digits: string }[]> {
    const found = [];
    for (const name of await files.list()) {
      const match = NAME.exec(name);
      if (!match) continue;
      const [, epoch, revision, digits = ""] = match;
      found.push({ name, epoch: Number(epoch), revision: Number(revision), digits });
    }
    return found.sort((a, b) => comparePositions(b, a) || (a.name < b.name ? -1 : 1));
  }

  async function openDatabase(path: string, isChecked = true): Promise<LoadedPublication> {
    return { ...verifyAir(await files.read(path, isChecked), settings.publicationKey), path };
  }

  /**
   * From the packed form, which the database would give as well.
   *
   * @param isBeside whether the database that it was read from must still be there, as it was
   * @returns undefined when there is none, or it does not hold
   */
  async function openPacked(path: string, isBeside: boolean): Promise<LoadedPublication | undefined> {
    try {
      const rows = await files.readPacked(path, isBeside);
      if (!rows) return undefined;
      const publication = { ...verifyAir(rows, settings.publicationKey), path };
      const name = nameOf(path);
      if (!NAME.test(name) || publicationName(publication.position) === name) return publication;
      throw new Error("it holds another publication than its name says");
    } catch (error) {
      // Bytes that were changed may read as anything: whatever it is, the database is asked.
      log.warn("packed-copy-damaged", { name: nameOf(path), error: errorMessage(error) });
      await files.removePacked(path).catch(() => {});
      return undefined;
    }
  }

  const nameOf = (path: string) => path.slice(path.lastIndexOf("/") + 1);

  return {
    // The replica process has the database check it; its hashes are computed here again from what is read.
    open: async (path) => (await openPacked(path, true)) ?? openDatabase(path),
    openDatabase,
    async loadLastGood() {
      const damage: string[] = [];
      const note = (name: string, state: string) => {
        damaged.add(name);
        damage.push(`${name}: ${state}`);
        log.error("publication-damaged", { name, error: state });
      };
      /** Whole, but under another's name: the best of them serves when none is what its name says. */
      let misnamed: LoadedPublication | undefined;
      const copies = await newestFirst().catch((error) => {
        // What was synced last is served all the same.
        const state = systemState(error);
        if (state === undefined) throw error;
        note("publications", SYSTEM_WORDS[state]);
        return [];
      });
      for (const { name, epoch, revision, digits } of copies) {
        try {
          const publication =
            (await openPacked(files.path(name), true)) ?? (await openDatabase(files.path(name), false));
          const { position } = publication;
          const named =
            comparePositions(position, { epoch, revision }) === 0 && position.hash.startsWith(digits);
          if (named && (!misnamed || comparePositions(position, misnamed.position) > 0)) {
            return { publication, damage };
          }
          if (named) continue;
          note(name, "it holds another publication than its name says");
          if (!misnamed || comparePositions(position, misnamed.position) > 0) misnamed = publication;
        } catch (error) {
          if (!(error instanceof CuecastError)) throw error;
          note(name, errorMessage(error));
          const publication = await openPacked(files.path(name), false);
          if (publication && (!misnamed || comparePositions(publication.position, misnamed.position) > 0))
            return { publication, damage };
        }
      }
      return { publication: misnamed ?? (await rescued(damage)), damage };
    },
    promote,
    async pack({ path, ...publication }) {
      const name = nameOf(path);
      // Under another's name it would not hold, and be removed at each start.
      if (publicationName(publication.position) !== name) return;
      try {
        await files.writePacked(path, publication);
      } catch (error) {
        // Only the next start is slower.
        log.warn("publication-not-packed", { name, error: errorMessage(error) });
        await files.removePacked(path).catch(() => {});
      }
    },
  };

  /** From the replica, which holds what was synced last: it need not have been promoted. */
  async function rescued(damage: string[]): Promise<LoadedPublication | undefined> {
    const path = await files.rescue();
    if (path === undefined) return undefined;
    let publication: LoadedPublication;
    try {
      publication = await openDatabase(path, false);
    } catch (error) {
      if (error instanceof CuecastError) return undefined;
      throw error;
    }
    const { revision } = publication.position;
    log.warn("publication-rescued", { revision });
    // A full disk keeps it from being kept, not from being served.
    try {
      return { ...publication, path: await promote(path, publication.position) };
    } catch (error) {
      log.warn("publication-not-kept", { revision, error: errorMessage(error) });
      damage.push(
        `${publicationName(publication.position)}: it is served, and could not be kept: ${errorMessage(error)}`,
      );
      return publication;
    }
  }

  async function promote(path: string, position: Position): Promise<string> {
    const promoted = publicationName(position);
    await files.bring(path, promoted);
    damaged.delete(promoted);
    const others = (await newestFirst()).map(({ name }) => name).filter((name) => name !== promoted);
    const good = others.filter((name) => !damaged.has(name));
    for (const name of others) {
      if (good.slice(0, KEPT - 1).includes(name)) continue;
      await files.remove(name).then(
        () => damaged.delete(name),
        // An old copy too many harms nobody; the new one is in place.
        (error) => log.warn("publication-kept", { name, error: errorMessage(error) }),
      );
    }
    const left = await files.list();
    const orphans = left.filter((name) => PACKED.test(name) && !left.includes(name.replace(PACKED, ".db")));
    for (const name of orphans) await files.remove(name).catch(() => {});
    return files.path(promoted);
  }
}
