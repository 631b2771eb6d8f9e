/** Putting interactions out of the library and bringing them back; nothing of them is removed. */
import * as v from "valibot";
import { idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { refuseInUse, usesOf } from "../authoring/archiving.ts";
import type { Lock } from "../publish/lock.ts";
import { planOf } from "../publish/plan.ts";
import type { Publisher } from "../publish/publish.ts";
import type { Drafts } from "../store/drafts.ts";
import { must } from "./missing.ts";
import { type Route, route } from "./route.ts";

export const archivedSchema = v.object({
  atMs: instantSchema,
  /** Person or token. */
  by: v.string(),
});
const replySchema = v.object({ id: idSchema, archived: archivedSchema });
export type ArchivedReply = v.InferOutput<typeof replySchema>;

interface Ports {
  drafts: Drafts;
  publisher: Pick<Publisher, "onAir">;
  clock: Clock;
  /** Nothing is placed meanwhile. */
  authoring: Lock;
}

export function interactionArchiveRoutes({ drafts, publisher, clock, authoring }: Ports): Route[] {
  return [
    route("PUT", "/api/v1/interactions/{id}/archive", {
      summary:
        "Puts an interaction out of the library, with all its versions kept; refused while a placement may still show it",
      access: "people",
      action: "edit",
      reply: replySchema,
      handle: ({ params, asker, changed }) =>
        authoring(async () => {
          const id = String(params.id);
          must(await drafts.interaction(id), "interaction", id);
          const before = await drafts.archivedOf(id);
          const content = publisher.onAir()?.content;
          const onAir = content ? planOf(content).placements.values() : [];
          const nowMs = clock.wallMs();
          if (!before) refuseInUse(id, usesOf(id, await drafts.placements(), onAir, nowMs));
          await drafts.putIntoArchive(id, { atMs: nowMs, by: asker.name });
          changed(id, { archived: before !== undefined }, { archived: true });
          return { id, archived: await drafts.archivedOf(id) };
        }),
    }),
    route("DELETE", "/api/v1/interactions/{id}/archive", {
      summary: "Brings an archived interaction back into the library",
      access: "people",
      action: "edit",
      status: 204,
      handle: ({ params, changed }) =>
        authoring(async () => {
          const id = String(params.id);
          must(await drafts.interaction(id), "interaction", id);
          const before = await drafts.archivedOf(id);
          await drafts.takeFromArchive([id]);
          changed(id, { archived: before !== undefined }, { archived: false });
        }),
    }),
  ];
}
