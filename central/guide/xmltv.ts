/**
 * Reads an XMLTV file as it streams in: gzip or not, in any encoding, with the breaches of XML that feeds
 * have. What it yields is as the file says; `normalise.ts` puts it right. A file that is cut off, or is no
 * XMLTV, ends in an error, so that a caller who collects everything first takes it whole or not at all.
 *
 * saxes does the tokenizing: strict, but it reports a breach and goes on, knows line and column, and does
 * about 100 MB/s on guides. It reads from a bare `&` to the next `;`, and would swallow programmes that way:
 * hence bare ones are marked before they reach it.
 */
import { SaxesParser } from "saxes";
import { createAmpersandMarker } from "./ampersands.ts";
import { decoderLabel, decodeText, type EncodingReport } from "./encoding.ts";
import type { GuideItem } from "./guide-items.ts";
import { type ByteCounts, gunzip, SIZE_LIMITS, type SizeLimits } from "./gunzip.ts";
import { HTML_ENTITIES } from "./html-entities.ts";
import { type Attributes, createItemBuilder, type ItemBuilder } from "./item-builder.ts";
import { refusal } from "./refusal.ts";

export interface XmltvLimits extends SizeLimits {
  /** Deepest nesting of elements; XMLTV's own is 4. */
  depthMax: number;
  /** Longest tag, text or comment, characters. */
  tokenMax: number;
  /** Most breaches of XML before the file is refused. */
  malformedMax: number;
}

export const XMLTV_LIMITS: XmltvLimits = {
  ...SIZE_LIMITS,
  depthMax: 64,
  tokenMax: 4_194_304,
  malformedMax: 100_000,
};

export interface XmltvProgress extends ByteCounts {
  channels: number;
  programmes: number;
}

export interface XmltvOptions {
  limits?: Partial<XmltvLimits>;
  /** The zone of times that name none, ms east of UTC; 0 unless told. */
  zoneOffsetMs?: number;
  /** Called after each piece with running totals; the object is one and the same. */
  onProgress?: (progress: Readonly<XmltvProgress>) => void;
}

/** What else than XMLTV is often sent, by its root element. */
const OTHER_ROOTS: Record<string, string> = {
  channels: "a list of channels for a grabber",
  ServiceList: "a DVB-I service list",
  TVAMain: "a TV-Anytime schedule",
  html: "a web page",
  HTML: "a web page",
  rss: "a news feed",
  feed: "a news feed",
};

/**
 * @returns channels, programmes and defects in the order of the file; programmes whose start is no time
 *   are left out and reported
 * @throws {CuecastError} `not-a-guide`, `guide-truncated`, `guide-too-large`, `guide-unsafe`,
 *   `guide-malformed`; what was yielded before must then be thrown away
 */
export async function* readXmltv(
  bytes: AsyncIterable<Uint8Array>,
  options: XmltvOptions = {},
): AsyncGenerator<GuideItem, void, undefined> {
  const limits = { ...XMLTV_LIMITS, ...options.limits };
  const progress: XmltvProgress = { bytes: 0, plainBytes: 0, channels: 0, programmes: 0 };
  const encoding: EncodingReport = {};
  const builder = createItemBuilder(options.zoneOffsetMs ?? 0);
  const tokens = createTokens(builder, limits);
  const ampersands = createAmpersandMarker();

  for await (const text of decodeText(gunzip(bytes, progress, limits), encoding)) {
    tokens.write(ampersands.mark(text));
    for (const item of builder.take()) {
      if (item.kind === "programme") progress.programmes++;
      else if (item.kind === "channel") progress.channels++;
      yield item;
    }
    options.onProgress?.(progress);
  }
  if (progress.plainBytes === 0) throw refusal("not-a-guide", "it is empty; fetch the file again");
  tokens.end(ampersands.end());
  reportEncoding(encoding, builder);
  yield* builder.take();
}

function reportEncoding({ declared, used }: EncodingReport, builder: ItemBuilder): void {
  if (used === undefined || used.startsWith("utf-16")) return;
  if (declared === undefined ? used === "utf-8" : decoderLabel(declared) === used) return;
  builder.report("encoding", 1, `declared ${declared ?? "nothing, so utf-8"}, read as ${used}`);
}

interface Tokens {
  write(text: string): void;
  /** Writes the last text and closes. */
  end(text: string): void;
}

/** Drives the tokenizer: root, depth, limits and breaches here, the elements' meaning in the builder. */
function createTokens(builder: ItemBuilder, limits: XmltvLimits): Tokens {
  // No more handlers than the six below: with the eighth, V8 keeps the parser's fields in a hash table, and
  // parsing takes five times as long (saxes 6.0.0, Node 24 and Deno 2.9).
  const parser = new SaxesParser({ position: false });
  Object.assign(parser.ENTITIES, HTML_ENTITIES);
  let depth = 0;
  let inGuide = false;
  let rootSeen = false;
  let ending = false;
  let malformed = 0;
  let tokenStart = 0;
  let innermost = "";

  const place = () => `line ${parser.line}, column ${parser.column + 1}`;
  const token = () => {
    tokenStart = parser.position;
  };

  parser.on("opentag", ({ name, attributes }) => {
    token();
    if (depth === 0) {
      inGuide = name === "tv";
      if (!inGuide && !rootSeen) throw notXmltv(name, place());
      rootSeen = true;
    } else if (inGuide) {
      builder.open(name, attributes as Attributes, depth, parser.line);
    }
    innermost = name;
    depth++;
    if (depth > limits.depthMax) {
      throw refusal(
        "guide-unsafe",
        `its elements nest deeper than ${limits.depthMax} at ${place()}, as no guide's do`,
      );
    }
  });
  parser.on("closetag", () => {
    token();
    depth--;
    if (depth > 0 && inGuide && !ending) builder.close(depth);
  });
  parser.on("text", (text) => {
    token();
    if (!ending) builder.text(text, parser.line);
  });
  parser.on("cdata", (text) => {
    token();
    builder.cdata(text, parser.line);
  });
  parser.on("doctype", (doctype) => {
    token();
    if (/<!ENTITY/i.test(doctype)) {
      throw refusal(
        "guide-unsafe",
        `it defines entities of its own before ${place()}; have them written out`,
      );
    }
  });
  parser.on("error", (breach) => {
    const what = breach.message.replace(/\.$/, "");
    if (!rootSeen && (ending || what.startsWith("text data outside"))) {
      throw refusal("not-a-guide", `it has no <tv> element up to ${place()}; send an XMLTV file`);
    }
    if (ending) {
      const inside = innermost === "" ? "" : ` after <${innermost}>`;
      throw refusal("guide-truncated", `it ends in the middle, at ${place()}${inside}; fetch the file again`);
    }
    // Told for every element of a second root; once is enough.
    if (depth > 0 && what.startsWith("documents may contain only one root")) return;
    malformed++;
    if (malformed > limits.malformedMax) {
      throw refusal(
        "guide-malformed",
        `over ${limits.malformedMax} places break XML's rules, the last at ${place()}`,
      );
    }
    builder.report("malformed-xml", parser.line, `${what}, at ${place()}`);
  });

  const write = (text: string) => {
    if (text === "") return;
    parser.write(text);
    if (parser.position - tokenStart > limits.tokenMax) {
      throw refusal(
        "guide-too-large",
        `one tag, text or comment has over ${limits.tokenMax} characters up to ${place()}`,
      );
    }
  };
  return {
    write,
    end(text) {
      write(text);
      ending = true;
      parser.close();
    },
  };
}

function notXmltv(root: string, place: string): Error {
  const kind = Object.hasOwn(OTHER_ROOTS, root) ? `, ${OTHER_ROOTS[root]}` : "";
  return refusal(
    "not-a-guide",
    `its root element is <${root.slice(0, 60)}>${kind}, at ${place}; send an XMLTV file, whose root is <tv>`,
  );
}
