/**
 * Central, put together from its parts over given ports; knows no process, no socket and no file. `main.ts`
 * gives it the real ones, tests give it what they like.
 */
import type { Hono } from "hono";
import type { Log } from "../shared/log.ts";
import { createClientAddress } from "../shared/runtime/client-address.ts";
import type { Database, Queries } from "../shared/runtime/database.ts";
import type { Clock } from "../shared/time/clock.ts";
import type { Random } from "../shared/time/random.ts";
import type { Timers } from "../shared/time/timers.ts";
import { createTokens, type Tokens } from "./air-server/tokens.ts";
import type { BackupSchedule } from "./backup/schedule.ts";
import { createErrands } from "./errands.ts";
import { createBreather } from "./guide/breather.ts";
import type { GuideFetch } from "./guide/fetch-guide.ts";
import { type GuideWork, workInPlace } from "./guide/guide-work.ts";
import { createImporter, type Importer } from "./guide/importer.ts";
import { createSourceRunner } from "./guide/source-runner.ts";
import { createEvents } from "./live/events.ts";
import { createAudit } from "./people/audit.ts";
import { hashBox, hashingSecret } from "./people/box-hash.ts";
import { createOidc, type OidcSettings } from "./people/oidc.ts";
import { createPeople, type PasswordCost, type People } from "./people/people.ts";
import { createAirWatch } from "./publish/air-watch.ts";
import { createDraftView } from "./publish/draft-view.ts";
import { createLanding } from "./publish/landing.ts";
import { createLock } from "./publish/lock.ts";
import { positionOf } from "./publish/on-air.ts";
import { createPublisher, type Publisher } from "./publish/publish.ts";
import { type Restored, raiseRestoredEpoch } from "./publish/raise-restored-epoch.ts";
import { createRollCall } from "./publish/roll-call.ts";
import { createAnswers } from "./results/answers.ts";
import { createCueFinder } from "./results/cue-facts.ts";
import { createDraws } from "./results/draw.ts";
import { createDrawEntries } from "./results/draw-entries.ts";
import { createErasure } from "./results/erasure.ts";
import { createGate } from "./results/gate.ts";
import { createIntake, type Intake } from "./results/intake.ts";
import { createNational } from "./results/national.ts";
import { createSealer } from "./results/seal.ts";
import { createSummaries } from "./results/summary.ts";
import { createTogether } from "./results/together.ts";
import { createPublicationRemover } from "./retention/publication-remover.ts";
import { createRemovers } from "./retention/removers.ts";
import { createRetention, type Retention } from "./retention/retention.ts";
import { createApp } from "./routes/app.ts";
import { type PageFile, servePage } from "./routes/page.ts";
import { allRoutes } from "./routes/routes.ts";
import { type AirStore, createAirStore } from "./store/air.ts";
import { createBoxRevocations } from "./store/box-revocations.ts";
import { createDrafts, type Drafts } from "./store/drafts.ts";
import { createFleet, type Fleet, type Told } from "./store/fleet.ts";
import { createGuideImports } from "./store/guide-imports.ts";
import { createGuideSources } from "./store/guide-sources.ts";
import { createImages } from "./store/images.ts";
import { createPast } from "./store/past.ts";
import { createSettings } from "./store/settings.ts";
import { createWebhooks } from "./store/webhooks.ts";
import { createHints } from "./uplink/hints.ts";
import { createCollector } from "./webhooks/collect.ts";
import { createDeliverer } from "./webhooks/deliver.ts";

export interface CentralPorts {
  authoring: Database;
  results: Queries;
  clock: Clock;
  timers: Timers;
  log: Log;
  /** For `air`; both give up by themselves, the second soon. */
  airFetch: typeof globalThis.fetch;
  airQuickFetch: typeof globalThis.fetch;
  /** For the identity provider, when not as for webhooks. */
  oidcFetch?: typeof globalThis.fetch;
  /** For webhooks; gives up by itself. */
  webhookFetch: typeof globalThis.fetch;
  /** For guide sources, which have time limits of their own. */
  guideFetch: GuideFetch;
  /** Where guides are read and compared, when not in place. */
  guideWork?: GuideWork;
  random: Random;
  /** Absent: nothing backs up by itself. */
  backups?: BackupSchedule | undefined;
  /** After a restore's epoch was raised. */
  forgetRestored?(): Promise<void>;
}
export interface CentralSettings {
  keys: Record<"publication" | "box" | "air", { privatePem: string; publicPem: string }>;
  /** Where central reaches `air`. */
  airUrl: string;
  /** Where edges reach it. */
  airPublicUrl: string;
  /** How long after the start a publication waits for edges to say what they serve; 0: not at all. */
  rollCallMs: number;
  software: { version: string; timeZoneData: string | undefined };
  /** Central is reached over https. */
  secure: boolean;
  /** Addresses and ranges of proxies in front, whose `X-Forwarded-For` is believed; absent: nobody's. */
  trustedProxies?: string | undefined;
  page: readonly PageFile[];
  /** Absent: what protects people's passwords. */
  passwordCost?: PasswordCost | undefined;
  /** Absent: people sign in by password alone. */
  oidc?: OidcSettings | undefined;
  /** Left by a restore: what was on air in the backup goes on in a new epoch. */
  restored?: Restored | undefined;
}
export interface Central {
  app: Hono<{ Bindings: { address?: string } }>;
  publisher: Publisher;
  people: People;
  drafts: Drafts;
  fleet: Fleet;
  intake: Intake;
  tokens: Tokens;
  air: AirStore;
  importer: Importer;
  retention: Retention;
  /** Queues for webhooks what happened; runs by itself too. */
  collect(): Promise<void>;
  /** Reads what is on air, then finishes what was interrupted, without waiting for `air`. */
  start(): Promise<void>;
  /** Lets held requests go at once; resolves when what runs by itself has ended. */
  close(): Promise<void>;
}

/** How soon an unfinished publication is tried again, ms. */
const RECONCILE_EVERY_MS = 5_000;
/** How soon webhooks are told of what happened. */
const COLLECT_EVERY_MS = 2_000;

/** Reports of edges that come within it are one transaction, ms: none of those edges waits for anything. */
const REPORTS_GATHER_MS = 10;
/** Most of them in one: a transaction of so many takes 10 ms or so. */
const REPORTS_MOST = 500;

/** One run at a time. */
function inTurn(run: () => Promise<void>): () => Promise<void> {
  const lock = createLock();
  return () => lock(run);
}

export function createCentral(ports: CentralPorts, settings: CentralSettings): Central {
  const { authoring, results, clock, timers, log } = ports;
  const tokens = createTokens(
    { air: settings.keys.air.privatePem, box: settings.keys.box.privatePem },
    clock,
  );
  const air = createAirStore(
    { url: settings.airUrl, token: () => tokens.writeAir() },
    ports.airFetch,
    ports.airQuickFetch,
  );
  const drafts = createDrafts(authoring);
  const past = createPast(authoring);
  const fleet = createFleet(authoring);
  const images = createImages(authoring);
  const revocations = createBoxRevocations(authoring);
  const secret = hashingSecret(settings.keys.box.privatePem);
  const events = createEvents(timers);
  const people = createPeople(authoring, clock, settings.passwordCost);
  const audit = createAudit(authoring, clock);
  const rollCall = createRollCall({ list: fleet.list, timers }, settings.rollCallMs);
  const newBreather = () => createBreather({ clock, timers });
  const publisher = createPublisher(
    { drafts, past, fleet, rollCall, images, revocations, air, clock, log, newBreather },
    { privateKeyPem: settings.keys.publication.privatePem },
  );
  const operatorSettings = createSettings(authoring);
  const imports = createGuideImports(authoring);
  const importer = createImporter({
    ...{ drafts, imports, publisher, clock, timers, log },
    work: ports.guideWork ?? workInPlace,
    settings: operatorSettings,
  });
  const sourceRunner = createSourceRunner({
    ...{ importer, clock, timers, log },
    sources: createGuideSources(authoring),
    fetch: ports.guideFetch,
    random: ports.random,
    onTried() {
      draftView.forget();
      events.notify("guide");
    },
  });
  const finder = createCueFinder({ onAir: publisher.onAir, past, drafts });
  const gate = createGate(results, secret);
  const answers = createAnswers(results);
  const national = createNational({ database: results, clock });
  const intake = createIntake({ database: results, answers, finder, gate, national, clock, log });
  const { exclusive } = intake;
  const entries = createDrawEntries(results);
  const picking = createLock();
  const erase = createErasure({ database: results, answers, gate, entries, picking, clock, exclusive });
  const regions = async () => new Map((await fleet.list()).map(({ id, region }) => [id, region]));
  const retention = createRetention({
    days: operatorSettings.retention,
    removers: createRemovers({
      ...{ authoring, results, exclusive },
      removeAnswers: createSealer({ database: results, answers, finder, entries, regions, exclusive }),
      removePublications: createPublicationRemover({
        authoring,
        exclusive: publisher.exclusive,
        breathe: () => new Promise((resolve) => timers.after(0, resolve)),
      }),
    }),
    runs: { read: operatorSettings.retentionRuns, write: operatorSettings.putRetentionRuns },
    ...{ clock, timers, log },
  });
  const summaries = createSummaries(results, answers, finder);
  const breathe = () => new Promise<void>((resolve) => timers.after(0, resolve));
  const draws = createDraws({ database: results, answers, summaries, entries, picking, clock, breathe });
  const webhooks = createWebhooks(authoring);
  const collect = inTurn(createCollector({ authoring, results, webhooks, past, fleet, summaries, clock }));
  const deliverer = createDeliverer({
    ...{ webhooks, clock, timers, log, fetch: ports.webhookFetch, random: ports.random },
    version: settings.software.version,
    onSettled: () => events.notify("webhooks"),
  });
  const draftView = createDraftView(publisher.drafted, clock);
  const landing = createLanding({
    ...{ onAir: publisher.onAir, past },
    newBreather,
  });
  const airWatch = createAirWatch({
    ...{ onAir: publisher.onAir, exclusive: publisher.exclusive, log },
    async there() {
      const signed = await air.readManifest();
      return signed && positionOf(signed);
    },
    onChanged: () => hints.notify(),
  });
  const hints = createHints(airWatch.position, timers);
  // After a publication all edges report at once. Each sync of the disk holds everybody up, also those who wait to hear.
  const reportTogether = createTogether<Told, undefined>(
    (write) => new Promise<void>((resolve) => timers.after(REPORTS_GATHER_MS, resolve)).then(write),
    async (all) => {
      await fleet.reportAll(all);
      return all.map(() => undefined);
    },
    REPORTS_MOST,
  );
  const errands = createErrands({ timers, log });
  const rejudge = () => {
    void errands.run("rejudge-failed", intake.rejudge);
  };
  publisher.onPublished(() => {
    finder.forget();
    hints.notify();
    draftView.forget();
    events.notify("air");
    rejudge();
  });

  const onChanged = (path: string) => {
    draftView.forget();
    events.notify(/^\/api\/v1\/(guide|channels)/.test(path) ? "guide" : "drafts");
    if (/^\/api\/v1\/(people|tokens)/.test(path)) events.notify("people");
    if (path.startsWith("/api/v1/edges")) events.notify("edges");
  };

  const app = createApp(
    allRoutes(
      {
        ...{
          people,
          audit,
          drafts,
          past,
          summaries,
          air,
          hints,
          publisher,
          tokens,
          clock,
          timers,
          importer,
          sourceRunner,
        },
        settings: operatorSettings,
        ...{ images, draftView, landing, events, results, answers, backups: ports.backups },
        ...{ retention, revocations, webhooks, deliverer, draws },
        oidc:
          settings.oidc &&
          createOidc(settings.oidc, { fetch: ports.oidcFetch ?? ports.webhookFetch, clock, log }),
        async erase(box) {
          const erased = await erase(box);
          events.notify("results");
          return erased;
        },
        fleet: {
          ...fleet,
          async enrol(...given) {
            const enrolled = await fleet.enrol(...given);
            // Its address goes into the region's line-up with the next publication.
            draftView.forget();
            events.notify("edges");
            return enrolled;
          },
          async report(edge, report, nowMs) {
            await reportTogether({ edge, report, nowMs });
            rollCall.heard(edge.id);
            events.notify("edges");
          },
        },
        intake: {
          ...intake,
          async take(edge, batch) {
            const reply = await intake.take(edge, batch);
            events.notify("results");
            return reply;
          },
        },
        national,
        publicationKey: settings.keys.publication.publicPem,
        boxKey: settings.keys.box.publicPem,
        airUrl: settings.airPublicUrl,
        timeZoneData: settings.software.timeZoneData,
      },
      { secure: settings.secure },
    ),
    {
      people,
      audit,
      fleet: { byToken: (token) => fleet.byToken(token, clock.wallMs()) },
      log,
      onChanged,
      hashBox: (box) => hashBox(secret, box),
      version: settings.software.version,
      clientAddress: createClientAddress(settings.trustedProxies ?? ""),
    },
  );
  servePage(app, settings.page);

  let { restored } = settings;
  async function raiseEpoch(): Promise<void> {
    if (!restored) return;
    await raiseRestoredEpoch(restored, { publisher, log, forget: async () => ports.forgetRestored?.() });
    restored = undefined;
  }

  return {
    ...{ app, publisher, people, drafts, fleet, intake, tokens, air, importer, retention, collect },
    async start() {
      await publisher.open();
      errands.repeat(RECONCILE_EVERY_MS, async () => {
        await errands.run("reconcile-failed", publisher.reconcile);
        await errands.run("epoch-not-raised", raiseEpoch);
        await errands.run("air-not-looked-at", airWatch.look);
      });
      errands.repeat(RECONCILE_EVERY_MS, () => errands.run("guide-tidy-up-failed", importer.tidyUp));
      errands.repeat(COLLECT_EVERY_MS, () =>
        errands.run("webhooks-failed", async () => {
          await collect();
          deliverer.wake();
        }),
      );
      sourceRunner.start();
      ports.backups?.start();
      retention.start();
      rejudge();
    },
    async close() {
      const ended = errands.close();
      sourceRunner.close();
      ports.backups?.close();
      hints.close();
      events.close();
      deliverer.close();
      await retention.close();
      await ended;
    },
  };
}
