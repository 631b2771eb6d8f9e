/** `GET /v1/time`: the only clock sample there is. WIRE.md. */
import * as v from "valibot";
import { instantSchema } from "./primitives.ts";

export const timeSchema = v.object({ timeMs: instantSchema });
export type Time = v.InferOutput<typeof timeSchema>;

export const timeSample: Time = { timeMs: 1795431900123 };
