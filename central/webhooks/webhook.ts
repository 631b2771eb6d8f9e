/** What a webhook is, what is sent to it, and what a delivery went through. */
import * as v from "valibot";
import { countSchema, idSchema, instantSchema, webUrlSchema } from "../../shared/protocol/primitives.ts";

/** `test` goes to one webhook, when somebody asks for it. */
export const EVENT_TYPES = ["published", "withdrawn", "cue.closed", "edge.stale", "edge.back"] as const;
export type EventType = (typeof EVENT_TYPES)[number];
export const WEBHOOKS_MAX = 20;

const addressSchema = v.pipe(
  webUrlSchema,
  v.check((url) => {
    // What is no address at all is told by the schema before.
    if (!URL.canParse(url)) return true;
    const { username, password } = new URL(url);
    return username === "" && password === "";
  }, "Cannot take this address: a name or a password in it would stand in the log"),
);

export const webhookInputSchema = v.object({
  url: addressSchema,
  /** All unless told. */
  types: v.optional(
    v.pipe(v.array(v.picklist(EVENT_TYPES)), v.minLength(1), v.maxLength(EVENT_TYPES.length)),
    [...EVENT_TYPES],
  ),
  /** Off: nothing that happens meanwhile is sent, not later either. */
  enabled: v.optional(v.boolean(), true),
  about: v.optional(v.pipe(v.string(), v.maxLength(200)), ""),
});
export type WebhookInput = v.InferOutput<typeof webhookInputSchema>;

export const webhookSchema = v.object({
  id: idSchema,
  ...webhookInputSchema.entries,
  types: v.array(v.picklist(EVENT_TYPES)),
  enabled: v.boolean(),
  about: v.string(),
  createdAtMs: instantSchema,
});
export type Webhook = v.InferOutput<typeof webhookSchema>;

export const DELIVERY_STATES = ["waiting", "delivered", "dead"] as const;
export const deliverySchema = v.object({
  id: idSchema,
  webhook: idSchema,
  /** What is sent as `webhook-id`: the same in every try. */
  event: idSchema,
  type: v.string(),
  /** JSON, as it is sent. */
  body: v.string(),
  /** When it happened. */
  atMs: instantSchema,
  state: v.picklist(DELIVERY_STATES),
  tries: countSchema,
  /** Of the next try, while it waits. */
  nextMs: v.optional(instantSchema),
  endedMs: v.optional(instantSchema),
  /** HTTP status of the last reply. */
  status: v.optional(countSchema),
  /** What was wrong with the last try. */
  why: v.optional(v.string()),
});
export type Delivery = v.InferOutput<typeof deliverySchema>;

export interface WebhookEvent {
  /** Stable: what happened once has one id, however often it is found. */
  id: string;
  type: EventType | "test";
  atMs: number;
  data: Record<string, unknown>;
}
