/** What must hold before anything goes on air: everything that a placement or a region names is there. Pure. */
import * as v from "valibot";
import {
  interactionEntrySchema,
  interactionKey,
  regionEntrySchema,
} from "../../shared/publication/entries.ts";
import type { Content } from "../../shared/publication/part.ts";
import { channelRulesOf, groupsOf, placementsOf } from "./assemble.ts";

export interface CheckError {
  /** `placements.pl7.channels` */
  path: string;
  message: string;
  /** What it is, and the facts of the message: whoever shows it says it in the reader's language and time zone. */
  code: string;
  facts: Record<string, string | number>;
}

/** Most errors told at once. */
const ERRORS_MAX = 50;

/** @returns in the order of parts and keys; empty when it may go on air */
export function checkPublication(content: Content): CheckError[] {
  const errors: CheckError[] = [];
  const channels = content.get("channels") ?? new Map();
  const interactions = content.get("interactions") ?? new Map();
  const images = content.get("images") ?? new Map();
  const regions = content.get("regions") ?? new Map();
  const groups = groupsOf(content);
  const missing = (
    path: string,
    what: string,
    names: readonly string[] = [],
    there: { has(id: string): boolean },
  ) => {
    for (const name of names) {
      if (!there.has(name)) {
        const message = `Cannot place it on ${name}: there is no such ${what}`;
        errors.push({ path, message, code: `no-${what.replace(" ", "-")}`, facts: { name } });
      }
    }
  };
  for (const placement of placementsOf(content)) {
    const path = `placements.${placement.id}`;
    missing(`${path}.channels`, "channel", placement.channels, channels);
    missing(`${path}.groups`, "channel group", placement.groups, groups);
    missing(`${path}.regions`, "region", placement.regions, regions);
    const key = interactionKey(placement.interaction, placement.version);
    if (!interactions.has(key)) {
      const message = `Cannot show ${key}: there is no such version`;
      errors.push({ path: `${path}.interaction`, message, code: "no-version", facts: { name: key } });
    }
  }
  for (const group of groups.values()) {
    missing(`channel-groups.${group.id}.channels`, "channel", group.channels, channels);
  }
  for (const rule of channelRulesOf(content)) {
    missing(`channel-rules.${rule.id}.channels`, "channel", rule.channels, channels);
    missing(`channel-rules.${rule.id}.groups`, "channel group", rule.groups, groups);
  }
  for (const [id, body] of regions) {
    const region = v.parse(regionEntrySchema, JSON.parse(String(body)));
    for (const channel of region.channels ?? []) {
      if (!channels.has(channel)) {
        errors.push({
          path: `regions.${id}.channels`,
          message: `Cannot list ${channel}: there is no such channel`,
          code: "no-channel",
          facts: { name: channel },
        });
      }
    }
  }
  for (const [key, body] of interactions) {
    const { interaction } = v.parse(interactionEntrySchema, JSON.parse(String(body)));
    if (interaction.image && !images.has(interaction.image.sha256)) {
      errors.push({
        path: `interactions.${key}.image`,
        message: "Cannot show its image: it was not uploaded",
        code: "no-image",
        facts: {},
      });
    }
  }
  return errors.slice(0, ERRORS_MAX);
}
