/** WIRE.md as OpenAPI 3.1, made from the schemas. One table, which a test holds against the routes. */
import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import {
  airingsReplySample,
  airingsReplySchema,
  airingsRequestSchema,
  airingsSample,
} from "../../../shared/protocol/airings.ts";
import {
  answersRequestSchema,
  answersSample,
  receiptsSample,
  receiptsSchema,
} from "../../../shared/protocol/answers.ts";
import { interactionSample, interactionSchema } from "../../../shared/protocol/interaction.ts";
import { lineUpSample, lineUpSchema } from "../../../shared/protocol/line-up.ts";
import { idSchema, ordinalSchema, sha256Schema } from "../../../shared/protocol/primitives.ts";
import { PROBLEM_MEDIA_TYPE, problemSample, problemSchema } from "../../../shared/protocol/problem.ts";
import { resultsSample, resultsSchema } from "../../../shared/protocol/results.ts";
import { scheduleSample, scheduleSchema } from "../../../shared/protocol/schedule.ts";
import { timeSample, timeSchema } from "../../../shared/protocol/time.ts";

interface Message {
  name: string;
  schema: v.GenericSchema;
  sample: unknown;
}
interface Parameter {
  name: string;
  in: "path" | "query";
  schema: v.GenericSchema | { type: string };
  description: string;
}
export interface Operation {
  method: "get" | "post";
  path: string;
  id: string;
  summary: string;
  parameters?: Parameter[];
  request?: Message;
  /** Absent: something else than a JSON message. */
  reply?: Message;
  mediaType?: string;
  /** Statuses of errors. */
  errors: number[];
}

const message = (name: string, schema: v.GenericSchema, sample: unknown): Message => ({
  name,
  schema,
  sample,
});

export const MESSAGES = {
  time: message("Time", timeSchema, timeSample),
  lineUp: message("LineUp", lineUpSchema, lineUpSample),
  schedule: message("Schedule", scheduleSchema, scheduleSample),
  interaction: message("Interaction", interactionSchema, interactionSample),
  results: message("Results", resultsSchema, resultsSample),
  answers: message("AnswersRequest", answersRequestSchema, answersSample),
  receipts: message("Receipts", receiptsSchema, receiptsSample),
  airings: message("AiringsRequest", airingsRequestSchema, airingsSample),
  airingsReply: message("AiringsReply", airingsReplySchema, airingsReplySample),
  problem: message("Problem", problemSchema, problemSample),
};

const inPath = (name: string, schema: v.GenericSchema, description: string): Parameter => ({
  name,
  in: "path",
  schema,
  description,
});
const POST_ERRORS = [400, 401, 403, 413, 415, 429, 503];

export const OPERATIONS: Operation[] = [
  {
    method: "get",
    path: "/v1/time",
    id: "getTime",
    summary: "The edge's time, stamped as it is sent: the only clock sample there is",
    parameters: [
      { name: "n", in: "query", schema: { type: "string" }, description: "Random, against caches" },
    ],
    reply: MESSAGES.time,
    errors: [],
  },
  {
    method: "get",
    path: "/v1/channels",
    id: "getLineUp",
    summary: "The region's line-up",
    reply: MESSAGES.lineUp,
    errors: [503],
  },
  {
    method: "get",
    path: "/v1/channels/{channel}/schedule",
    id: "getSchedule",
    summary: "The cues and programmes of one channel over a window",
    parameters: [inPath("channel", idSchema, "A channel of the line-up")],
    reply: MESSAGES.schedule,
    errors: [404, 503],
  },
  {
    method: "get",
    path: "/v1/interactions/{id}",
    id: "getInteraction",
    summary: "A version of an interaction, immutable; without `version` the newest published",
    parameters: [
      inPath("id", idSchema, "An interaction"),
      { name: "version", in: "query", schema: ordinalSchema, description: "As its cue says" },
    ],
    reply: MESSAGES.interaction,
    errors: [400, 404, 425, 503],
  },
  {
    method: "get",
    path: "/v1/images/{sha256}",
    id: "getImage",
    summary: "An image, immutable",
    parameters: [inPath("sha256", sha256Schema, "SHA-256 of the image, hexadecimal")],
    mediaType: "image/*",
    errors: [404, 503],
  },
  {
    method: "get",
    path: "/v1/cues/{id}/results",
    id: "getResults",
    summary: "Tallies of a cue, when its interaction makes them visible",
    parameters: [inPath("id", idSchema, "A cue")],
    reply: MESSAGES.results,
    errors: [404, 503],
  },
  {
    method: "post",
    path: "/v1/answers",
    id: "postAnswers",
    summary: "Answers; the receipts come once they are on disk, in the order sent",
    request: MESSAGES.answers,
    reply: MESSAGES.receipts,
    errors: POST_ERRORS,
  },
  {
    method: "post",
    path: "/v1/airings",
    id: "postAirings",
    summary: "What a box really did with its cues",
    request: MESSAGES.airings,
    reply: MESSAGES.airingsReply,
    errors: POST_ERRORS,
  },
  {
    method: "get",
    path: "/healthz",
    id: "getHealth",
    summary: "200 when the process lives",
    mediaType: "application/json",
    errors: [],
  },
  {
    method: "get",
    path: "/readyz",
    id: "getReadiness",
    summary: "200 when it has a snapshot to serve",
    mediaType: "application/json",
    errors: [503],
  },
  {
    method: "get",
    path: "/tv/",
    id: "getTelevision",
    summary: "The reference television",
    mediaType: "text/html",
    errors: [404],
  },
  {
    method: "get",
    path: "/box/{file}",
    id: "getBundle",
    summary: "The box's bundle",
    parameters: [
      { name: "file", in: "path", schema: { type: "string" }, description: "A file of the bundle" },
    ],
    mediaType: "text/javascript",
    errors: [404],
  },
  {
    method: "get",
    path: "/openapi.json",
    id: "getOpenApi",
    summary: "This document",
    mediaType: "application/json",
    errors: [],
  },
];

const isSchema = (schema: Parameter["schema"]): schema is v.GenericSchema => "kind" in schema;

/** Checks in code, such as a time zone's existence, have no JSON Schema; they are left out. */
const jsonSchema = (schema: v.GenericSchema) => {
  const { $schema: _, ...rest } = toJsonSchema(schema, { errorMode: "ignore" });
  return rest;
};

const content = ({ name, sample }: Message, mediaType = "application/json") => ({
  [mediaType]: { schema: { $ref: `#/components/schemas/${name}` }, example: sample },
});

function describe(operation: Operation): object {
  const { id, summary, parameters, request, reply, mediaType, errors } = operation;
  const responses: Record<string, object> = {
    200: {
      description: "Done",
      content: reply ? content(reply) : { [mediaType ?? "application/json"]: {} },
    },
  };
  if (operation.method === "get" && id !== "getTime") responses[304] = { description: "Not modified" };
  for (const status of errors) {
    responses[status] = { description: "Cannot", content: content(MESSAGES.problem, PROBLEM_MEDIA_TYPE) };
  }
  const described: Record<string, unknown> = { operationId: id, summary, responses };
  if (parameters) {
    described.parameters = parameters.map((parameter) => ({
      name: parameter.name,
      in: parameter.in,
      required: parameter.in === "path",
      description: parameter.description,
      schema: isSchema(parameter.schema) ? jsonSchema(parameter.schema) : parameter.schema,
    }));
  }
  if (request) {
    described.requestBody = { required: true, content: content(request) };
    described.security = [{}, { boxToken: [] }];
  }
  return described;
}

/** The whole document. */
export function makeOpenApi(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = { ...paths[operation.path], [operation.method]: describe(operation) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Cuecast edge", version, description: "Between box and edge, version 1" },
    paths,
    components: {
      schemas: Object.fromEntries(
        Object.values(MESSAGES).map(({ name, schema }) => [name, jsonSchema(schema)]),
      ),
      securitySchemes: { boxToken: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
}
