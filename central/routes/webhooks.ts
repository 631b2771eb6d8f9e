/** Webhooks: whom central tells what happened, and what became of it. */
import { randomUUID } from "node:crypto";
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { countSchema } from "../../shared/protocol/primitives.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { createLock } from "../publish/lock.ts";
import type { Webhooks } from "../store/webhooks.ts";
import type { Deliverer } from "../webhooks/deliver.ts";
import { drawSecret } from "../webhooks/sign.ts";
import {
  DELIVERY_STATES,
  deliverySchema,
  EVENT_TYPES,
  webhookInputSchema,
  webhookSchema,
} from "../webhooks/webhook.ts";
import { requireMatch, tagOf } from "./match.ts";
import { must } from "./missing.ts";
import { type Route, route, Tagged } from "./route.ts";

const LISTED_MAX = 100;

const shownSchema = v.object({
  ...webhookSchema.entries,
  /** Deliveries by state. */
  deliveries: v.record(v.string(), countSchema),
});
const listSchema = v.object({ webhooks: v.array(shownSchema), types: v.array(v.picklist(EVENT_TYPES)) });
export type WebhooksReply = v.InferOutput<typeof listSchema>;
const withSecretSchema = v.object({
  webhook: webhookSchema,
  /** Shown now and never again: what signatures are checked with. */
  secret: v.string(),
});
const pageSchema = v.object({
  deliveries: v.array(deliverySchema),
  /** To be sent as `before` for the next page; absent at the end. */
  next: v.optional(v.string()),
});
export type DeliveriesReply = v.InferOutput<typeof pageSchema>;

interface Ports {
  webhooks: Webhooks;
  deliverer: Deliverer;
  clock: Clock;
}

export function webhookRoutes({ webhooks, deliverer, clock }: Ports): Route[] {
  const inTurn = createLock();
  const found = async (params: Record<string, string>) =>
    must(await webhooks.get(String(params.id)), "webhook", String(params.id));
  return [
    route("GET", "/api/v1/webhooks", {
      summary: "Whom central tells what happened",
      access: "people",
      action: "operate",
      reply: listSchema,
      async handle() {
        const counts = await webhooks.counts();
        const all = (await webhooks.list()).map((each) => ({
          ...each,
          deliveries: counts.get(each.id) ?? {},
        }));
        return { webhooks: all, types: EVENT_TYPES };
      },
    }),
    route("POST", "/api/v1/webhooks", {
      summary: "A new webhook; its secret is shown once",
      access: "people",
      action: "operate",
      body: webhookInputSchema,
      reply: withSecretSchema,
      status: 201,
      async handle({ body, changed }) {
        const [id, secret] = [randomUUID().slice(0, 8), drawSecret()];
        await webhooks.add(id, body, secret, clock.wallMs());
        changed(id, undefined, body);
        return { webhook: await webhooks.get(id), secret };
      },
    }),
    route("GET", "/api/v1/webhooks/{id}", {
      summary: "One webhook",
      access: "people",
      action: "operate",
      tagged: true,
      reply: webhookSchema,
      async handle({ params }) {
        const webhook = await found(params);
        return new Tagged(webhook, tagOf(webhook));
      },
    }),
    route("PUT", "/api/v1/webhooks/{id}", {
      summary: "Changes a webhook; what waits for it goes to the new address",
      access: "people",
      action: "operate",
      tagged: true,
      body: webhookInputSchema,
      reply: webhookSchema,
      handle: ({ params, body, request, changed }) =>
        inTurn(async () => {
          const before = await found(params);
          requireMatch(request, before, before.id);
          await webhooks.change(before.id, body);
          changed(before.id, before, { ...before, ...body });
          deliverer.wake();
          const webhook = await found(params);
          return new Tagged(webhook, tagOf(webhook));
        }),
    }),
    route("DELETE", "/api/v1/webhooks/{id}", {
      summary: "Removes a webhook, with what waits for it and its log",
      access: "people",
      action: "operate",
      tagged: true,
      status: 204,
      handle: ({ params, request, changed }) =>
        inTurn(async () => {
          const before = await found(params);
          requireMatch(request, before, before.id);
          await webhooks.remove(before.id);
          changed(before.id, before, undefined);
        }),
    }),
    route("POST", "/api/v1/webhooks/{id}/secret", {
      summary: "A new secret, shown once; the one before is void at once",
      access: "people",
      action: "operate",
      reply: withSecretSchema,
      async handle({ params }) {
        const webhook = await found(params);
        const secret = drawSecret();
        await webhooks.putSecret(webhook.id, secret);
        return { webhook, secret };
      },
    }),
    route("POST", "/api/v1/webhooks/{id}/test", {
      summary: "Sends an event of the type `test`; the reply names it, and the log tells what became of it",
      access: "people",
      action: "operate",
      reply: v.object({ event: v.string() }),
      status: 202,
      async handle({ params, asker }) {
        const { id } = await found(params);
        const event = `test-${randomUUID()}`;
        const atMs = clock.wallMs();
        await webhooks.queue({ id: event, type: "test", atMs, data: { askedBy: asker.name } }, [id], atMs);
        deliverer.wake();
        return { event };
      },
    }),
    route("GET", "/api/v1/webhooks/{id}/deliveries", {
      summary: "What was sent to a webhook, waits for it or was given up, the newest first",
      access: "people",
      action: "operate",
      query: v.object({
        state: v.optional(v.picklist(DELIVERY_STATES)),
        before: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}-[\w.:~-]{1,200}$/))),
      }),
      reply: pageSchema,
      async handle({ params, query: { state, before } }) {
        const { id } = await found(params);
        return webhooks.deliveries(id, state, before, LISTED_MAX);
      },
    }),
    route("POST", "/api/v1/webhooks/{id}/deliveries/{event}/again", {
      summary: "Sends one again that was given up or waits, now",
      access: "people",
      action: "operate",
      reply: deliverySchema,
      async handle({ params }) {
        const { id } = await found(params);
        const event = String(params.event);
        const before = must(await webhooks.delivery(id, event), "delivery", event);
        if (before.state === "delivered") {
          throw new CuecastError(`Cannot send ${event} again: it was delivered`, {
            code: "delivered-already",
            status: 409,
          });
        }
        const { endedMs: _ended, ...rest } = before;
        await webhooks.settle({ ...rest, state: "waiting", tries: 0, nextMs: clock.wallMs() });
        deliverer.wake();
        return webhooks.delivery(id, event);
      },
    }),
  ];
}
