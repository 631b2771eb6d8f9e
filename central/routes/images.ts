/** Images: uploaded as bytes, checked by what they are, served by hash. */
import * as v from "valibot";
import { idSchema, instantSchema, sha256Schema } from "../../shared/protocol/primitives.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { IMAGE_BYTES_MAX, imageFacts } from "../authoring/image-facts.ts";
import type { Images } from "../store/images.ts";
import { readBytes } from "./body.ts";
import { must } from "./missing.ts";
import { limitParam, nextSchema, onePage, placeParam, readPlace } from "./paging.ts";
import { type Route, route } from "./route.ts";

const IMAGES_TOLD_MAX = 200;
const YEAR_S = 31_536_000;

const imageSchema = v.object({
  sha256: sha256Schema,
  type: v.string(),
  width: v.number(),
  height: v.number(),
  name: v.string(),
  bytes: v.number(),
  createdAtMs: instantSchema,
});
const listSchema = v.object({ images: v.array(imageSchema), next: nextSchema });
export type ImagesReply = v.InferOutput<typeof listSchema>;
export type ImageReply = v.InferOutput<typeof imageSchema>;

export function imageRoutes({ images, clock }: { images: Images; clock: Clock }): Route[] {
  return [
    route("GET", "/api/v1/images", {
      summary: "Uploaded images, the newest first, a page at a time",
      access: "people",
      query: v.object({ before: placeParam, limit: limitParam(IMAGES_TOLD_MAX) }),
      reply: listSchema,
      async handle({ query: { before, limit = IMAGES_TOLD_MAX } }) {
        const found = await images.list(limit + 1, readPlace(before));
        const { page, next } = onePage(found, limit, (last) => `${last.createdAtMs}-${last.sha256}`);
        return { images: page, next };
      },
    }),
    route("POST", "/api/v1/images", {
      summary:
        "Takes a PNG, JPEG or WebP of at most 512 KiB; it reaches edges with the first publication that uses it",
      access: "people",
      action: "edit",
      raw: true,
      query: v.object({ name: v.optional(v.pipe(v.string(), v.maxLength(200))) }),
      reply: imageSchema,
      status: 201,
      async handle({ request, query, changed }) {
        const bytes = await readBytes(request.body, IMAGE_BYTES_MAX);
        const record = await images.put(bytes, imageFacts(bytes), query.name ?? "", clock.wallMs());
        changed(record.sha256, undefined, record);
        return record;
      },
    }),
    route("GET", "/api/v1/images/{id}", {
      summary: "An image's bytes, by hash",
      access: "people",
      produces: "image/*",
      async handle({ params }) {
        const id = v.parse(idSchema, params.id);
        const { type, bytes } = must(await images.get(id), "image", id);
        return new Response(bytes, {
          headers: {
            "content-type": type,
            "cache-control": `private, max-age=${YEAR_S}, immutable`,
            "content-security-policy": "default-src 'none'",
            "x-content-type-options": "nosniff",
          },
        });
      },
    }),
  ];
}
