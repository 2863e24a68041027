// Runs once per visit to a page.

// Streamlit adds an entry to the browser's history whenever a page writes to its address, so "Back" would have to be
// pressed several times to leave the page. Here, these entries replace each other. When the visitor leaves a page,
// Streamlit first writes the new page's parameters, or none, to the address of the old one. This is undone, so that
// "Back" finds the visitor's choices. If the visitor has pressed something in between, it was a choice, and stays.
if (!window.ferscopeHistory) {
  window.ferscopeHistory = true;
  const push = history.pushState.bind(history);
  const FACE = "image";
  const TAB = "tab";
  // A page, or a tab of it, starts at its top, wherever the link to it was.
  const toTop = () => document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  const position = () => window.navigation?.currentEntry.index; // undefined in older browsers
  let latest = null;
  let shown = null;
  let presses = 0;
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, () => (presses += 1), true);
  const remember = () => (shown = { address: location.href, position: position() });
  remember();
  // An open face has its own entry, so that "Back" closes it. If it was closed in another way, that entry has the address
  // of the one below it, and "Back" goes over both.
  addEventListener("popstate", () => {
    if (location.href === shown.address && position() < shown.position) history.back();
    remember();
  });
  history.pushState = (state, title, url) => {
    const next = new URL(url, location.href);
    if (next.pathname === location.pathname) {
      // Parameters can be taken out one by one: what counts is the address before the first of them.
      const shownBefore = new URL(location.href);
      const before = latest?.presses === presses ? latest.before : shownBefore;
      const isEmptied = [...before.searchParams.keys()].some((key) => !next.searchParams.has(key));
      latest = { before, search: next.search, isEmptied, presses };
      if (shownBefore.searchParams.get(TAB) !== next.searchParams.get(TAB)) toTop();
      if (!shownBefore.searchParams.has(FACE) && next.searchParams.has(FACE)) push(state, title, url);
      else history.replaceState(state, title, url);
      return remember();
    }
    const hasNoPressSince = latest && latest.presses === presses;
    if (hasNoPressSince && (latest.isEmptied || latest.search === next.search)) {
      history.replaceState(history.state, "", latest.before.href);
    }
    latest = null;
    toTop();
    push(state, title, url);
    remember();
  };
}

// Parts of a page that are drawn when they come into view have a button until then.
if (!window.ferscopeSeen) {
  // Streamlit sends all presses of a moment as one message, which runs only the first one's part of the page. A press
  // by the visitor at this moment must not be lost: this press is sent before anything else can happen.
  const pressAlone = (button) => {
    const setTimeout = window.setTimeout;
    const tasks = [];
    window.setTimeout = (task, delay, ...rest) => (delay ? setTimeout(task, delay, ...rest) : tasks.push(task));
    try {
      button.click();
    } finally {
      window.setTimeout = setTimeout;
    }
    tasks.forEach((task) => task());
  };
  window.ferscopeSeen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) {
          window.ferscopeSeen.unobserve(target);
          // Not now, because a press of the visitor may be about to be sent.
          setTimeout(() => pressAlone(target), 0);
        }
      }
    },
    { scrollMargin: "200px" },
  );
  const observe = () =>
    document.querySelectorAll("[class*=st-key-when-seen-] button").forEach((button) => window.ferscopeSeen.observe(button));
  new MutationObserver(observe).observe(document.body, { childList: true, subtree: true });
}

// On a phone, Streamlit's menu would stay open and cover the page.
if (matchMedia("(max-width: 768px)").matches) {
  document.querySelector("[data-testid=stSidebar][data-collapsed=false] [data-testid=stSidebarCollapseButton] button")?.click();
}
