/**
 * Makes channels of a grabber's channel list (`<channels><channel site site_id lang xmltv_id>Name</channel>…`):
 * the channels of the guides that the grabber will make, under the ids that it will write.
 */
import type { ChannelItem } from "./guide-items.ts";
import { createElementText, type ItemBuilder, type ItemSink } from "./item-sink.ts";

export function createChannelListBuilder(sink: ItemSink): ItemBuilder {
  const element = createElementText(sink);
  let channel: ChannelItem | undefined;
  let lang: string | undefined;
  return {
    open(name, attributes, depth, line) {
      if (name !== "channel" || depth !== 1) return;
      const id = sink.restore(attributes.xmltv_id || attributes.site_id || "", line);
      channel = { kind: "channel", id: sink.share(id), names: [], line };
      lang = attributes.lang;
      element.begin(line);
    },
    text(text) {
      if (channel !== undefined) element.append(text);
    },
    close(depth) {
      if (depth !== 1 || channel === undefined) return;
      const text = element.end();
      if (text !== "") channel.names.push(sink.languageText(lang, text, element.line));
      sink.add(channel);
      channel = undefined;
    },
    end() {},
  };
}
