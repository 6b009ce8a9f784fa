/** A JSON-RPC URL as logs and errors may show it: without user, password, query, and path (hosted nodes put keys there). */
export function shownUrl(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname.length > 1 ? "/…" : ""}`;
  } catch {
    return "(not a URL)";
  }
}
