/** Who an edge is: what it got at enrolment, and where its central is. */
import { createHash } from "node:crypto";
import * as v from "valibot";
import { webUrlSchema } from "../../shared/protocol/primitives.ts";
import { enrolReplySchema } from "../../shared/uplink/enrolment.ts";
import type { Central } from "./central.ts";

export const identitySchema = v.object({
  /** Central's address. */
  central: webUrlSchema,
  ...enrolReplySchema.entries,
  /** Hash of the code that was used up: another code given later enrols anew. */
  enrolledWith: v.optional(v.string()),
});
export type Identity = v.InferOutput<typeof identitySchema>;

/**
 * Uses a code up. Save what it gives before anything else: the code works once.
 *
 * @param central a client without a token
 * @param url where boxes reach this edge
 * @throws {CuecastError} as `Central.enrol`
 */
export async function enrol(
  central: Pick<Central, "enrol">,
  asked: { centralUrl: string; code: string; url?: string; software: string },
): Promise<Identity> {
  const { code, url, software } = asked;
  const reply = await central.enrol({ code, ...(url !== undefined && { url }), software });
  return { central: asked.centralUrl, ...reply, enrolledWith: codeHash(code) };
}

export const codeHash = (code: string) => createHash("sha256").update(code).digest("hex").slice(0, 16);
