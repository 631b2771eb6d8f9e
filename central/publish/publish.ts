/**
 * Publishing, withdrawing, rolling back, and finishing what a crash interrupted: DESIGN.md section 3.
 *
 * What is wanted is checked, signed, and stored in `authoring` as an intent, with the whole content; then `on-air.ts`
 * carries it out. It can never land twice or on something else; whatever falls in between, `reconcile` finishes it.
 */

import { CuecastError } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import { hashParts, type Manifest, type Position, signManifest } from "../../shared/publication/manifest.ts";
import { type Content, hashPartOnce, sharingParts } from "../../shared/publication/part.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { AirStore } from "../store/air.ts";
import type { BoxRevocations } from "../store/box-revocations.ts";
import type { Drafts } from "../store/drafts.ts";
import type { Fleet } from "../store/fleet.ts";
import type { Images } from "../store/images.ts";
import type { Past, Publication, PublicationAbout, PublicationKind } from "../store/past.ts";
import { withRevocations } from "./assemble.ts";
import { type ChangedEntries, changedEntries } from "./changed-entries.ts";
import { checkPublication } from "./checks.ts";
import { complete, sameContent } from "./complete.ts";
import { createFleetHistory } from "./fleet-history.ts";
import { createLock } from "./lock.ts";
import { createOnAir, type OnAir, positionOf } from "./on-air.ts";
import type { RollCall } from "./roll-call.ts";
import { checkTexts } from "./text-checks.ts";
import { createWantedContent, type Wanted } from "./wanted.ts";
import { inTurns } from "./work.ts";

export interface Published {
  /** False: it would have been the same as what is on air, so nothing was published. */
  changed: boolean;
  position: Position;
  /** It is kept, and goes on air by itself as soon as `air` answers. */
  waits?: true;
  /** What it changed of what was on air. */
  entries?: ChangedEntries;
}

/** @param onAir undefined before the first publication; @param wanted without what publishing itself adds */
export type Look = (onAir: Content | undefined, wanted: Content) => Promise<void>;

export interface Publisher {
  /** Undefined before the first publication. */
  onAir(): OnAir | undefined;
  /** Calls after each publication that went on air. */
  onPublished(listener: () => void): void;
  /** @param options `look`: sees what would go on air just before it does, and throws to keep it off */
  publish(options?: {
    comment?: string | undefined;
    newEpoch?: boolean | undefined;
    look?: Look | undefined;
  }): Promise<Published>;
  /** @throws {CuecastError} 404 `not-on-air` */
  withdraw(what: { placement: string } | { cue: string }, comment?: string): Promise<Published>;
  /**
   * Puts the stored guide of these channels on air, and nothing else that is drafted; of channels that are not
   * on air, nothing.
   *
   * @throws {CuecastError} 404 `not-on-air` before the first publication
   */
  publishGuide(channels: readonly string[], comment?: string): Promise<Published>;
  /** What is on air, with the tokens of boxes that were revoked since. */
  publishRevocations(): Promise<Published>;
  /** Runs a task while nothing is published. */
  exclusive<T>(task: () => Promise<T>): Promise<T>;
  /** @throws {CuecastError} 404 `unknown-publication` */
  rollback(
    place: { epoch: number; revision: number },
    comment?: string,
    look?: Look | undefined,
  ): Promise<Published>;
  /** Puts what is on air on the air again, in a new epoch: after a restore. Undefined when nothing is on air. */
  continueInNewEpoch(comment: string): Promise<Published | undefined>;
  /** What would be published now: every part but `schedules` and `history`. */
  drafted(): Promise<Content>;
  /** What rolling back would publish. @throws {CuecastError} 404 `unknown-publication` */
  rolledBackTo(place: { epoch: number; revision: number }): Promise<Content>;
  /** Reads what is on air, from `authoring` alone; before anything else. */
  open(): Promise<void>;
  /** Finishes or abandons an interrupted publication. At start, and every now and then. */
  reconcile(): Promise<void>;
}

interface Ports {
  drafts: Drafts;
  past: Past;
  fleet: Fleet;
  rollCall: RollCall;
  images: Images;
  revocations: Pick<BoxRevocations, "part">;
  air: AirStore;
  clock: Clock;
  log: Log;
  /** Made for one long work: whoever else waits has a turn. */
  newBreather(): () => Promise<void>;
}

const NO_CONTENT: Content = new Map();

/** @param settings `privateKeyPem`: Ed25519, PKCS #8, PEM; signs manifests */
export function createPublisher(ports: Ports, settings: { privateKeyPem: string }): Publisher {
  const { past, revocations, air, clock } = ports;
  const inTurn = createLock();
  const keeper = createOnAir(ports);
  const history = createFleetHistory(ports);
  const wanted = createWantedContent({ ...ports, onAir: keeper.now });

  async function run(
    kind: PublicationKind,
    comment: string | undefined,
    build: () => Promise<Wanted>,
    { look, about }: { look?: Look | undefined; about?: PublicationAbout } = {},
  ): Promise<Published> {
    await keeper.settle();
    const onAir = keeper.now();
    const newEpoch = kind === "new-epoch";
    const signedThere = await air.readManifest();
    const there = signedThere && positionOf(signedThere);
    if (!newEpoch) await history.refuseConflict(onAir, there);
    const { base: built, also } = await build();
    await look?.(onAir?.content, built);
    // Whatever is gone back to: a revoked token stays void.
    const whole = withRevocations(built, await revocations.part());
    const base = onAir ? sharingParts(whole, onAir.content) : whole;
    const isOfDrafts = kind === "publish" || (newEpoch && look !== undefined);
    const errors = [...checkPublication(base), ...(isOfDrafts ? checkTexts(onAir?.content, base) : [])];
    if (errors.length > 0) {
      throw new CuecastError(
        `Cannot publish: ${errors.length} checks fail, the first: ${errors[0]?.message}`,
        {
          code: "checks-failed",
          status: 422,
          errors,
        },
      );
    }
    const place = newEpoch
      ? { epoch: await history.nextEpoch(there), revision: 1 }
      : { epoch: onAir?.epoch ?? 1, revision: (onAir?.revision ?? 0) + 1 };
    const content = await inTurns(complete(base, onAir, place), ports.newBreather());
    if (!newEpoch && onAir && sameContent(onAir.manifest.parts, content)) {
      const { epoch, revision, hash } = onAir;
      return { changed: false, position: { epoch, revision, hash } };
    }
    const publishedAtMs = clock.wallMs();
    const manifest: Manifest = { ...place, publishedAtMs, parts: hashParts(content, hashPartOnce) };
    if (comment !== undefined) manifest.comment = comment;
    const signed = signManifest(manifest, settings.privateKeyPem);
    const from = newEpoch ? await air.readContent() : (onAir?.content ?? NO_CONTENT);
    const publication: Publication = {
      ...place,
      hash: signed.hash,
      signed,
      manifest,
      predecessor: there?.hash,
      state: "intended",
      kind,
      comment,
      about,
      publishedAtMs,
    };
    await past.intend(publication, content, also);
    const published: Published = {
      changed: true,
      position: { ...place, hash: signed.hash },
      entries: changedEntries(onAir?.content ?? NO_CONTENT, content),
    };
    try {
      await keeper.carryOut(publication, content, from);
      return published;
    } catch (error) {
      // From here on it is no failure: `settle` finishes it, whoever asks next.
      if (error instanceof CuecastError && error.code === "air-unreachable")
        return { ...published, waits: true };
      throw error;
    }
  }

  return {
    onAir: keeper.now,
    onPublished: keeper.onPublished,
    publish: ({ comment, newEpoch, look } = {}) =>
      inTurn(() => run(newEpoch ? "new-epoch" : "publish", comment, wanted.fromDrafts, { look })),
    withdraw: (what, comment) =>
      inTurn(() => run("withdraw", comment, () => wanted.withdrawn(what), { about: what })),
    publishGuide: (channels, comment) =>
      inTurn(() => run("guide", comment, () => wanted.withStoredGuide(channels))),
    publishRevocations: () =>
      inTurn(() => run("revocation", undefined, async () => ({ base: keeper.now()?.content ?? NO_CONTENT }))),
    exclusive: inTurn,
    rollback: (place, comment, look) =>
      inTurn(() =>
        run("rollback", comment, async () => ({ base: await wanted.rolledBackTo(place) }), {
          look,
          about: place,
        }),
      ),
    continueInNewEpoch: (comment) =>
      inTurn(async () => {
        const now = keeper.now();
        return now && (await run("new-epoch", comment, async () => ({ base: now.content })));
      }),
    drafted: async () => (await wanted.fromDrafts()).base,
    rolledBackTo: wanted.rolledBackTo,
    open: () => inTurn(keeper.open),
    reconcile: () => inTurn(keeper.settle),
  };
}
