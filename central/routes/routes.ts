/**
 * Every route of central, on one page.
 *
 * | address | who | file |
 * | --- | --- | --- |
 * | `POST GET DELETE /api/v1/session`, `POST /api/v1/tokens`, `POST /api/v1/box-tokens` | people | people.ts |
 * | `GET /api/v1/regions`, `PUT /api/v1/regions/{id}` | people | editing.ts |
 * | `GET /api/v1/channels`, `PUT /api/v1/channels/{id}`, `GET /api/v1/programmes` | people | editing.ts |
 * | `GET POST /api/v1/interactions`, `GET /api/v1/interactions/{id}` | people | editing.ts |
 * | `GET /api/v1/placements`, `GET PUT DELETE /api/v1/placements/{id}`, `GET /api/v1/preview` | people | editing.ts |
 * | `POST /api/v1/guide` | people | guide.ts |
 * | `GET /api/v1/on-air`, `GET /api/v1/air`, `POST /api/v1/publish`, `…/withdraw`, `…/rollback` | people | publishing.ts |
 * | `GET /api/v1/publications` | people | publishing.ts |
 * | `GET /api/v1/results`, `GET /api/v1/results/{cue}`, `GET /api/v1/status` | people | watching.ts |
 * | `GET /api/v1/edges`, `POST /api/v1/edges/codes`, `DELETE /api/v1/edges/{id}` | people | watching.ts |
 * | `GET /healthz`, `GET /readyz` | anybody | watching.ts |
 * | `POST /uplink/v1/enrol`, `…/renew`, `…/hint`, `…/batch` | edges | uplink.ts |
 * | `GET /openapi.json`; `GET /` and the page's files | anybody | app.ts; page.ts |
 */
import type { People } from "../people/people.ts";
import type { Summaries } from "../results/summary.ts";
import type { AirStore } from "../store/air.ts";
import type { Drafts } from "../store/drafts.ts";
import type { Past } from "../store/past.ts";
import { editingRoutes } from "./editing.ts";
import { guideRoutes } from "./guide.ts";
import { peopleRoutes } from "./people.ts";
import { publishingRoutes } from "./publishing.ts";
import type { Route } from "./route.ts";
import { type UplinkPorts, uplinkRoutes } from "./uplink.ts";
import { watchingRoutes } from "./watching.ts";

export interface RoutePorts extends UplinkPorts {
  people: People;
  drafts: Drafts;
  past: Past;
  summaries: Summaries;
  air: AirStore;
}

export function allRoutes(ports: RoutePorts, settings: { secure: boolean }): Route[] {
  return [
    ...peopleRoutes(ports, settings),
    ...editingRoutes(ports),
    ...guideRoutes(ports),
    ...publishingRoutes(ports),
    ...watchingRoutes({ ...ports, onRevoked: () => ports.hints.notify() }),
    ...uplinkRoutes(ports),
  ];
}
