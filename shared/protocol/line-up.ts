/** `GET /v1/channels`: a region's line-up, and the edges that serve it. WIRE.md. */
import * as v from "valibot";
import { idSchema, webUrlSchema } from "./primitives.ts";

export const edgeAddressSchema = v.object({
  url: webUrlSchema,
  /** Share of the region's boxes among edges that are about equally near; 0 takes none by choice. */
  weight: v.pipe(v.number(), v.minValue(0), v.maxValue(1000)),
});

export const lineUpChannelSchema = v.object({
  id: idSchema,
  /** What the viewer dials. */
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(9999)),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  logoUrl: v.optional(webUrlSchema),
  /** DVB locators, `dvb://onid.tsid.sid`. */
  locators: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(16))),
});

export const lineUpSchema = v.object({
  region: idSchema,
  edges: v.pipe(v.array(edgeAddressSchema), v.maxLength(64)),
  /** Sorted by number, then id. */
  channels: v.pipe(v.array(lineUpChannelSchema), v.maxLength(5000)),
});

export type EdgeAddress = v.InferOutput<typeof edgeAddressSchema>;
export type LineUpChannel = v.InferOutput<typeof lineUpChannelSchema>;
export type LineUp = v.InferOutput<typeof lineUpSchema>;

export const lineUpSample: LineUp = {
  region: "north",
  edges: [{ url: "http://127.0.0.1:8081", weight: 1 }],
  channels: [{ id: "cctv1", number: 1, name: "CCTV-1 综合", locators: ["dvb://1.2.3"] }],
};
