/** Interactions: every version is kept, saving makes the next one. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { countSchema, idSchema, ordinalSchema } from "../../shared/protocol/primitives.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import { type InteractionEntry, interactionEntrySchema } from "../../shared/publication/entries.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { refuseArchived } from "../authoring/archiving.ts";
import { checkInteraction } from "../authoring/interaction-checks.ts";
import { TAGS_MAX, tagSchema } from "../authoring/tag.ts";
import type { Lock } from "../publish/lock.ts";
import type { Drafts } from "../store/drafts.ts";
import { parseWith } from "./body.ts";
import { archivedSchema } from "./interaction-archive.ts";
import { requireMatch, tagOf } from "./match.ts";
import { must } from "./missing.ts";
import { type Route, route, Tagged } from "./route.ts";

const INTERACTIONS_MAX = 500;
/** Versions told at once. */
const VERSIONS_MAX = 100;

const recordSchema = v.record(v.string(), v.unknown());
const tagsSchema = v.array(v.string());
const besideSchema = { tags: tagsSchema, archived: v.optional(archivedSchema) };
const listedSchema = v.object({ ...interactionEntrySchema.entries, ...besideSchema });
const listSchema = v.object({
  interactions: v.array(listedSchema),
  /** The id to go on after; absent at the end. */
  next: v.optional(idSchema),
});
const oneSchema = v.object({
  ...interactionEntrySchema.entries,
  versions: v.array(ordinalSchema),
  ...besideSchema,
});
const tagCountsSchema = v.object({ tags: v.array(v.object({ tag: v.string(), count: countSchema })) });
const tagChangeSchema = v.object({
  add: v.optional(v.pipe(v.array(tagSchema), v.maxLength(TAGS_MAX)), []),
  remove: v.optional(v.pipe(v.array(tagSchema), v.maxLength(TAGS_MAX)), []),
});
const versionsSchema = v.object({ interactions: v.array(interactionEntrySchema.entries.interaction) });
/** `who-wins@3,final-poll@1` */
const versionKeysSchema = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9._:~-]+@\d{1,9}(,[A-Za-z0-9._:~-]+@\d{1,9})*$/),
  v.transform((text) => [...new Set(text.split(","))]),
  v.maxLength(VERSIONS_MAX),
);
const savedSchema = v.object({ ...interactionEntrySchema.entries, created: v.boolean() });
export type InteractionsReply = v.InferOutput<typeof listSchema>;
export type InteractionVersionsReply = v.InferOutput<typeof versionsSchema>;
export type InteractionReply = v.InferOutput<typeof oneSchema>;
export type TagCountsReply = v.InferOutput<typeof tagCountsSchema>;
export type TagsReply = { tags: string[] };
export type SavedInteraction = v.InferOutput<typeof savedSchema>;

/** Whether every word of the question stands in its id, type, tags or texts, in any language. */
function holds(
  { interaction }: InteractionEntry,
  tags: readonly string[],
  words: readonly string[],
): boolean {
  const text =
    `${interaction.id} ${interaction.type} ${tags.join(" ")} ${JSON.stringify(interaction.texts)}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Of the library: those that are not archived unless told. */
const archivedParam = v.optional(v.picklist(["no", "only", "also"]), "no");

interface Ports {
  drafts: Drafts;
  clock: Clock;
  authoring: Lock;
}

export function interactionRoutes({ drafts, clock, authoring: inTurn }: Ports): Route[] {
  async function save(body: Record<string, unknown>, request: Request) {
    const given = parseWith(
      v.object({ interaction: recordSchema, correct: v.optional(v.unknown()) }),
      body,
      "body",
    );
    const id = parseWith(idSchema, given.interaction.id, "id");
    const newest = await drafts.interaction(id);
    requireMatch(request, newest, id);
    const version = (newest?.interaction.version ?? 0) + 1;
    const entry = parseWith(
      interactionEntrySchema,
      { ...given, interaction: { ...given.interaction, version } },
      "body",
    );
    refuseArchived(id, await drafts.archivedOf(id), "save");
    const errors = checkInteraction(entry);
    if (errors.length > 0) {
      throw new CuecastError(`Cannot save ${id}: ${errors[0]?.message}`, {
        code: "bad-interaction",
        status: 400,
        errors,
      });
    }
    if (newest) {
      const asNewest = {
        ...entry,
        interaction: { ...entry.interaction, version: newest.interaction.version },
      };
      if (canonicalJson(asNewest) === canonicalJson(newest)) return { entry: newest, created: false };
    }
    await drafts.addInteraction(entry, clock.wallMs());
    return { entry, created: true, newest };
  }

  return [
    route("GET", "/api/v1/interactions", {
      summary:
        "The newest version of every interaction, by id; with `q` only those that hold all its words, with `tag` only those that have it, archived ones with `archived=also` or `only`",
      access: "people",
      query: v.object({
        q: v.optional(v.pipe(v.string(), v.maxLength(200))),
        type: v.optional(v.string()),
        tag: v.optional(tagSchema),
        archived: archivedParam,
        after: v.optional(idSchema),
        limit: v.optional(
          v.pipe(
            v.string(),
            v.regex(/^\d{1,4}$/),
            v.transform(Number),
            v.minValue(1),
            v.maxValue(INTERACTIONS_MAX),
          ),
        ),
      }),
      reply: listSchema,
      async handle({ query }) {
        const words = (query.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
        const limit = query.limit ?? INTERACTIONS_MAX;
        const [tags, archive] = await Promise.all([drafts.tagsByInteraction(), drafts.archive()]);
        const found = (await drafts.interactions())
          .map((entry) => {
            const archived = archive.get(entry.interaction.id);
            return { ...entry, tags: tags.get(entry.interaction.id) ?? [], ...(archived && { archived }) };
          })
          .filter(
            (entry) =>
              (query.archived === "also" || (query.archived === "only") === (entry.archived !== undefined)) &&
              entry.interaction.id > (query.after ?? "") &&
              (query.type === undefined || entry.interaction.type === query.type) &&
              (query.tag === undefined || entry.tags.includes(query.tag)) &&
              holds(entry, entry.tags, words),
          );
        const interactions = found.slice(0, limit);
        return {
          interactions,
          ...(found.length > limit && { next: interactions.at(-1)?.interaction.id }),
        };
      },
    }),
    route("GET", "/api/v1/interactions/{id}", {
      summary: "One interaction: the newest version or the one asked for",
      access: "people",
      query: v.object({
        version: v.optional(v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number), ordinalSchema)),
      }),
      tagged: true,
      reply: oneSchema,
      async handle({ params, query }) {
        const id = String(params.id);
        const entry = must(await drafts.interaction(id, query.version), "interaction", id);
        const [versions, tags, archived] = await Promise.all([
          drafts.versions(id),
          drafts.tagsOf(id),
          drafts.archivedOf(id),
        ]);
        return new Tagged({ ...entry, versions, tags, ...(archived && { archived }) }, tagOf(entry));
      },
    }),
    route("POST", "/api/v1/interactions", {
      summary:
        "Saves an interaction as its next version, whatever version it names; the same content again makes no new one",
      access: "people",
      action: "edit",
      tagged: true,
      body: recordSchema,
      bodyShown: interactionEntrySchema,
      reply: savedSchema,
      handle: ({ body, request, changed }) =>
        inTurn(async () => {
          const { entry, created, newest } = await save(body, request);
          changed(entry.interaction.id, created ? newest : entry, entry);
          return new Tagged({ ...entry, created }, tagOf(entry));
        }),
    }),
    route("GET", "/api/v1/interaction-versions", {
      summary: `Versions of interactions, as \`of=who-wins@3,final-poll@1\`, at most ${VERSIONS_MAX}: what was or is on air says what these said; what is not there is left out`,
      access: "people",
      query: v.object({ of: versionKeysSchema }),
      reply: versionsSchema,
      async handle({ query }) {
        const found = await Promise.all(
          query.of.map((key) => {
            const at = key.lastIndexOf("@");
            return drafts.interaction(key.slice(0, at), Number(key.slice(at + 1)));
          }),
        );
        return { interactions: found.flatMap((entry) => (entry ? [entry.interaction] : [])) };
      },
    }),
    route("GET", "/api/v1/interaction-tags", {
      summary: "Every tag, with how many interactions of the library have it, or of the archive",
      access: "people",
      query: v.object({ archived: v.optional(v.picklist(["no", "only"]), "no") }),
      reply: tagCountsSchema,
      handle: async ({ query }) => ({ tags: await drafts.tagCounts(query.archived === "only") }),
    }),
    route("POST", "/api/v1/interactions/{id}/tags", {
      summary:
        "Gives an interaction tags and takes others from it; no new version, nothing of it goes on air",
      access: "people",
      action: "edit",
      body: tagChangeSchema,
      reply: v.object({ tags: tagsSchema }),
      handle: ({ params, body, changed }) =>
        inTurn(async () => {
          const id = String(params.id);
          must(await drafts.interaction(id), "interaction", id);
          const before = await drafts.tagsOf(id);
          const kept = before.filter((tag) => !body.remove.includes(tag));
          if (new Set([...kept, ...body.add]).size > TAGS_MAX) {
            throw new CuecastError(
              `Cannot tag ${id}: it would have more than ${TAGS_MAX} tags; take one away first`,
              { code: "too-many-tags", status: 409 },
            );
          }
          await drafts.changeTags(id, body.add, body.remove);
          const tags = await drafts.tagsOf(id);
          changed(id, { tags: before }, { tags });
          return { tags };
        }),
    }),
  ];
}
