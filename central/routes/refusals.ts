/** Which problems a route may tell of: those of its kind, and its own. For the OpenAPI document. Pure. */
import type { ProblemCode } from "./problems.ts";
import { actionOf, type Route } from "./route.ts";

const GUIDE: ProblemCode[] = [
  ...(["not-a-guide", "guide-truncated", "guide-too-large", "guide-unsafe", "guide-malformed"] as const),
  ...(["too-many-imports", "too-much-held"] as const),
];
const PUBLISHING: ProblemCode[] = ["checks-failed", "history-conflict", "air-moved", "air-unreachable"];

/** Beside what every route of its kind may tell. */
const OWN: Record<string, readonly ProblemCode[]> = {
  "POST /api/v1/session": ["wrong-password", "too-many-tries"],
  "PUT /api/v1/password": ["not-a-person", "wrong-password", "too-many-tries"],
  "GET /api/v1/oidc/begin": ["not-found", "oidc-unreachable"],
  "GET /api/v1/people/{id}": ["unknown-person"],
  "PUT /api/v1/people/{id}": ["no-password", "last-admin"],
  "DELETE /api/v1/people/{id}": ["unknown-person", "last-admin"],
  "DELETE /api/v1/tokens/{id}": ["unknown-token"],
  "GET /api/v1/regions/{id}": ["unknown-region"],
  "GET /api/v1/channels/{id}": ["unknown-channel"],
  "DELETE /api/v1/regions/{id}": ["unknown-region", "still-used"],
  "DELETE /api/v1/channels/{id}": ["unknown-channel", "still-used"],
  "GET /api/v1/channel-groups/{id}": ["unknown-channel-group"],
  "DELETE /api/v1/channel-groups/{id}": ["unknown-channel-group"],
  "GET /api/v1/channel-rules/{id}": ["unknown-channel-rule"],
  "DELETE /api/v1/channel-rules/{id}": ["unknown-channel-rule"],
  "POST /api/v1/interactions": ["bad-interaction", "version-taken", "archived"],
  "GET /api/v1/interactions/{id}": ["unknown-interaction"],
  "PUT /api/v1/interactions/{id}/archive": ["unknown-interaction", "in-use"],
  "DELETE /api/v1/interactions/{id}/archive": ["unknown-interaction"],
  "POST /api/v1/interactions/{id}/tags": ["unknown-interaction", "too-many-tags"],
  "GET /api/v1/placements/{id}": ["unknown-placement"],
  "PUT /api/v1/placements/{id}": ["bad-rule", "archived"],
  "DELETE /api/v1/placements/{id}": ["unknown-placement"],
  "GET /api/v1/preview": ["unknown-placement", "too-many-firings"],
  "POST /api/v1/preview": ["bad-rule", "too-many-firings"],
  "GET /api/v1/explain": ["needs-zone", "unknown-region"],
  "POST /api/v1/guide": GUIDE,
  "POST /api/v1/guide/imports/{id}/accept": [
    ...(["unknown-import", "import-settled", "import-overtaken"] as const),
    ...PUBLISHING,
  ],
  "POST /api/v1/guide/imports/{id}/refuse": ["unknown-import", "import-settled"],
  "GET /api/v1/guide/sources/{id}": ["unknown-source"],
  "PUT /api/v1/guide/sources/{id}": ["bad-rule", "too-many-sources"],
  "DELETE /api/v1/guide/sources/{id}": ["unknown-source"],
  "POST /api/v1/guide/sources/{id}/run": ["unknown-source", "source-running"],
  "GET /api/v1/channels/{id}/xmltv": ["unknown-channel"],
  "GET /api/v1/channels/{id}/ical": ["unknown-channel"],
  "POST /api/v1/publish": ["drafts-changed", "frozen", ...PUBLISHING],
  "GET /api/v1/rollback": ["unknown-publication"],
  "POST /api/v1/rollback": ["unknown-publication", "drafts-changed", ...PUBLISHING],
  "POST /api/v1/withdraw": ["not-on-air", "history-conflict", "air-moved", "air-unreachable"],
  "POST /api/v1/images": ["bad-image", "image-too-large"],
  "GET /api/v1/images/{id}": ["unknown-image"],
  "GET /api/v1/results/{cue}": ["unknown-cue"],
  "GET /api/v1/results/{cue}/series": ["unknown-cue"],
  "GET /api/v1/results/{cue}/export": ["unknown-cue"],
  "POST /api/v1/results/{cue}/draws": ["unknown-cue", "not-a-quiz", "too-many-draws"],
  "POST /api/v1/results/{cue}/draws/{id}/pick": ["unknown-cue", "unknown-draw", "still-open"],
  "GET /api/v1/results/{cue}/draws/{id}/entries": ["unknown-draw", "still-open"],
  "GET /api/v1/events": ["too-many-listeners"],
  "POST /api/v1/backups": ["no-backup-folder", "backup-running"],
  "DELETE /api/v1/box-tokens/{box}": ["too-many-revocations", "air-unreachable"],
  "POST /api/v1/webhooks": ["too-many-webhooks"],
  "GET /api/v1/webhooks/{id}": ["unknown-webhook"],
  "PUT /api/v1/webhooks/{id}": ["unknown-webhook"],
  "DELETE /api/v1/webhooks/{id}": ["unknown-webhook"],
  "POST /api/v1/webhooks/{id}/secret": ["unknown-webhook"],
  "POST /api/v1/webhooks/{id}/test": ["unknown-webhook"],
  "GET /api/v1/webhooks/{id}/deliveries": ["unknown-webhook"],
  "POST /api/v1/webhooks/{id}/deliveries/{event}/again": ["unknown-delivery", "delivered-already"],
  "POST /api/v1/edges/codes": ["unknown-region"],
  "DELETE /api/v1/edges/{id}": ["unknown-edge"],
  "POST /uplink/v1/enrol": ["code-refused"],
  "POST /uplink/v1/batch": ["too-many-batches"],
};

/** Names of routes that have problems of their own: a test holds them against the routes. */
export const ROUTES_WITH_OWN = Object.keys(OWN);

export function refusalsOf(route: Route): ProblemCode[] {
  const { method, path, access } = route;
  const changes = method !== "GET";
  const codes = new Set<ProblemCode>();
  for (const [, name] of path.matchAll(/\{(\w+)\}/g)) codes.add(`bad-${name}` as ProblemCode);
  if (route.query) codes.add("bad-query");
  if (route.body) for (const code of ["not-json", "bad-body"] as const) codes.add(code);
  if (route.body || route.raw) codes.add("body-broken");
  if (access === "people") codes.add("not-signed-in");
  if (access === "edge") codes.add("unknown-edge");
  if (access !== "edge" && changes) codes.add("foreign-origin");
  if (access === "people" && actionOf(route) !== "look") codes.add("not-allowed");
  for (const code of OWN[`${method} ${path}`] ?? []) codes.add(code);
  if (route.body || route.raw) codes.add("body-too-large");
  if (route.body)
    for (const code of ["unsupported-media-type", "unsupported-encoding"] as const) codes.add(code);
  if (route.tagged && changes) codes.add("changed-meanwhile");
  if (route.tagged && (method === "PUT" || method === "POST")) codes.add("exists-already");
  if (changes && access !== "open") codes.add("cannot-store");
  return [...codes];
}
