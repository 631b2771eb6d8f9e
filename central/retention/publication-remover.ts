/**
 * Removes past publications, and afterwards the parts that no publication names any more. Parts are kept by their hash
 * and shared, so they are found by looking at what every publication names, a page at a time.
 */
import * as v from "valibot";
import { manifestSchema } from "../../shared/publication/manifest.ts";
import type { Database } from "../../shared/runtime/database.ts";
import type { Remover } from "./removers.ts";

const LEAST_KEPT = 100;
/** Manifests of a large guide are 100 KB each. */
const PAGE = 20;
const PARTS_A_SLICE = 200;

interface Ports {
  authoring: Database;
  /** Runs a task while nothing is published. */
  exclusive<T>(task: () => Promise<T>): Promise<T>;
  /** Lets others have their turn. */
  breathe(): Promise<void>;
  /** Publications that stay whatever their age; LEAST_KEPT unless told. */
  leastKept?: number;
}

export function createPublicationRemover({
  authoring,
  exclusive,
  breathe,
  leastKept = LEAST_KEPT,
}: Ports): Remover {
  let orphans = false;

  /** Adds what publications behind a place name. @returns the last place */
  async function addNamed(named: Set<string>, from: [number, number]): Promise<[number, number]> {
    let last = from;
    for (;;) {
      const rows = await authoring.all(
        `SELECT epoch, revision, manifest FROM publication WHERE (epoch, revision) > (?, ?)
         ORDER BY epoch, revision LIMIT ${PAGE}`,
        last,
      );
      for (const row of rows) {
        const { parts } = v.parse(manifestSchema, JSON.parse(String(row.manifest)));
        for (const hash of Object.values(parts)) named.add(hash);
        last = [Number(row.epoch), Number(row.revision)];
      }
      if (rows.length < PAGE) return last;
      await breathe();
    }
  }

  async function sweep(): Promise<void> {
    const named = new Set<string>();
    let last = await addNamed(named, [0, 0]);
    const kept = await authoring.all("SELECT hash FROM part");
    const unnamed = kept.map((row) => String(row.hash)).filter((hash) => !named.has(hash));
    for (let from = 0; from < unnamed.length; from += PARTS_A_SLICE) {
      await exclusive(async () => {
        // What was published meanwhile may name an old part again.
        last = await addNamed(named, last);
        const gone = unnamed.slice(from, from + PARTS_A_SLICE).filter((hash) => !named.has(hash));
        await authoring.all("DELETE FROM part WHERE hash IN (SELECT value FROM json_each(?))", [
          JSON.stringify(gone),
        ]);
      });
      await breathe();
    }
  }

  return async (beforeMs) => {
    const rows = await authoring.all(
      `DELETE FROM publication WHERE (epoch, revision) IN (SELECT epoch, revision FROM publication AS old
         WHERE published_at_ms < ?1 AND state <> 'intended'
           AND (epoch, revision) NOT IN (SELECT epoch, revision FROM publication
                 ORDER BY epoch DESC, revision DESC LIMIT ?2)
           -- Whether an edge may be built upon is told by the publication that it served last.
           AND NOT EXISTS (SELECT 1 FROM edge WHERE edge.epoch = old.epoch AND edge.revision = old.revision
                 AND edge.revoked_at_ms IS NULL)
         ORDER BY epoch, revision LIMIT ${PAGE}) RETURNING 1 AS one`,
      [beforeMs, leastKept],
    );
    if (rows.length > 0) orphans = true;
    else if (orphans) {
      orphans = false;
      await sweep();
    }
    return rows.length;
  };
}
