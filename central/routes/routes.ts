/**
 * Every route of central, on one page.
 *
 * | address | who | file |
 * | --- | --- | --- |
 * | `POST GET DELETE /api/v1/session`, `DELETE /api/v1/sessions`, `PUT /api/v1/password` | people | session.ts |
 * | `GET /api/v1/sign-in`, `GET /api/v1/oidc/begin`, `…/callback` | anybody | oidc.ts |
 * | `GET /api/v1/people`, `GET PUT DELETE /api/v1/people/{id}` | people | people.ts |
 * | `GET POST /api/v1/tokens`, `DELETE /api/v1/tokens/{id}` | people | tokens.ts |
 * | `DELETE /api/v1/boxes/{box}`, `POST /api/v1/box-tokens`, `DELETE …/{box}`, `GET /api/v1/box-revocations` | people | boxes.ts |
 * | `GET POST /api/v1/webhooks`, `GET PUT DELETE …/{id}`, `POST …/{id}/secret`, `…/test`, `GET …/deliveries`, `POST …/{event}/again` | people | webhooks.ts |
 * | `GET PUT /api/v1/retention` | people | retention.ts |
 * | `GET /api/v1/audit` | people | audit.ts |
 * | `GET /api/v1/regions`, `GET PUT DELETE /api/v1/regions/{id}` | people | regions.ts |
 * | `GET /api/v1/channels`, `GET PUT DELETE /api/v1/channels/{id}`, `GET /api/v1/programmes` | people | channels.ts |
 * | `GET POST /api/v1/interactions`, `GET …/{id}`, `POST …/{id}/tags`, `GET /api/v1/interaction-tags`, `…-versions` | people | interactions.ts |
 * | `PUT DELETE /api/v1/interactions/{id}/archive` | people | interaction-archive.ts |
 * | `GET /api/v1/placements`, `GET PUT DELETE /api/v1/placements/{id}`, `GET POST /api/v1/preview` | people | placements.ts |
 * | `POST /api/v1/guide`, `GET /api/v1/guide/imports`, `POST …/{id}/accept`, `…/refuse` | people | guide.ts |
 * | `GET PUT /api/v1/guide/limits` | people | guide.ts |
 * | `GET /api/v1/channel-groups`, `…/channel-rules`, `GET PUT DELETE …/{id}` of each | people | channel-rules.ts |
 * | `POST /api/v1/effect` of a group or rule that is not saved | people | channel-rules.ts |
 * | `GET /api/v1/explain` | people | explain.ts |
 * | `GET /api/v1/channels/{id}/xmltv`, `…/ical` | people | guide-export.ts |
 * | `GET /api/v1/guide/sources`, `GET PUT DELETE …/{id}`, `POST …/{id}/run` | people | guide-sources.ts |
 * | `GET /api/v1/on-air`, `GET /api/v1/air`, `GET POST /api/v1/publish`, `GET POST …/rollback` | people | publishing.ts |
 * | `POST /api/v1/withdraw`, `GET /api/v1/storm` | people | publishing.ts |
 * | `GET /api/v1/publications` | people | publishing.ts |
 * | `GET /api/v1/results`, `GET /api/v1/results/{cue}`, `…/{cue}/series`, `…/{cue}/export` | people | results.ts |
 * | `GET /api/v1/unknown-cues` | people | results.ts |
 * | `GET POST /api/v1/results/{cue}/draws`, `POST …/{id}/pick`, `GET …/{id}/entries` | people | results.ts |
 * | `GET POST /api/v1/images`, `GET /api/v1/images/{id}` | people | images.ts |
 * | `GET /api/v1/timeline` | people | timeline.ts |
 * | `GET /api/v1/events` | people | events.ts |
 * | `GET POST /api/v1/backups` | people | backups.ts |
 * | `GET /api/v1/status` | people | watching.ts |
 * | `GET /api/v1/edges`, `POST /api/v1/edges/codes`, `DELETE /api/v1/edges/{id}` | people | watching.ts |
 * | `GET /healthz`, `GET /readyz` | anybody | watching.ts |
 * | `POST /uplink/v1/enrol`, `…/renew`, `…/hint`, `…/batch`, `…/results` | edges | uplink.ts |
 * | `GET /openapi.json`; `GET /` and the page's files | anybody | app.ts; page.ts |
 */
import type { Queries } from "../../shared/runtime/database.ts";
import type { Timers } from "../../shared/time/timers.ts";
import type { BackupSchedule } from "../backup/schedule.ts";
import type { Importer } from "../guide/importer.ts";
import type { SourceRunner } from "../guide/source-runner.ts";
import type { Events } from "../live/events.ts";
import type { Audit } from "../people/audit.ts";
import type { Oidc } from "../people/oidc.ts";
import type { People } from "../people/people.ts";
import type { DraftView } from "../publish/draft-view.ts";
import type { Landing } from "../publish/landing.ts";
import { createLock } from "../publish/lock.ts";
import type { Answers } from "../results/answers.ts";
import type { Draws } from "../results/draw.ts";
import type { Erased } from "../results/erasure.ts";
import type { Summaries } from "../results/summary.ts";
import type { Retention } from "../retention/retention.ts";
import type { AirStore } from "../store/air.ts";
import type { BoxRevocations } from "../store/box-revocations.ts";
import type { Drafts } from "../store/drafts.ts";
import type { Images } from "../store/images.ts";
import type { Past } from "../store/past.ts";
import type { Settings } from "../store/settings.ts";
import type { Webhooks } from "../store/webhooks.ts";
import type { Deliverer } from "../webhooks/deliver.ts";
import { auditRoutes } from "./audit.ts";
import { backupRoutes } from "./backups.ts";
import { boxRoutes } from "./boxes.ts";
import { channelRuleRoutes } from "./channel-rules.ts";
import { channelRoutes } from "./channels.ts";
import { eventRoutes } from "./events.ts";
import { explainRoutes } from "./explain.ts";
import { guideRoutes } from "./guide.ts";
import { guideExportRoutes } from "./guide-export.ts";
import { guideSourceRoutes } from "./guide-sources.ts";
import { imageRoutes } from "./images.ts";
import { interactionArchiveRoutes } from "./interaction-archive.ts";
import { interactionRoutes } from "./interactions.ts";
import { oidcRoutes } from "./oidc.ts";
import { peopleRoutes } from "./people.ts";
import { placementRoutes } from "./placements.ts";
import { publishingRoutes } from "./publishing.ts";
import { regionRoutes } from "./regions.ts";
import { resultRoutes } from "./results.ts";
import { retentionRoutes } from "./retention.ts";
import type { Route } from "./route.ts";
import { sessionRoutes } from "./session.ts";
import { timelineRoutes } from "./timeline.ts";
import { tokenRoutes } from "./tokens.ts";
import { type UplinkPorts, uplinkRoutes } from "./uplink.ts";
import { watchingRoutes } from "./watching.ts";
import { webhookRoutes } from "./webhooks.ts";

export interface RoutePorts extends UplinkPorts {
  people: People;
  audit: Audit;
  drafts: Drafts;
  past: Past;
  summaries: Summaries;
  results: Queries;
  answers: Answers;
  air: AirStore;
  images: Images;
  draftView: DraftView;
  landing: Landing;
  events: Events;
  timers: Timers;
  importer: Importer;
  sourceRunner: SourceRunner;
  settings: Settings;
  backups?: BackupSchedule | undefined;
  retention: Retention;
  revocations: BoxRevocations;
  draws: Draws;
  oidc?: Oidc | undefined;
  webhooks: Webhooks;
  deliverer: Deliverer;
  erase(box: string): Promise<Erased>;
}

export function allRoutes(ports: RoutePorts, settings: { secure: boolean }): Route[] {
  // What is placed and what is archived change in turn: neither must overtake the other's look.
  const authoring = createLock();
  return [
    ...sessionRoutes(ports, settings),
    ...oidcRoutes(ports, settings),
    ...peopleRoutes(ports),
    ...tokenRoutes(ports),
    ...auditRoutes(ports),
    ...regionRoutes(ports),
    ...channelRoutes(ports),
    ...channelRuleRoutes(ports),
    ...interactionRoutes({ ...ports, authoring }),
    ...interactionArchiveRoutes({ ...ports, authoring }),
    ...placementRoutes({ ...ports, authoring }),
    ...explainRoutes(ports),
    ...guideRoutes(ports),
    ...guideSourceRoutes(ports),
    ...guideExportRoutes(ports),
    ...publishingRoutes(ports),
    ...imageRoutes(ports),
    ...timelineRoutes(ports),
    ...resultRoutes(ports),
    ...eventRoutes(ports),
    ...backupRoutes(ports),
    ...boxRoutes(ports),
    ...retentionRoutes(ports),
    ...webhookRoutes(ports),
    ...watchingRoutes({ ...ports, onRevoked: () => ports.hints.notify() }),
    ...uplinkRoutes(ports),
  ];
}
