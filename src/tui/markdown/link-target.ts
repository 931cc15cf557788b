// Where a link really leads: the address as bytes on the wire, and whether its looks may deceive.
import { domainToUnicode } from "node:url";

/**
 * `href` is ASCII only and safe inside an escape sequence; null when a terminal should not be given it (a relative
 * path, an odd scheme). `deceptive`: the host has letters beyond ASCII, which may look like others. `unicode` and
 * `ascii` are the address with the host in either spelling.
 */
export type LinkTarget = {
  href: string | null;
  host: string;
  deceptive: boolean;
  unicode: string;
  ascii: string;
};

const OPENABLE = new Set(["http:", "https:", "mailto:", "file:"]);
/** Terminals drop longer ones (VTE: 2,083 bytes). */
const MAX_HREF = 2_000;

export function readLinkTarget(address: string): LinkTarget {
  const url = URL.parse(address);
  if (!url) return { href: null, host: "", deceptive: false, unicode: address, ascii: address };
  const host = url.hostname;
  const unicodeHost = domainToUnicode(host) || host;
  const deceptive = unicodeHost !== host;
  const unicode = deceptive ? url.href.replace(host, unicodeHost) : address;
  const openable = OPENABLE.has(url.protocol) && url.href.length <= MAX_HREF && /^[!-~]+$/.test(url.href);
  return {
    href: openable ? url.href : null,
    host,
    deceptive,
    unicode: deceptive ? unicode : address,
    ascii: deceptive ? url.href : address,
  };
}

/** True when a link's text names a host that is not the one it leads to. */
export function namesAnotherHost(label: string, target: LinkTarget): boolean {
  const named = /^\s*(?:[a-z][a-z0-9+.-]*:\/\/)?([^\s/?#@:]+\.[^\s/?#@:]+)(?:[/?#:]\S*)?\s*$/i.exec(
    label,
  )?.[1];
  if (named === undefined || target.host === "") return false;
  return named.toLowerCase().replace(/^www\./, "") !== target.host.replace(/^www\./, "");
}
