/**
 * What is on air as central knows it, and how an intent gets there: one transaction into `air`, guarded by the manifest
 * that was seen there, then the mark in `authoring`. Finds out what happened when a crash or a lost reply came between.
 */

import * as v from "valibot";
import { CuecastError, errorMessage } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import {
  type Manifest,
  manifestSchema,
  type Position,
  type SignedManifest,
} from "../../shared/publication/manifest.ts";
import { type Content, diffContent } from "../../shared/publication/part.ts";
import type { AirStore } from "../store/air.ts";
import type { Past, Publication } from "../store/past.ts";
import type { Previous } from "./complete.ts";

/** What is on air now. */
export interface OnAir extends Previous {
  manifest: Manifest;
}

export interface OnAirKeeper {
  /** Undefined before the first publication. */
  now(): OnAir | undefined;
  /** Calls after each publication that went on air. */
  onPublished(listener: () => void): void;
  /** Reads what is on air, from `authoring` alone. */
  open(): Promise<void>;
  /** Finishes or abandons an interrupted publication. */
  settle(): Promise<void>;
  /**
   * Writes an intent into `air` and marks it.
   *
   * @param from what `air` holds
   * @throws {CuecastError} `air-moved` when `air` holds something else; 503 `air-unreachable`, and `settle` finishes it
   */
  carryOut(publication: Publication, content: Content, from: Content): Promise<void>;
}

/** Where a manifest stands. */
export const positionOf = (signed: SignedManifest): Position => {
  const { epoch, revision } = v.parse(manifestSchema, JSON.parse(signed.body));
  return { epoch, revision, hash: signed.hash };
};

export function createOnAir({ past, air, log }: { past: Past; air: AirStore; log: Log }): OnAirKeeper {
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

  return {
    now: () => onAir,
    onPublished: (listener) => {
      listeners.push(listener);
    },
    open: async () => {
      const latest = await past.latest();
      if (latest) await load(latest);
    },
    settle,
    carryOut,
  };
}
