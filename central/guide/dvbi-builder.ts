/** Makes channels of a DVB-I service list (ETSI TS 103 770): its services, with the numbers of its first table. */
import { channelNumber } from "./channel-number.ts";
import type { ChannelItem } from "./guide-items.ts";
import {
  type Attributes,
  createElementText,
  type ItemBuilder,
  type ItemSink,
  REPEATS_MAX,
} from "./item-sink.ts";
import { refusal } from "./refusal.ts";

/** Services of one list; a line-up holds no more. */
const SERVICES_MAX = 5_000;
/** The term that marks a service's logo (HowRelatedCS). */
const LOGO = /:1001\.2$/;

export function createDvbiBuilder(sink: ItemSink, root: Attributes): ItemBuilder {
  const { share } = sink;
  const element = createElementText(sink);
  /** Names of the open elements below the root. */
  const path: string[] = [];
  const services: ChannelItem[] = [];
  const numbers = new Map<string, number>();
  let service: ChannelItem | undefined;
  let lang: string | undefined;
  let wanted = "";
  let isLogo = false;

  const at = (...names: string[]) =>
    path.length === names.length && names.every((name, index) => path[index] === name);

  return {
    open(name, attributes, depth, line) {
      path.length = depth - 1;
      path.push(name);
      if (at("Service") || at("TestService")) service = { kind: "channel", id: "", names: [], line };
      if (name === "LCN" && attributes.serviceRef !== undefined) {
        const number = channelNumber(attributes.channelNumber ?? "");
        const id = share(attributes.serviceRef);
        if (number !== undefined && !numbers.has(id)) numbers.set(id, number);
      }
      if (service === undefined) return;
      if (name === "RelatedMaterial") isLogo = false;
      if (name === "HowRelated") isLogo = LOGO.test(attributes.href ?? "");
      if (name === "DVBTriplet") addLocator(service, attributes);
      const inService = depth === 2;
      if (
        (inService && ["UniqueIdentifier", "ServiceName", "ContentGuideServiceRef"].includes(name)) ||
        (name === "MediaUri" && isLogo && path[1] === "RelatedMaterial")
      ) {
        wanted = name;
        lang = attributes["xml:lang"] ?? root["xml:lang"];
        element.begin(line);
      }
    },
    text(text) {
      if (wanted !== "") element.append(text);
    },
    close(depth) {
      if (wanted !== "" && path[depth - 1] === wanted) closeField();
      if (depth === 1 && service !== undefined) {
        services.push(service);
        service = undefined;
        if (services.length > SERVICES_MAX) {
          throw refusal("guide-too-large", `it has over ${SERVICES_MAX} services; leave some out`);
        }
      }
      path.length = Math.max(0, depth - 1);
    },
    end() {
      for (const each of services) {
        const number = numbers.get(each.id);
        sink.add(number === undefined ? each : { ...each, number });
      }
    },
  };

  function closeField(): void {
    const text = element.end();
    const name = wanted;
    wanted = "";
    if (service === undefined || text === "") return;
    if (name === "UniqueIdentifier" && service.id === "") service.id = text;
    if (name === "ContentGuideServiceRef") service.guideRef ??= text;
    if (name === "MediaUri") service.iconUrl ??= text;
    if (name === "ServiceName" && service.names.length < REPEATS_MAX)
      service.names.push(sink.languageText(lang, text, element.line));
  }
}

/** `dvb://onid.tsid.sid`, hexadecimal (ETSI TS 102 851). */
function addLocator(service: ChannelItem, { origNetId, tsId, serviceId }: Attributes): void {
  const numbers = [origNetId, tsId, serviceId].map((text) =>
    /^\d{1,5}$/.test(text ?? "") ? Number(text) : NaN,
  );
  if (!numbers.every((number) => number <= 0xffff)) return;
  const locator = `dvb://${numbers.map((number) => number.toString(16)).join(".")}`;
  service.locators ??= [];
  if (!service.locators.includes(locator)) service.locators.push(locator);
}
