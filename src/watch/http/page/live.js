// Keeps a page current: when the stream of events says that something changed, the page asks for itself again and
// replaces its content. Filter, order, open parts, focus and scroll position stay. Ages tick between the events.
{
  const RETRY_MS = 5000;
  const TICK_MS = 1000;
  const MIN_PAUSE_MS = 500;
  const main = document.querySelector("main");
  const script = document.querySelector("body > script").textContent;
  let page = JSON.parse(main.dataset.live);
  let revision = page.revision;
  // The clock of this machine may be wrong; ages are those of the server's.
  let offset = page.now - Date.now();
  const { words } = page;

  const connection = document.createElement("p");
  connection.className = "connection";
  connection.setAttribute("role", "status");
  document.querySelector("body > header").before(connection);

  const describeAge = (ms) => {
    const seconds = Math.floor(Math.max(ms, 0) / 1000);
    const units = [[120, 1, words.seconds], [7200, 60, words.minutes], [172800, 3600, words.hours], [Infinity, 86400, words.days]];
    const [, unit, template] = units.find(([limit]) => seconds < limit);
    return template.replace("{n}", Math.floor(seconds / unit));
  };
  const forms = {
    ago: (ms) => words.ago.replace("{age}", describeAge(ms)),
    age: describeAge,
    until: (ms) => (ms >= 0 ? words.due : words.until.replace("{age}", describeAge(-ms))),
  };
  const tick = () => {
    const now = Date.now() + offset;
    for (const time of main.ownerDocument.querySelectorAll("time[data-at]")) {
      const text = forms[time.dataset.form](now - time.dataset.at);
      if (time.textContent !== text) time.textContent = text;
    }
  };

  let lostAt = null;
  const showConnection = () => {
    const time = lostAt && new Date(lostAt + offset).toLocaleTimeString(document.documentElement.lang);
    const text = time ? words.lost.replace("{time}", time) : "";
    if (connection.textContent !== text) connection.textContent = text;
    const live = document.getElementById("live");
    if (live) live.textContent = lostAt ? "" : ` · ${words.live}`;
  };
  const lose = () => {
    lostAt ??= Date.now();
    showConnection();
  };
  const find = () => {
    lostAt = null;
    showConnection();
  };

  // A part that can be open, by the table or section around it and its position there.
  const detailsByKey = () => {
    const byKey = new Map();
    const counts = new Map();
    for (const details of main.querySelectorAll("details")) {
      const label = details.id || details.parentElement.closest("[aria-labelledby]")?.getAttribute("aria-labelledby");
      const count = (counts.get(label) ?? 0) + 1;
      counts.set(label, count);
      byKey.set(`${label} ${count}`, details);
    }
    return byKey;
  };

  // Returns a function that finds the focused element in the new content.
  const rememberFocus = () => {
    const element = document.activeElement;
    if (element.id) return () => document.getElementById(element.id);
    const address = element.getAttribute("href");
    if (address) return () => document.querySelector(`a[href="${CSS.escape(address)}"]`);
    const label = element.closest(".rows")?.getAttribute("aria-labelledby");
    const column = element.closest("th[scope=col]")?.cellIndex;
    if (label === undefined || column === undefined) return () => null;
    const heads = `.rows[aria-labelledby="${CSS.escape(label)}"] th:nth-child(${column + 1}) button`;
    return () => document.querySelector(heads);
  };

  const replace = (next) => {
    if (next.querySelector("body > script")?.textContent !== script) {
      location.reload(); // the page of another version
      return;
    }
    const opened = new Set([...detailsByKey()].filter(([, details]) => details.open).map(([key]) => key));
    const focused = rememberFocus();
    const bar = main.querySelector(":scope > .bar[role=search]");
    const [left, top] = [scrollX, scrollY];
    const nextMain = next.querySelector("main");
    document.title = next.title;
    for (const part of ["body > header", "body > nav"]) {
      document.querySelector(part).replaceWith(next.querySelector(part));
    }
    const hadFocus = bar?.contains(document.activeElement);
    for (const child of [...main.childNodes]) if (child !== bar) child.remove();
    main.append(...nextMain.childNodes);
    for (const [key, details] of detailsByKey()) if (opened.has(key)) details.open = true;
    page = JSON.parse(nextMain.dataset.live);
    offset = page.now - Date.now();
    document.dispatchEvent(new Event("replaced"));
    if (!hadFocus && document.activeElement === document.body) focused()?.focus({ preventScroll: true });
    scrollTo(left, top);
    tick();
  };

  let isUpdating = false;
  let isStale = false;
  const update = async () => {
    isStale = true;
    if (isUpdating) return;
    isUpdating = true;
    while (isStale) {
      isStale = false;
      let pause = RETRY_MS;
      const start = performance.now();
      try {
        if (main.querySelector("dialog[open]")) throw new Error("the reader looks at a picture");
        const response = await fetch(location.pathname + location.search, { cache: "no-store" });
        if (response.status === 401 || response.status === 404) {
          location.reload();
          return;
        }
        if (!response.ok) throw new Error(response.statusText);
        replace(new DOMParser().parseFromString(await response.text(), "text/html"));
        find();
        // A page that takes long is asked for less often.
        pause = Math.max(MIN_PAUSE_MS, 10 * (performance.now() - start));
      } catch {
        isStale = true;
        if (!main.querySelector("dialog[open]")) lose();
      }
      await new Promise((done) => setTimeout(done, pause));
    }
    isUpdating = false;
  };

  let source = null;
  let retry = null;
  const disconnect = () => {
    clearTimeout(retry);
    source?.close();
    source = null;
  };
  const connect = () => {
    disconnect();
    source = new EventSource(`/events?since=${encodeURIComponent(revision)}`);
    source.addEventListener("open", () => !isStale && find());
    source.addEventListener("changed", (event) => {
      revision = event.lastEventId;
      const { estates } = JSON.parse(event.data);
      if (!page.estate || !estates || estates.includes(page.estate)) update();
    });
    source.addEventListener("error", () => {
      lose();
      // After an answer that is no stream, a browser gives up.
      if (source.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY_MS);
    });
  };

  // A browser opens few connections to a server: hidden pages leave them to the others.
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => event.persisted && connect());
  setInterval(tick, TICK_MS);
  if (!document.hidden) connect();
}
