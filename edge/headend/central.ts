/** Central, as an edge reaches it: the port behind which HTTP stands (`platform/central-client.ts`). */
import type { BatchReply, BatchRequest } from "../../shared/uplink/batch.ts";
import type { EnrolReply, EnrolRequest, RenewReply } from "../../shared/uplink/enrolment.ts";
import type { HintReply, HintRequest } from "../../shared/uplink/hint.ts";
import type { ResultsReply, ResultsRequest } from "../../shared/uplink/results.ts";

/**
 * Every call ends: with a reply, or with a CuecastError after its timeout at the latest. Codes:
 * `central-unreachable` (nobody there, or no answer in time; retryable), `central-unwell` (429 or 5xx;
 * retryable), `central-refused-token` (401, 403), `central-refused` (any other 4xx, as `status`),
 * `central-garbled` (a reply that is not one of Cuecast's; retryable).
 */
export interface Central {
  enrol(request: EnrolRequest): Promise<EnrolReply>;
  renew(): Promise<RenewReply>;
  /** Lasts up to `request.waitMs`. */
  hint(request: HintRequest, signal?: AbortSignal): Promise<HintReply>;
  batch(request: BatchRequest): Promise<BatchReply>;
  /** National counts. A central of an earlier release refuses it with 404. */
  results(request: ResultsRequest): Promise<ResultsReply>;
}
