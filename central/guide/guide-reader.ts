/**
 * Reads a guide file as it streams in: gzip or not, in any encoding, with the breaches of XML that feeds
 * have. Its root element tells the format; a builder per format knows what the elements mean. What it yields
 * is as the file says; `normalise.ts` puts it right. A file that is cut off, or is no guide, ends in an error,
 * so that a caller who collects everything first takes it whole or not at all.
 *
 * saxes does the tokenizing: strict, but it reports a breach and goes on, knows line and column, and does
 * about 100 MB/s on guides. It reads from a bare `&` to the next `;`, and would swallow programmes that way:
 * hence bare ones are marked before they reach it.
 */
import { SaxesParser } from "saxes";
import { createAmpersandMarker } from "./ampersands.ts";
import { createChannelListBuilder } from "./channel-list-builder.ts";
import { createDvbiBuilder } from "./dvbi-builder.ts";
import { decoderLabel, decodeText, type EncodingReport } from "./encoding.ts";
import { foreignFile } from "./foreign-file.ts";
import type { GuideItem } from "./guide-items.ts";
import { type ByteCounts, gunzip, SIZE_LIMITS, type SizeLimits } from "./gunzip.ts";
import { HTML_ENTITIES } from "./html-entities.ts";
import {
  type Attributes,
  createItemSink,
  type ItemBuilder,
  type ItemSink,
  type TimeOptions,
} from "./item-sink.ts";
import { refusal } from "./refusal.ts";
import { createTvaBuilder } from "./tva-builder.ts";
import { createXmltvBuilder } from "./xmltv-builder.ts";
import type { ClockEvidence } from "./zone-clock.ts";

export interface ReaderLimits extends SizeLimits {
  /** Deepest nesting of elements; XMLTV's own is 4. */
  depthMax: number;
  /** Most characters from one tag or text to the next: of a tag, of a text, of all comments and blanks between. */
  tokenMax: number;
  /** Most attributes of one element; the tokenizer holds all of them until it ends. XMLTV's own are 7 at most. */
  attributesMax: number;
  /** Most breaches of XML before the file is refused. */
  malformedMax: number;
}

export const READER_LIMITS: ReaderLimits = {
  ...SIZE_LIMITS,
  depthMax: 64,
  tokenMax: 262_144,
  attributesMax: 1_000,
  malformedMax: 100_000,
};

export interface ReaderProgress extends ByteCounts {
  channels: number;
  programmes: number;
}

export interface ReaderOptions extends TimeOptions {
  limits?: Partial<ReaderLimits>;
  /** Filled while reading: how many titles that name an hour agree with which clock. */
  evidence?: ClockEvidence;
  /** Asked between small parts, where others are to have their turns meanwhile. */
  pause?: () => Promise<void>;
  /** Called after each piece with running totals; the object is one and the same. */
  onProgress?: (progress: Readonly<ReaderProgress>) => void;
}

/** Parsed between two pauses: with nothing but breaches of XML in it, about 3 ms. */
const TURN_CHARACTERS = 1_024;

type MakeBuilder = (sink: ItemSink, options: ReaderOptions, root: Attributes) => ItemBuilder;

/** By root element, whatever its prefix. */
const FORMATS: Record<string, MakeBuilder> = {
  tv: (sink, options) => createXmltvBuilder(sink, options, evidenceOf(options)),
  ServiceList: (sink, _options, root) => createDvbiBuilder(sink, root),
  TVAMain: (sink, options, root) => createTvaBuilder(sink, options, evidenceOf(options), root),
  channels: (sink) => createChannelListBuilder(sink),
};

const evidenceOf = ({ evidence }: ReaderOptions) => evidence ?? { offset: 0, digits: 0, utc: 0 };

/** HTML as it is mostly written is no XML, and has no root for a strict reader: what a portal or a sign-in answers. */
const WEB_PAGE = /<(!doctype\s+)?html\b/i;
const BEGINNING_CHARACTERS = 1_024;

/** What else is often sent, by its root element. */
const OTHER_ROOTS: Record<string, string> = {
  html: "a web page",
  HTML: "a web page",
  rss: "a news feed",
  feed: "a news feed",
  ServiceListEntryPoints: "a list of DVB-I service lists: send one of them",
};

/**
 * @returns channels, programmes and defects in the order of the file, those of a piece of it at once; programmes
 *   whose start is no time are left out and reported. A programme's texts may be slices of the piece, which keep
 *   all of it in memory: whoever keeps them copies them
 * @throws {CuecastError} `not-a-guide`, `guide-truncated`, `guide-too-large`, `guide-unsafe`,
 *   `guide-malformed`; what was yielded before must then be thrown away
 */
export async function* readGuideItems(
  bytes: AsyncIterable<Uint8Array>,
  options: ReaderOptions = {},
): AsyncGenerator<GuideItem[], void, undefined> {
  const limits = { ...READER_LIMITS, ...options.limits };
  const progress: ReaderProgress = { bytes: 0, plainBytes: 0, channels: 0, programmes: 0 };
  const encoding: EncodingReport = {};
  const sink = createItemSink();
  const tokens = createTokens(sink, options, limits, () => foreignFile(encoding.head ?? new Uint8Array(0)));
  const ampersands = createAmpersandMarker();
  const step = options.pause ? TURN_CHARACTERS : Number.POSITIVE_INFINITY;

  for await (const text of decodeText(gunzip(bytes, progress, limits), encoding)) {
    for (let at = 0; at < text.length; at += step) {
      await options.pause?.();
      tokens.write(ampersands.mark(step < text.length ? text.slice(at, at + step) : text));
      const items = sink.take();
      for (const { kind } of items) {
        if (kind === "programme") progress.programmes++;
        else if (kind === "channel") progress.channels++;
      }
      yield items;
    }
    options.onProgress?.(progress);
  }
  if (progress.plainBytes === 0) throw refusal("not-a-guide", "it is empty; fetch the file again");
  tokens.end(ampersands.end());
  reportEncoding(encoding, sink);
  yield sink.take();
}

function reportEncoding({ declared, used }: EncodingReport, sink: ItemSink): void {
  if (used === undefined) return;
  // UTF-16 may be declared without its order, and not at all where a mark tells it.
  if (used.startsWith("utf-16") && (declared ?? "utf-16") === "utf-16") return;
  if (declared === undefined ? used === "utf-8" : decoderLabel(declared) === used) return;
  sink.report("encoding", 1, `declared ${declared ?? "nothing, so utf-8"}, read as ${used}`);
}

interface Tokens {
  write(text: string): void;
  /** Writes the last text and closes. */
  end(text: string): void;
}

/** Drives the tokenizer: root, depth, limits and breaches here, the elements' meaning in the builder. */
function createTokens(
  sink: ItemSink,
  options: ReaderOptions,
  limits: ReaderLimits,
  foreign: () => string | undefined,
): Tokens {
  // No more handlers than the six below: with the eighth, V8 keeps the parser's fields in a hash table, and
  // parsing takes five times as long (saxes 6.0.0, Node 24 and Deno 2.9).
  const parser = new SaxesParser({ position: false });
  Object.assign(parser.ENTITIES, HTML_ENTITIES);
  let depth = 0;
  /** Of the root that is open; none within a second root that is no guide's. */
  let builder: ItemBuilder | undefined;
  let first: ItemBuilder | undefined;
  let firstRoot = "";
  let rootSeen = false;
  let ending = false;
  let malformed = 0;
  let tokenStart = 0;
  /** Of the elements that are open. */
  const names: string[] = [];

  let beginning = "";

  const place = () => `line ${parser.line}, column ${parser.column + 1}`;
  const token = () => {
    tokenStart = parser.position;
  };

  parser.on("opentag", ({ name, attributes }) => {
    token();
    const local = name.slice(name.indexOf(":") + 1);
    if (depth === 0) {
      const make = Object.hasOwn(FORMATS, local) ? FORMATS[local] : undefined;
      if (!make && !rootSeen) throw notGuide(name, place(), foreign());
      // A second root, as two files put together have it, goes on with the first one's builder.
      if (!rootSeen) firstRoot = local;
      if (make && local === firstRoot) first ??= make(sink, options, attributes as Attributes);
      builder = local === firstRoot ? first : undefined;
      rootSeen = true;
    } else {
      builder?.open(local, attributes as Attributes, depth, parser.line);
    }
    names[depth] = name;
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
    if (depth > 0 && !ending) builder?.close(depth);
  });
  parser.on("text", (text) => {
    token();
    if (ending) return;
    const whole = sink.restore(text, parser.line);
    sink.countReplacements(whole, parser.line);
    builder?.text(whole);
  });
  parser.on("cdata", (text) => {
    token();
    const whole = sink.restoreCdata(text);
    sink.countReplacements(whole, parser.line);
    builder?.text(whole);
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
      const kind = foreign();
      if (kind !== undefined) throw refusal("not-a-guide", kind);
      const page = WEB_PAGE.test(beginning) ? "it is a web page: " : "";
      throw refusal(
        "not-a-guide",
        `${page}it has no element of a guide up to ${place()}; send XMLTV, DVB-I or TV-Anytime`,
      );
    }
    if (ending) {
      const inside = depth > 0 ? ` within <${names[depth - 1]}>` : "";
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
    sink.report("malformed-xml", parser.line, `${what}, at ${place()}`);
  });

  const write = (text: string) => {
    if (text === "") return;
    if (beginning === "") beginning = text.slice(0, BEGINNING_CHARACTERS);
    parser.write(text);
    if (openAttributes(parser) > limits.attributesMax) {
      throw refusal(
        "guide-unsafe",
        `an element has over ${limits.attributesMax} attributes up to ${place()}, as no guide's has; ask who sent it`,
      );
    }
    // Between writes saxes 6 counts its last piece twice.
    if (parser.position - tokenStart - text.length > limits.tokenMax) {
      throw refusal(
        "guide-too-large",
        `over ${limits.tokenMax} characters up to ${place()} bring no element: an endless tag, text or comment, or nothing but comments and blanks, as no guide has; ask who sent it`,
      );
    }
  };
  return {
    write,
    end(text) {
      write(text);
      ending = true;
      parser.close();
      first?.end();
    },
  };
}

/** Of the tag that is being read; a field that saxes 6 keeps to itself, and there is no other way to see it in time. */
const openAttributes = (parser: SaxesParser): number =>
  (parser as unknown as { attribList: unknown[] }).attribList.length;

function notGuide(root: string, place: string, foreign: string | undefined): Error {
  if (foreign !== undefined) return refusal("not-a-guide", foreign);
  const kind = Object.hasOwn(OTHER_ROOTS, root) ? `, ${OTHER_ROOTS[root]}` : "";
  return refusal(
    "not-a-guide",
    `its root element is <${root.slice(0, 60)}>${kind}, at ${place}; send XMLTV (<tv>), a DVB-I service list (<ServiceList>) or a TV-Anytime schedule (<TVAMain>)`,
  );
}
