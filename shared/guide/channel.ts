/**
 * A channel as central keeps it and as a publication carries it (a JSON body): what a viewer tunes to.
 * The line-up message of WIRE.md is made from it.
 */
import * as v from "valibot";
import { idSchema, languageSchema, webUrlSchema } from "../protocol/primitives.ts";
import { zoneSchema } from "../schedule/placement.ts";

/** Highest number a viewer can dial: four digits. */
export const CHANNEL_NUMBER_MAX = 9999;
/** Longest channel name, characters. */
export const CHANNEL_NAME_MAX = 200;
/** Longest channel id a guide file may bring, characters. */
export const XMLTV_ID_MAX = 256;
/** Most locators of a channel. */
export const LOCATORS_MAX = 16;
/** Most languages of one text. */
export const LANGUAGES_MAX = 20;

const nameSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(CHANNEL_NAME_MAX));

export const channelSchema = v.object({
  id: idSchema,
  /** The id the guide file writes, when it is not `id` itself. */
  xmltvId: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(XMLTV_ID_MAX))),
  /** What the viewer dials; unique among the channels. */
  number: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(CHANNEL_NUMBER_MAX)),
  name: nameSchema,
  /** By language, when the guide names it in several. */
  names: v.optional(
    v.pipe(
      v.record(languageSchema, nameSchema),
      v.check(
        (names) => Object.keys(names).length <= LANGUAGES_MAX,
        "Cannot take these names: too many languages",
      ),
    ),
  ),
  logoUrl: v.optional(webUrlSchema),
  /** DVB locators, `dvb://onid.tsid.sid`. */
  locators: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(LOCATORS_MAX))),
  /** What a DVB-I schedule calls it, when its service list says so. */
  guideRef: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(XMLTV_ID_MAX))),
  /** Where its local time is told: what a guide's offsets are held against. */
  zone: v.optional(zoneSchema),
});

export type Channel = v.InferOutput<typeof channelSchema>;

export const channelSample: Channel = {
  id: "CCTV1.cn~40SD",
  xmltvId: "CCTV1.cn@SD",
  number: 1,
  name: "CCTV-1 综合",
  names: { zh: "CCTV-1 综合", en: "CCTV-1 General" },
  logoUrl: "https://logos.example/cctv1.png",
  locators: ["dvb://1.2.3"],
};
