/** A schema as a list of fields: name, kind, bounds, what is within. */
import type { Say } from "../app/words.ts";
import type { Schema } from "./document.ts";
import type { referenceTexts } from "./texts.ts";

type Words = Say<typeof referenceTexts>;
/** Deeper ones are folded. */
const OPEN_DEPTH = 2;
const PATTERN_MAX = 48;

/** `string`, `number[]`, `"a" | "b"` */
export function kindOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
  if (schema.type === "array") {
    const inner = Array.isArray(schema.items) ? schema.items[0] : schema.items;
    return `${inner ? kindOf(inner) : "any"}[]`;
  }
  if (schema.anyOf ?? schema.oneOf) return "…";
  if (schema.type === "object" && typeof schema.additionalProperties === "object") return "{ … }";
  return schema.type ?? "any";
}

/** What every whole number and every instant has is no bound worth telling. */
const NO_BOUNDS = [Number.MAX_SAFE_INTEGER, 253_402_300_799_999];

function boundsOf(schema: Schema): string[] {
  const range = (least: number | undefined, most: number | undefined, unit: string) => {
    const to = most !== undefined && NO_BOUNDS.includes(most) ? undefined : most;
    if (to !== undefined) return [`${least ?? 0}–${to}${unit}`];
    return least === undefined ? [] : [`≥ ${least}${unit}`];
  };
  return [
    ...range(schema.minimum, schema.maximum, ""),
    ...range(schema.minLength, schema.maxLength, " chars"),
    ...range(schema.minItems, schema.maxItems, " items"),
    ...(schema.format ? [schema.format] : []),
    ...(schema.pattern && schema.pattern.length <= PATTERN_MAX ? [schema.pattern] : []),
    ...(schema.default !== undefined ? [`= ${JSON.stringify(schema.default)}`] : []),
  ];
}

export function Kind({ schema }: { schema: Schema }) {
  return (
    <>
      <span class="mono kind">{kindOf(schema)}</span>{" "}
      {boundsOf(schema).map((bound) => (
        <span class="bound" key={bound}>
          {bound}
        </span>
      ))}
    </>
  );
}

/** What an alternative is told by: its constant fields, else its fields. */
function nameOf(schema: Schema): string {
  const fields = Object.entries(schema.properties ?? {});
  const fixed = fields.filter(([, { const: value }]) => value !== undefined);
  if (fixed.length > 0) return fixed.map(([name, field]) => `${name}: ${kindOf(field)}`).join(", ");
  if (fields.length > 0) return `{ ${fields.map(([name]) => name).join(", ")} }`;
  return kindOf(schema);
}

/** What stands below a schema: its fields, its items' fields, its alternatives. */
export function SchemaTree({ schema, say, depth = 0 }: { schema: Schema; say: Words; depth?: number }) {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) {
    return (
      <ol class="alternatives" aria-label={say("or")}>
        {alternatives.map((each, index) => (
          <li key={String(index)}>
            {hasFields(each) ? (
              <details open={index === 0 && depth < OPEN_DEPTH}>
                <summary class="mono kind">{nameOf(each)}</summary>
                <SchemaTree schema={each} say={say} depth={depth + 1} />
              </details>
            ) : (
              <Kind schema={each} />
            )}
          </li>
        ))}
      </ol>
    );
  }
  if (schema.allOf) {
    return (
      <>
        {schema.allOf.map((each, index) => (
          <SchemaTree key={String(index)} schema={each} say={say} depth={depth} />
        ))}
      </>
    );
  }
  if (schema.type === "array" && schema.items && !Array.isArray(schema.items)) {
    return <SchemaTree schema={schema.items} say={say} depth={depth} />;
  }
  if (typeof schema.additionalProperties === "object") {
    return (
      <ul class="fields">
        <li>
          <span class="mono quiet">{say("each")}</span> <Kind schema={schema.additionalProperties} />
          <Within schema={schema.additionalProperties} say={say} depth={depth + 1} />
        </li>
      </ul>
    );
  }
  // What tells alternatives apart comes first, then what must be there.
  const rank = ([name, { const: value }]: [string, Schema]) =>
    value !== undefined ? 0 : schema.required?.includes(name) ? 1 : 2;
  const fields = Object.entries(schema.properties ?? {}).sort((a, b) => rank(a) - rank(b));
  if (fields.length === 0) return null;
  return (
    <ul class="fields">
      {fields.map(([name, field]) => (
        <li key={name}>
          <span class="mono strong">{name}</span> <Kind schema={field} />
          {schema.required?.includes(name) && <span class="needed">{say("required")}</span>}
          {field.description && <span class="quiet block small">{field.description}</span>}
          <Within schema={field} say={say} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
}

function hasFields(schema: Schema): boolean {
  if (schema.anyOf ?? schema.oneOf ?? schema.allOf) return true;
  if (schema.type === "array" && schema.items && !Array.isArray(schema.items)) return hasFields(schema.items);
  return Object.keys(schema.properties ?? {}).length > 0 || typeof schema.additionalProperties === "object";
}

function Within(props: { schema: Schema; say: Words; depth: number }) {
  if (!hasFields(props.schema)) return null;
  if (props.depth < OPEN_DEPTH) return <SchemaTree {...props} />;
  return (
    <details>
      <summary>{props.say("within")}</summary>
      <SchemaTree {...props} />
    </details>
  );
}
