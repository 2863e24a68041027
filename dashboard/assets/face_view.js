// Runs whenever the view shows another face. On a phone, the view covers the page, so the focus must be in it.
(() => {
  const view = () => document.querySelector(".st-key-face-view");
  const coversPage = () => matchMedia("(max-width: 768px)").matches;
  const enter = () => view().querySelector(".ferscope-face-title").focus({ preventScroll: true });

  if (coversPage() && !view().contains(document.activeElement)) enter();
  if (window.ferscopeFaceView) return;
  window.ferscopeFaceView = true;

  // A link may have opened a face that is far down the page. Charts that are drawn above it push it further down, so
  // this is repeated until the visitor does something.
  const bringIntoView = () => {
    const title = view()?.querySelector(".ferscope-face-title");
    if (title && title.getBoundingClientRect().bottom > innerHeight) title.scrollIntoView({ block: "center" });
  };
  const timer = setInterval(bringIntoView, 400);
  const stop = () => clearInterval(timer);
  for (const action of ["pointerdown", "wheel", "keydown"]) document.addEventListener(action, stop, { once: true });
  setTimeout(stop, 15000);

  // Escape in a field closes the field's list, or ends the writing of the note, which keeps it. Only the next Escape
  // closes the view: Streamlit, which listens on the whole document, does not hear of the first.
  document.body.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.matches("input")) return;
    event.stopPropagation();
    if (view()?.contains(event.target)) enter();
  });

  // A touch leaves the note and presses a button in one moment, in which Streamlit would lose the press.
  document.addEventListener("pointerdown", (event) => {
    const focused = document.activeElement;
    if (focused?.matches(".st-key-face-view input") && event.target !== focused) focused.blur();
  });

  // Tab must not reach what the view covers. Lists and tooltips of the view lie outside of the page's main part.
  let isTab = false;
  document.addEventListener(
    "keydown",
    (event) => {
      isTab = event.key === "Tab";
      setTimeout(() => (isTab = false), 0);
    },
    true,
  );
  document.addEventListener("focusin", (event) => {
    const isCovered = event.target.closest("[data-testid=stMain], header") && !view()?.contains(event.target);
    if (isTab && view() && coversPage() && isCovered) enter();
  });

  // A button that has done its work may be gone, and the focus with it. It goes on to the button's neighbours, or to the
  // title if they belong to another face.
  const withParents = (element) => (element ? [element, ...withParents(element.parentElement)] : []);
  let lost = withParents(document.activeElement);
  document.addEventListener("focusin", (event) => (lost = withParents(event.target)));
  const giveFocusBack = () => {
    if (!lost.length || lost[0].isConnected || document.activeElement !== document.body || !view()) return;
    const place = lost.find((part) => part.isConnected && part !== view() && view().contains(part));
    const isOfOtherFace = lost.some((part) => part.matches(".st-key-face-tiles"));
    lost = [];
    const neighbour = isOfOtherFace ? null : place?.querySelector("button:enabled, input");
    if (neighbour) neighbour.focus({ preventScroll: true });
    else enter();
  };
  new MutationObserver(giveFocusBack).observe(document.body, { childList: true, subtree: true });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest(".st-key-face-view [data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Press Ctrl+C"; // browsers let pages write to the clipboard only over HTTPS
      getSelection().selectAllChildren(button.previousElementSibling);
    }
  });
})();
