/**
 * Publishing, withdrawing, rolling back, and finishing what a crash interrupted: DESIGN.md section 3.
 *
 * The intent goes into `authoring` first, with the whole content; then one transaction into `air`, guarded by
 * the manifest that was seen there, so that it can never land twice or on something else; then the intent is
 * marked on air. Whatever falls in between, `reconcile` finds out what happened and finishes it.
 */

import * as v from "valibot";
import { CuecastError, errorMessage } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import type { InteractionEntry } from "../../shared/publication/entries.ts";
import {
  hashParts,
  type Manifest,
  manifestSchema,
  type Position,
  type SignedManifest,
  signManifest,
} from "../../shared/publication/manifest.ts";
import {
  type Content,
  diffContent,
  hashPartOnce,
  type Part,
  sharingParts,
} from "../../shared/publication/part.ts";
import type { Statement } from "../../shared/runtime/database.ts";
import { parseCueId } from "../../shared/schedule/cue-id.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { AirStore } from "../store/air.ts";
import type { BoxRevocations } from "../store/box-revocations.ts";
import { type Drafts, placementStatement } from "../store/drafts.ts";
import type { Fleet } from "../store/fleet.ts";
import type { Images } from "../store/images.ts";
import type { Past, Publication, PublicationKind } from "../store/past.ts";
import {
  completeContent,
  draftContent,
  type Previous,
  placementsOf,
  rolledBack,
  sameContent,
  withGuide,
  withPlacements,
  withRevocations,
} from "./assemble.ts";
import { checkPublication } from "./checks.ts";
import { believable, historyConflict } from "./history-conflict.ts";
import { createLock } from "./lock.ts";
import type { RollCall } from "./roll-call.ts";

export interface Published {
  /** False: it would have been the same as what is on air, so nothing was published. */
  changed: boolean;
  position: Position;
}

/** What is on air now. */
export interface OnAir extends Previous {
  manifest: Manifest;
}

export interface Publisher {
  /** Undefined before the first publication. */
  onAir(): OnAir | undefined;
  /** Calls after each publication that went on air. */
  onPublished(listener: () => void): void;
  publish(options?: { comment?: string | undefined; newEpoch?: boolean | undefined }): Promise<Published>;
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
  rollback(place: { epoch: number; revision: number }, comment?: string): Promise<Published>;
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
}

const NO_CONTENT: Content = new Map();

/** Where a manifest stands. */
export const positionOf = (signed: SignedManifest): Position => {
  const { epoch, revision } = v.parse(manifestSchema, JSON.parse(signed.body));
  return { epoch, revision, hash: signed.hash };
};

/** @param settings `privateKeyPem`: Ed25519, PKCS #8, PEM; signs manifests */
export function createPublisher(ports: Ports, settings: { privateKeyPem: string }): Publisher {
  const { drafts, past, fleet, rollCall, images, revocations, air, clock, log } = ports;
  const inTurn = createLock();
  const listeners: (() => void)[] = [];
  let onAir: OnAir | undefined;
  let prepared = false;

  async function load(publication: Publication, content?: Content): Promise<void> {
    const { epoch, revision, hash, publishedAtMs, manifest } = publication;
    onAir = {
      epoch,
      revision,
      hash,
      publishedAtMs,
      manifest,
      content: content ?? (await past.content(publication)),
    };
  }

  async function land(publication: Publication, content?: Content): Promise<void> {
    const before = onAir;
    await past.setState(publication.epoch, publication.revision, "on-air");
    await load(publication, content);
    if (before) await past.dropHistory(before.manifest);
    log.info("published", {
      epoch: publication.epoch,
      revision: publication.revision,
      kind: publication.kind,
    });
    for (const listener of listeners) listener();
  }

  /** Writes an intent into `air` and marks it; finds out what happened when the reply is lost. */
  async function carryOut(publication: Publication, content: Content, from: Content): Promise<void> {
    try {
      await air.apply(
        publication.predecessor,
        diffContent(from, content),
        publication.manifest,
        publication.signed,
      );
    } catch (error) {
      const there = await air.readManifest().catch(() => undefined);
      if (there?.hash !== publication.hash) {
        if (error instanceof CuecastError && error.code === "air-moved") {
          await past.setState(publication.epoch, publication.revision, "abandoned");
          throw error;
        }
        throw new CuecastError(
          `Cannot finish publication ${publication.epoch}/${publication.revision} now: ${errorMessage(error)}; it is finished as soon as air answers`,
          { code: "air-unreachable", status: 503, retryable: true, cause: error },
        );
      }
    }
    await land(publication, content);
  }

  async function settle(): Promise<void> {
    if (!prepared) await air.prepare();
    prepared = true;
    const intent = await past.intended();
    if (!intent) return;
    const there = await air.readManifest();
    if (there?.hash === intent.hash) {
      await land(intent);
    } else if (there?.hash === intent.predecessor) {
      log.warn("publication-resumed", { epoch: intent.epoch, revision: intent.revision });
      await carryOut(intent, await past.content(intent), await air.readContent());
    } else {
      log.error("publication-abandoned", {
        epoch: intent.epoch,
        revision: intent.revision,
        why: "air holds something else than it was made for",
      });
      await past.setState(intent.epoch, intent.revision, "abandoned");
    }
  }

  /** What edges say that they served, as far as it can be. */
  async function claims(there: Position | undefined): Promise<{ id: string; highest: Position }[]> {
    const [newest] = await past.list(1);
    const epoch = Math.max(newest?.epoch ?? 0, there?.epoch ?? 0);
    return (await fleet.list()).flatMap(({ id, highest, revokedAtMs }) => {
      if (!highest || revokedAtMs !== undefined) return [];
      if (believable(highest, epoch)) return [{ id, highest }];
      log.error("edge-not-believed", { edge: id, epoch: highest.epoch, revision: highest.revision });
      return [];
    });
  }

  async function refuseConflict(there: Position | undefined): Promise<void> {
    await rollCall.complete();
    const edges = await claims(there);
    const known = new Map<string, string>();
    for (const { highest } of edges) {
      const publication = await past.at(highest.epoch, highest.revision);
      if (publication?.state === "on-air")
        known.set(`${highest.epoch}/${highest.revision}`, publication.hash);
    }
    const conflict = historyConflict(onAir, there, edges, (epoch, revision) =>
      known.get(`${epoch}/${revision}`),
    );
    if (conflict) {
      throw new CuecastError(`Cannot publish: ${conflict}`, { code: "history-conflict", status: 409 });
    }
  }

  async function nextEpoch(there: Position | undefined): Promise<number> {
    await rollCall.complete();
    const [newest] = await past.list(1);
    const edges = (await claims(there)).map(({ highest }) => highest.epoch);
    return Math.max(0, newest?.epoch ?? 0, there?.epoch ?? 0, ...edges) + 1;
  }

  async function run(
    kind: PublicationKind,
    comment: string | undefined,
    build: () => Promise<{ base: Content; also?: Statement[] }>,
  ): Promise<Published> {
    await settle();
    const newEpoch = kind === "new-epoch";
    const signedThere = await air.readManifest();
    const there = signedThere && positionOf(signedThere);
    if (!newEpoch) await refuseConflict(there);
    const { base: built, also } = await build();
    // Whatever is gone back to: a revoked token stays void.
    const wanted = withRevocations(built, await revocations.part());
    const base = onAir ? sharingParts(wanted, onAir.content) : wanted;
    const errors = checkPublication(base);
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
      ? { epoch: await nextEpoch(there), revision: 1 }
      : { epoch: onAir?.epoch ?? 1, revision: (onAir?.revision ?? 0) + 1 };
    const content = completeContent(base, onAir, place);
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
      publishedAtMs,
    };
    await past.intend(publication, content, also);
    await carryOut(publication, content, from);
    return { changed: true, position: { ...place, hash: signed.hash } };
  }

  /** Those that are on air already are not read again. */
  async function imagesOf(entries: readonly InteractionEntry[]): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for (const { interaction } of entries) {
      const sha256 = interaction.image?.sha256;
      if (sha256 === undefined || found.has(sha256)) continue;
      const there = onAir?.content.get("images")?.get(sha256);
      const bytes = there instanceof Uint8Array ? there : (await images.get(sha256))?.bytes;
      if (bytes) found.set(sha256, bytes);
    }
    return found;
  }

  async function fromDrafts(): Promise<{ base: Content }> {
    const placements = (await drafts.placements()).flatMap((draft) =>
      draft.state === "active" ? [draft.placement] : [],
    );
    const interactions = new Map<string, Awaited<ReturnType<Drafts["interaction"]>>>();
    for (const { interaction, version } of placements) {
      const key = `${interaction}@${version}`;
      if (!interactions.has(key)) interactions.set(key, await drafts.interaction(interaction, version));
    }
    const edges = (await fleet.list()).flatMap(({ region, url, revokedAtMs }) =>
      url !== undefined && revokedAtMs === undefined ? [{ region, url }] : [],
    );
    const entries = [...interactions.values()].filter((entry) => entry !== undefined);
    return {
      base: draftContent({
        images: await imagesOf(entries),
        regions: await drafts.regions(),
        channels: await drafts.channels(),
        guide: await drafts.guide(),
        placements,
        groups: await drafts.groups(),
        rules: await drafts.rules(),
        interactions: entries,
        edges,
      }),
    };
  }

  async function rolledBackTo(place: { epoch: number; revision: number }): Promise<Content> {
    const target = await past.at(place.epoch, place.revision);
    if (target?.state !== "on-air" || !onAir) {
      throw new CuecastError(`Cannot roll back to ${place.epoch}/${place.revision}: it never was on air`, {
        code: "unknown-publication",
        status: 404,
      });
    }
    return rolledBack(await past.content(target), onAir.content);
  }

  async function withStoredGuide(channels: readonly string[]): Promise<{ base: Content }> {
    if (!onAir) {
      throw new CuecastError("Cannot put a guide on air: nothing was published yet", {
        code: "not-on-air",
        status: 404,
      });
    }
    const { content } = onAir;
    const guides = new Map<string, Part>();
    for (const channel of channels) {
      if (content.get("channels")?.has(channel)) guides.set(channel, await drafts.guideOf(channel));
    }
    return { base: withGuide(content, guides) };
  }

  async function withdrawn(what: { placement: string } | { cue: string }) {
    const notThere = (name: string) =>
      new CuecastError(`Cannot withdraw ${name}: it is not on air`, { code: "not-on-air", status: 404 });
    const cue = "cue" in what ? parseCueId(what.cue) : undefined;
    const name = "cue" in what ? what.cue : what.placement;
    const id = "cue" in what ? cue?.placement : what.placement;
    const placements = onAir ? placementsOf(onAir.content) : [];
    const found = placements.find((placement) => placement.id === id);
    if (!onAir || !found || (cue && cue.generation !== found.generation)) throw notThere(name);
    const rest = placements.filter((placement) => placement !== found);
    const draft = await drafts.placement(found.id);
    if (!cue) {
      return {
        base: withPlacements(onAir.content, rest),
        also: draft ? [placementStatement({ ...draft, state: "withdrawn" })] : [],
      };
    }
    const except = (placement: typeof found) => ({
      ...placement,
      except: [...new Set([...(placement.except ?? []), cue.occurrence])],
    });
    const sameAiring = draft?.placement.generation === found.generation;
    return {
      base: withPlacements(onAir.content, [...rest, except(found)]),
      also: draft && sameAiring ? [placementStatement({ ...draft, placement: except(draft.placement) })] : [],
    };
  }

  return {
    onAir: () => onAir,
    onPublished: (listener) => {
      listeners.push(listener);
    },
    publish: ({ comment, newEpoch } = {}) =>
      inTurn(() => run(newEpoch ? "new-epoch" : "publish", comment, fromDrafts)),
    withdraw: (what, comment) => inTurn(() => run("withdraw", comment, () => withdrawn(what))),
    publishGuide: (channels, comment) => inTurn(() => run("guide", comment, () => withStoredGuide(channels))),
    publishRevocations: () =>
      inTurn(() =>
        run("guide", "tokens of boxes revoked", async () => ({ base: onAir?.content ?? NO_CONTENT })),
      ),
    exclusive: inTurn,
    rollback: (place, comment) =>
      inTurn(() => run("rollback", comment, async () => ({ base: await rolledBackTo(place) }))),
    continueInNewEpoch: (comment) =>
      inTurn(async () => {
        const now = onAir;
        return now && (await run("new-epoch", comment, async () => ({ base: now.content })));
      }),
    drafted: async () => (await fromDrafts()).base,
    rolledBackTo,
    open: () =>
      inTurn(async () => {
        const latest = await past.latest();
        if (latest) await load(latest);
      }),
    reconcile: () => inTurn(settle),
  };
}
