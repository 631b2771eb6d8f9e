/**
 * Requests drawn at random from central's own OpenAPI document: values that fit their schema, the same with one place
 * made wrong, and what nobody would send. Ids are drawn from those that are there too, so that much of it is taken.
 */
import fc from "fast-check";

type Json = Record<string, unknown>;

export interface DrawnRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

interface Operation {
  parameters?: { name: string; in: string; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  security: Json[];
}
export interface Document {
  paths: Record<string, Record<string, Operation>>;
}

/** Any code points, halves of pairs too. fast-check's own `binary` makes a map of all 1.1 million of them. */
const codePoint = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));
const anyText = fc.string({ unit: codePoint, maxLength: 60 });
/** Made once each: that takes fast-check longer than a request takes us. */
const idLike = fc.stringMatching(/^[a-z0-9._:~-]{1,12}$/);
const uuid = fc.uuid();

/** What breaks programs: ends of ranges, other types, names of every object, what is no text. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, "", 0, -1, 1.5, 1e308, -0, 2 ** 53, 253_402_300_799_999, 253_402_300_800_000, [], {}],
    ...["__proto__", "constructor", "toString", "NaN", "../../etc/passwd", "' OR 1=1 --", "<script>", "=1+1"],
    ...[
      "\u0000",
      "\ud800",
      "\u202e",
      "a\nb",
      "%00",
      "a".repeat(5_000),
      "http://127.0.0.1:9/",
      "9".repeat(400),
    ],
    ...["2026-02-30", "25:00", "* * * * *", "H H * * *", "0 0 31 2 *", "Asia/Nowhere", "Etc/UTC"],
  ),
  anyText,
  fc.double(),
  fc.integer(),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(JSON.parse('{"__proto__":{"a":1},"constructor":1}')),
);

/** @param ids those that are there */
function fromSchema(schema: Json, ids: readonly string[], depth = 0): fc.Arbitrary<unknown> {
  const of = (inner: unknown) => fromSchema((inner ?? {}) as Json, ids, depth + 1);
  if ("const" in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const choices = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (choices) return fc.oneof(...choices.map(of));
  if (Array.isArray(schema.allOf)) {
    return fc.tuple(...schema.allOf.map(of)).map((parts) => Object.assign({}, ...(parts as object[])));
  }
  switch (schema.type) {
    case "object": {
      const required = (schema.required ?? []) as string[];
      const known = Object.fromEntries(
        Object.entries((schema.properties ?? {}) as Record<string, Json>).map(([name, inner]) => [
          name,
          of(inner),
        ]),
      );
      if (typeof schema.additionalProperties === "object" && schema.additionalProperties && depth < 6) {
        const key = fc.constantFrom("en", "zh-CN", "a", "b", ...ids.slice(0, 4));
        return fc.dictionary(key, of(schema.additionalProperties), { maxKeys: 3 });
      }
      return fc.record(known, { requiredKeys: required.filter((name) => name in known) as never });
    }
    case "array":
      return fc.array(of(schema.items), { maxLength: 3 });
    case "boolean":
      return fc.boolean();
    case "integer":
    case "number":
      return fc.oneof(
        fc.integer({ min: 0, max: 100 }),
        fc.constantFrom(4_102_444_800_000, 4_102_444_900_000, 60_000),
      );
    case "string":
      if (schema.format === "uuid") return uuid;
      return fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(...ids) },
        { weight: 2, arbitrary: idLike },
        {
          weight: 1,
          arbitrary: fc.constantFrom("en", "zh-CN", "http://127.0.0.1:9/x", "1", "[]", "Asia/Shanghai"),
        },
      );
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

/** One place of a value, at any depth, made into something else; or a field left out. */
const withDamage = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(value, fc.array(fc.nat(20), { maxLength: 6 }), hostile, fc.boolean())
    .map(([whole, way, wrong, leaveOut]) => {
      if (typeof whole !== "object" || whole === null || way.length === 0) return wrong;
      const copy = structuredClone(whole) as Record<string, unknown>;
      let at = copy;
      for (const [depth, step] of way.entries()) {
        const names = Object.keys(at);
        const name = names[step % Math.max(1, names.length)];
        if (name === undefined) break;
        const inner = at[name];
        if (depth < way.length - 1 && typeof inner === "object" && inner !== null) {
          at = inner as Record<string, unknown>;
          continue;
        }
        if (leaveOut) delete at[name];
        else at[name] = wrong;
        break;
      }
      return copy;
    });

const text = (value: unknown) => (typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined"));

/** What `encodeURIComponent` takes. */
const encoded = (value: unknown) => encodeURIComponent(text(value).toWellFormed());

const bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.constantFrom(
    ...[
      "",
      "<tv>",
      '<?xml version="1.0"?><tv><programme start="x" channel="c1"/></tv>',
      "\u0089PNG\r\n\u001a\n",
      "RIFF0000WEBP",
    ].map((each) => new TextEncoder().encode(each)),
    new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0]),
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]),
  ),
);

/** A text cut, doubled or changed somewhere. */
const brokenText = (whole: fc.Arbitrary<string>) =>
  fc
    .tuple(whole, fc.nat(), fc.nat(3), fc.constantFrom("<", ">", "&", "\u0000", "]]>", '"', "9999"))
    .map(([text, at, how, piece]) => {
      const place = text.length === 0 ? 0 : at % text.length;
      if (how === 0) return text.slice(0, place);
      if (how === 1) return text + text;
      return text.slice(0, place) + piece + text.slice(place + (how === 2 ? 1 : 0));
    });

/** Bodies and queries that a route takes: what a schema alone hardly ever draws. */
export type Examples = Readonly<
  Record<string, { bodies?: readonly unknown[]; queries?: readonly Record<string, string>[] }>
>;

function ofOperation(
  method: string,
  path: string,
  operation: Operation,
  ids: readonly string[],
  { bodies, queries }: Examples[string],
) {
  const parameters = operation.parameters ?? [];
  const place = parameters.filter((each) => each.in === "path");
  const query = parameters.filter((each) => each.in === "query");
  const id = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: hostile });
  const json = operation.requestBody?.content["application/json"]?.schema;
  const good = bodies && fc.constantFrom(...bodies);
  const body: fc.Arbitrary<string | Uint8Array | undefined> = json
    ? fc.oneof(
        ...(good
          ? [
              { weight: 8, arbitrary: good.map((value) => JSON.stringify(value)) },
              { weight: 12, arbitrary: withDamage(good).map((value) => JSON.stringify(value) ?? "") },
            ]
          : []),
        { weight: 6, arbitrary: fromSchema(json, ids).map((value) => JSON.stringify(value)) },
        {
          weight: 4,
          arbitrary: withDamage(fromSchema(json, ids)).map((value) => JSON.stringify(value) ?? ""),
        },
        { weight: 1, arbitrary: anyText },
        { weight: 1, arbitrary: fc.constant(`${"[".repeat(20_000)}`) },
      )
    : operation.requestBody
      ? good
        ? fc.oneof(bytes, good.map(String), brokenText(good.map(String)))
        : bytes
      : fc.constant(undefined);
  const type = fc.oneof(
    { weight: 12, arbitrary: fc.constant("application/json") },
    {
      weight: 1,
      arbitrary: fc.constantFrom("text/plain", "application/xml", "", "application/json; charset=utf-16"),
    },
  );
  const more = fc.oneof(
    { weight: 8, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Record<string, string>>(
        ...[{ "if-match": '"x"' }, { "if-none-match": "*" }, { "content-encoding": "gzip" }],
        ...[
          { "content-encoding": "br" },
          { "content-length": "99999999999" },
          { origin: "null" },
          { cookie: "cuecast_session=x; =;;" },
        ],
      ),
    },
  );
  return fc
    .record({
      place: fc.tuple(...place.map(() => id)),
      query: fc.tuple(
        ...query.map(({ schema }) =>
          fc.option(
            fc.oneof(
              { weight: 3, arbitrary: fromSchema(schema, ids) },
              { weight: 1, arbitrary: fc.constantFrom("4102444800000", "4102445700000", "1", "c1,c2") },
              { weight: 1, arbitrary: hostile },
            ),
            { freq: 4 },
          ),
        ),
      ),
      ...{ body, type, more },
      ready: fc.option(fc.constantFrom(...(queries ?? [{}])), { freq: 4 }),
    })
    .map((drawn): DrawnRequest => {
      let index = 0;
      const at = path.replaceAll(/\{\w+\}/g, () => encoded(drawn.place[index++]) || "-");
      const given = query.flatMap(({ name }, each) => {
        const value = drawn.query[each];
        return value === null || value === undefined ? [] : [`${name}=${encoded(value)}`];
      });
      // The last of a name holds: now and then one place of a good query is made wrong.
      const ready = Object.entries(drawn.ready ?? {}).map(([name, value]) => `${name}=${encoded(value)}`);
      const words =
        ready.length > 0 ? [...given.slice(0, 1).filter(() => given.length % 2 === 1), ...ready] : given;
      return {
        method: method.toUpperCase(),
        path: words.length > 0 ? `${at}?${words.join("&")}` : at,
        headers: { ...(drawn.body !== undefined && { "content-type": drawn.type }), ...drawn.more },
        ...(drawn.body !== undefined && { body: drawn.body }),
      };
    });
}

/**
 * @param ids those that are there
 * @param leaveOut operations, like `POST /api/v1/x`
 */
export function arbitraryRequests(
  document: Document,
  ids: readonly string[],
  leaveOut: readonly string[] = [],
  examples: Examples = {},
): { name: string; uplink: boolean; request: fc.Arbitrary<DrawnRequest> }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const name = `${method.toUpperCase()} ${path}`;
      if (leaveOut.includes(name)) return [];
      const uplink = operation.security.some((each) => "uplink" in each);
      return [{ name, uplink, request: ofOperation(method, path, operation, ids, examples[name] ?? {}) }];
    }),
  );
}
