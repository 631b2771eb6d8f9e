/** Central's API as the page uses it: one function per question, typed by the routes' own schemas. */

import type { Channel } from "../../../shared/guide/channel.ts";
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import type { RegionEntry } from "../../../shared/publication/entries.ts";
import type { ChannelGroup } from "../../../shared/schedule/channel-group.ts";
import type { ChannelRule } from "../../../shared/schedule/channel-rule.ts";
import type { Placement } from "../../../shared/schedule/placement.ts";
import type { ImportReport } from "../../guide/import-report.ts";
import type { GuideLimits } from "../../guide/limits.ts";
import type { GuideSource, SourceView } from "../../guide/source.ts";
import type { Action, Role } from "../../people/roles.ts";
import type { EffectQuestion } from "../../publish/effect.ts";
import type { PublishLimits } from "../../publish/freeze.ts";
import type { Timeline } from "../../publish/timeline.ts";
import type { Draw } from "../../results/draw.ts";
import type { Series } from "../../results/series.ts";
import type { Summary } from "../../results/summary.ts";
import type { AuditReply } from "../../routes/audit.ts";
import type { BackupsReply } from "../../routes/backups.ts";
import type { RevocationsReply } from "../../routes/boxes.ts";
import type { ChannelGroupsReply, ChannelRulesReply, EffectReply } from "../../routes/channel-rules.ts";
import type { ChannelsReply } from "../../routes/channels.ts";
import type { ExplainReply } from "../../routes/explain.ts";
import type { GuideImportsReply } from "../../routes/guide.ts";
import type { ImageReply, ImagesReply } from "../../routes/images.ts";
import type { ArchivedReply } from "../../routes/interaction-archive.ts";
import type {
  InteractionReply,
  InteractionsReply,
  InteractionVersionsReply,
  SavedInteraction,
  TagCountsReply,
  TagsReply,
} from "../../routes/interactions.ts";
import type { PeopleReply } from "../../routes/people.ts";
import type {
  PlacementAiredReply,
  PlacementDraftReply,
  PlacementsReply,
  PreviewReply,
} from "../../routes/placements.ts";
import type {
  AirReply,
  OnAirReply,
  Plan,
  PublicationReply,
  PublishedReply,
  StormReply,
} from "../../routes/publishing-schemas.ts";
import type { RegionsReply } from "../../routes/regions.ts";
import type { DrawsReply, ResultsReply, UnknownCuesReply } from "../../routes/results.ts";
import type { RetentionReply } from "../../routes/retention.ts";
import type { Who } from "../../routes/session.ts";
import type { TokensReply } from "../../routes/tokens.ts";
import type { EdgesReply, StatusReply } from "../../routes/watching.ts";
import type { DeliveriesReply, WebhooksReply } from "../../routes/webhooks.ts";
import type { Delivery, Webhook, WebhookInput } from "../../webhooks/webhook.ts";
import type { Question, Reply } from "../platform/http.ts";
import type { Stored } from "./stored.ts";

type Person = PeopleReply["people"][number];
type Ask = <T>(question: Question) => Promise<Reply<T>>;
/** How one may sign in; `begin` is where the browser goes. */
export interface SignInWays {
  password: true;
  oidc?: { issuer: string; begin: string } | undefined;
}
export interface InteractionsQuery {
  q?: string;
  type?: string;
  tag?: string;
  archived?: "no" | "only" | "also";
  after?: string;
}
type Query = Record<string, string | number | undefined>;
/** As an editor sends it: central numbers the version. */
export type InteractionDraft = Omit<Interaction, "version"> & { version?: number };
export type PlacementDraft = Omit<Placement, "id">;

function withQuery(path: string, query: Query | InteractionsQuery = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  return given.length === 0
    ? path
    : `${path}?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}
const at = (path: string, id: string) => `${path}/${encodeURIComponent(id)}`;
/** A new thing must not be there yet; a known one must still be what was seen. */
const guard = (tag: string | undefined): Record<string, string> =>
  tag === undefined ? { "if-none-match": "*" } : { "if-match": tag };

export function createApi(ask: Ask) {
  const V1 = "/api/v1";
  const get = async <T>(path: string, query?: Query | InteractionsQuery) =>
    (await ask<T>({ method: "GET", path: withQuery(`${V1}${path}`, query) })).body;
  const send = async <T>(
    method: "POST" | "PUT" | "DELETE",
    path: string,
    body?: unknown,
    more: Partial<Question> = {},
  ) => (await ask<T>({ method, path: `${V1}${path}`, ...(body !== undefined && { body }), ...more })).body;

  /** With its ETag. */
  const stored = async <T>(path: string): Promise<Stored<T>> => {
    const { body, tag } = await ask<T>({ method: "GET", path: `${V1}${path}` });
    return { value: body, tag };
  };
  /** Over what was seen; without a tag only where there is none. */
  const store = async <T>(
    path: string,
    given: unknown,
    tag: string | undefined,
    more: Partial<Question> = {},
  ): Promise<Stored<T>> => {
    const headers = guard(tag);
    const reply = await ask<T>({ method: "PUT", path: `${V1}${path}`, body: given, headers, ...more });
    return { value: reply.body, tag: reply.tag };
  };

  return {
    session: () => get<Who>("/session"),
    signInWays: () => get<SignInWays>("/sign-in"),
    signIn: (name: string, password: string) => send<Who>("POST", "/session", { name, password }),
    signOut: () => send<void>("DELETE", "/session"),
    signOutEverywhere: () => send<void>("DELETE", "/sessions"),
    changePassword: (old: string, password: string) => send<void>("PUT", "/password", { old, password }),

    onAir: () => get<OnAirReply>("/on-air"),
    air: () => get<AirReply>("/air"),
    status: () => get<StatusReply>("/status"),
    edges: () => get<EdgesReply>("/edges"),
    regions: () => get<RegionsReply>("/regions"),
    region: (id: string) => stored<RegionEntry>(at("/regions", id)),
    putRegion: ({ id, ...region }: RegionEntry, tag: string | undefined) =>
      store<RegionEntry>(at("/regions", id), region, tag),
    removeRegion: (id: string, tag: string | undefined) =>
      send<void>("DELETE", at("/regions", id), undefined, { headers: guard(tag) }),
    enrol: (region: string) =>
      send<{ code: string; expiresAtMs: number }>("POST", "/edges/codes", { region }),
    revokeEdge: (id: string) => send<void>("DELETE", at("/edges", id)),

    channels: () => get<ChannelsReply>("/channels"),
    channel: (id: string) => stored<Channel>(at("/channels", id)),
    putChannel: ({ id, ...channel }: Channel, tag: string | undefined) =>
      store<Channel>(at("/channels", id), channel, tag),
    removeChannel: (id: string, tag: string | undefined) =>
      send<void>("DELETE", at("/channels", id), undefined, { headers: guard(tag) }),
    timeline: (query: { channels: string; fromMs: number; untilMs: number; of?: "drafts" | "air" }) =>
      get<Timeline>("/timeline", query),

    groups: () => get<ChannelGroupsReply>("/channel-groups"),
    rules: () => get<ChannelRulesReply>("/channel-rules"),
    group: (id: string) => ask<ChannelGroup>({ method: "GET", path: at(`${V1}/channel-groups`, id) }),
    rule: (id: string) => ask<ChannelRule>({ method: "GET", path: at(`${V1}/channel-rules`, id) }),
    putGroup: ({ id, ...body }: ChannelGroup, tag: string | undefined) =>
      ask<ChannelGroup>({ method: "PUT", path: at(`${V1}/channel-groups`, id), body, headers: guard(tag) }),
    putRule: ({ id, ...body }: ChannelRule, tag: string | undefined) =>
      ask<ChannelRule>({ method: "PUT", path: at(`${V1}/channel-rules`, id), body, headers: guard(tag) }),
    removeGroup: (id: string) => send<void>("DELETE", at("/channel-groups", id)),
    removeRule: (id: string) => send<void>("DELETE", at("/channel-rules", id)),
    effect: (question: EffectQuestion) => send<EffectReply>("POST", "/effect", question),
    explain: (query: Query) => get<ExplainReply>("/explain", query),

    /** @param query.archived of the library alone unless told */
    interactions: (query: InteractionsQuery = {}) => get<InteractionsReply>("/interactions", query),
    interaction: (id: string, version?: number) =>
      ask<InteractionReply>({
        method: "GET",
        path: withQuery(at(`${V1}/interactions`, id), { version }),
      }),
    saveInteraction: (
      entry: { interaction: InteractionDraft; correct?: string[] | undefined },
      tag: string | undefined,
    ) =>
      ask<SavedInteraction>({
        method: "POST",
        path: `${V1}/interactions`,
        body: entry,
        headers: guard(tag),
      }),
    /** @param keys `who-wins@3`; at most a hundred */
    interactionVersions: async (keys: readonly string[]) =>
      (await get<InteractionVersionsReply>("/interaction-versions", { of: keys.join(",") })).interactions,
    interactionTags: (query: { archived?: "no" | "only" } = {}) =>
      get<TagCountsReply>("/interaction-tags", query),
    archive: (id: string) => send<ArchivedReply>("PUT", `${at("/interactions", id)}/archive`),
    bringBack: (id: string) => send<void>("DELETE", `${at("/interactions", id)}/archive`),
    changeTags: (id: string, body: { add?: string[]; remove?: string[] }) =>
      send<TagsReply>("POST", `${at("/interactions", id)}/tags`, body),
    images: () => get<ImagesReply>("/images"),
    uploadImage: (file: Blob, name: string) =>
      send<ImageReply>("POST", withQuery("/images", { name }), undefined, { bytes: file }),

    placements: () => get<PlacementsReply>("/placements"),
    placementAired: (id: string) => get<PlacementAiredReply>(`/placements/${encodeURIComponent(id)}/air`),
    placement: (id: string) => ask<PlacementDraftReply>({ method: "GET", path: at(`${V1}/placements`, id) }),
    putPlacement: (id: string, placement: PlacementDraft, tag: string | undefined) =>
      ask<Placement>({
        method: "PUT",
        path: at(`${V1}/placements`, id),
        body: placement,
        headers: guard(tag),
      }),
    removePlacement: (id: string) => send<void>("DELETE", at("/placements", id)),
    preview: (placement: PlacementDraft & { id?: string }) =>
      send<PreviewReply>("POST", "/preview", placement),

    plan: () => get<Plan>("/publish"),
    storm: () => get<StormReply>("/storm"),
    planRollback: (epoch: number, revision: number) => get<Plan>("/rollback", { epoch, revision }),
    /** @param hash of the plan that was looked at; @param force within the freeze time too */
    publish: (comment: string, hash: string, force: boolean) =>
      send<PublishedReply>(
        "POST",
        "/publish",
        { hash, ...(comment !== "" && { comment }), ...(force && { force }) },
        { patient: true },
      ),
    publishLimits: () => stored<PublishLimits>("/publish/limits"),
    putPublishLimits: (limits: PublishLimits, tag: string | undefined) =>
      store<PublishLimits>("/publish/limits", limits, tag),
    withdraw: (what: { placement: string } | { cue: string }) =>
      send<PublishedReply>("POST", "/withdraw", what, { patient: true }),
    rollback: (epoch: number, revision: number, comment: string, hash?: string) =>
      send<PublishedReply>(
        "POST",
        "/rollback",
        { epoch, revision, ...(hash !== undefined && { hash }), ...(comment !== "" && { comment }) },
        { patient: true },
      ),
    publications: () => get<{ publications: PublicationReply[] }>("/publications"),

    results: () => get<ResultsReply>("/results"),
    unknownCues: () => get<UnknownCuesReply>("/unknown-cues"),
    result: (cue: string) => get<Summary>(at("/results", cue)),
    series: (cue: string) => get<Series>(`${at("/results", cue)}/series`),

    retention: () => stored<RetentionReply>("/retention"),
    putRetention: (days: RetentionReply["days"], tag: string | undefined) =>
      store<RetentionReply>("/retention", days, tag),
    eraseBox: (box: string) => send<{ answers: number; cues: number }>("DELETE", at("/boxes", box)),
    boxToken: (box: string, validDays: number) =>
      send<{ token: string; expiresAtMs: number }>("POST", "/box-tokens", { box, validDays }),
    revokeBox: (box: string) =>
      send<{ published: boolean }>("DELETE", at("/box-tokens", box), undefined, { patient: true }),
    revocations: (before?: string) => get<RevocationsReply>("/box-revocations", { before }),
    backups: () => get<BackupsReply>("/backups"),
    backUp: () => send<BackupsReply>("POST", "/backups"),

    draws: (cue: string) => get<DrawsReply>(`${at("/results", cue)}/draws`),
    beginDraw: (cue: string, body: { winners: number; among: Draw["among"] }) =>
      send<Draw>("POST", `${at("/results", cue)}/draws`, body),
    pickWinners: (cue: string, draw: string) =>
      send<Draw>("POST", `${at("/results", cue)}/draws/${encodeURIComponent(draw)}/pick`, undefined, {
        patient: true,
      }),
    webhooks: () => get<WebhooksReply>("/webhooks"),
    addWebhook: (body: WebhookInput) => send<{ webhook: Webhook; secret: string }>("POST", "/webhooks", body),
    webhook: (id: string) => stored<Webhook>(at("/webhooks", id)),
    putWebhook: (id: string, body: WebhookInput, tag: string | undefined) =>
      store<Webhook>(at("/webhooks", id), body, tag),
    removeWebhook: (id: string) => send<void>("DELETE", at("/webhooks", id)),
    newWebhookSecret: (id: string) =>
      send<{ webhook: Webhook; secret: string }>("POST", `${at("/webhooks", id)}/secret`),
    testWebhook: (id: string) => send<{ event: string }>("POST", `${at("/webhooks", id)}/test`),
    deliveries: (id: string, query: { state?: string; before?: string } = {}) =>
      get<DeliveriesReply>(`${at("/webhooks", id)}/deliveries`, query),
    sendAgain: (id: string, event: string) =>
      send<Delivery>("POST", `${at("/webhooks", id)}/deliveries/${encodeURIComponent(event)}/again`),

    people: () => get<PeopleReply>("/people"),
    person: (name: string) => stored<Person>(at("/people", name)),
    putPerson: (name: string, body: { role: Role; password?: string }, tag: string | undefined) =>
      store<Person>(at("/people", name), body, tag),
    /** @param keepTokens API tokens of theirs go on */
    removePerson: (name: string, keepTokens: boolean) =>
      send<void>("DELETE", withQuery(at("/people", name), { tokens: keepTokens ? "keep" : "revoke" })),
    tokens: () => get<TokensReply>("/tokens"),
    makeToken: (body: { name: string; role: Role; scope?: Action[]; expiresAtMs?: number }) =>
      send<{ id: string; token: string }>("POST", "/tokens", body),
    revokeToken: (id: string) => send<void>("DELETE", at("/tokens", id)),
    audit: (query: { who?: string; subject?: string; before?: number }) => get<AuditReply>("/audit", query),

    importGuide: (file: Blob, how: { dryRun?: 1; anyway?: 1; zone?: string; clock?: string }) =>
      send<ImportReport>("POST", withQuery("/guide", how), undefined, { bytes: file, patient: true }),
    guideImports: () => get<GuideImportsReply>("/guide/imports"),
    guideLimits: () => stored<GuideLimits>("/guide/limits"),
    putGuideLimits: (limits: GuideLimits, tag: string | undefined) =>
      store<GuideLimits>("/guide/limits", limits, tag),
    guideSources: () => get<{ sources: SourceView[] }>("/guide/sources"),
    guideSource: (id: string) => stored<SourceView>(at("/guide/sources", id)),
    putGuideSource: ({ id, ...source }: GuideSource, tag: string | undefined) =>
      store<SourceView>(at("/guide/sources", id), source, tag, { patient: true }),
    removeGuideSource: (id: string) => send<void>("DELETE", at("/guide/sources", id)),
    runGuideSource: (id: string) =>
      send<SourceView>("POST", `${at("/guide/sources", id)}/run`, undefined, { patient: true }),
    decideImport: (id: string, how: "accept" | "refuse") =>
      send<unknown>("POST", `${at("/guide/imports", id)}/${how}`, undefined, { patient: true }),
  };
}
export type Api = ReturnType<typeof createApi>;
