// Shows HTML with buttons, and reports the `data-choice` of the button that is clicked. See components/clickable.py.

const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

export default function({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".ferscope-clickable");
  const withChoice = (choice) => [...root.querySelectorAll("button")].find((button) => button.dataset.choice === choice);
  // Where the arrow keys move the focus, Tab reaches one button.
  const moveTo = (button) => {
    const group = button.closest("[role=grid], [data-arrows]");
    if (group) for (const other of group.querySelectorAll("button")) other.tabIndex = other === button ? 0 : -1;
    button.focus();
  };
  // The focus stays on its button when the HTML changes.
  if (root.ferscopeHtml !== data.html) {
    const focused = root.contains(document.activeElement) ? document.activeElement.dataset.choice : undefined;
    root.innerHTML = root.ferscopeHtml = data.html;
    const again = focused === undefined ? undefined : withChoice(focused);
    if (again) moveTo(again);
  }
  keepInView(root);
  markCurrent(root, withChoice, moveTo, data.current ?? null);
  root.onclick = (event) => {
    const choice = event.target.closest("button[data-choice]")?.dataset.choice;
    if (choice !== undefined) setTriggerValue("choice", choice);
  };
  // In a table with the role grid, and in lists with data-arrows, the arrow keys go from button to button.
  root.onkeydown = (event) => {
    const group = event.target.closest("[role=grid], [data-arrows]");
    if (!group || event.target.tagName !== "BUTTON" || event.altKey || event.ctrlKey || event.metaKey) return;
    const buttons = [...group.querySelectorAll("button")];
    const next = neighbour(buttons, buttons.indexOf(event.target), event.key, columnsOf(group, buttons));
    if (!next || next === event.target) return;
    event.preventDefault();
    moveTo(next);
  };
}

// A list whose current button has opened something beside it becomes narrower, and the button moves.
function keepInView(root) {
  if (root.ferscopeWidth !== undefined) return;
  root.ferscopeWidth = root.clientWidth;
  new ResizeObserver(() => {
    if (root.ferscopeWidth !== root.clientWidth) root.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    root.ferscopeWidth = root.clientWidth;
  }).observe(root);
}

// Marks the button whose content is open elsewhere. When that is closed, the button gets the focus back, except from a
// field in which the visitor writes, and from another list, whose button has just been pressed. If what was open last
// has no button here, the button of what was open before it gets the focus, or else the one that Tab reaches.
function markCurrent(root, withChoice, moveTo, current) {
  const before = root.ferscopeCurrent ?? null;
  root.ferscopeCurrent = current;
  for (const button of root.querySelectorAll("[aria-current]")) button.removeAttribute("aria-current");
  const button = current === null ? undefined : withChoice(current);
  button?.setAttribute("aria-current", "true");
  if (button) root.ferscopeOpened = current;
  if (button && before !== current) button.scrollIntoView({ block: "nearest" });
  if (before === null || current !== null || isUsedElsewhere(root)) return;
  const closed = withChoice(before) ?? withChoice(root.ferscopeOpened) ?? root.querySelector("[tabindex='0']");
  if (closed) moveTo(closed);
}

// Returns whether the visitor writes in a field, or has pressed a button of another list. The lists of an open face do
// not count, because they are about to go.
function isUsedElsewhere(root) {
  const focused = document.activeElement;
  if (focused?.matches("input, textarea")) return true;
  const list = focused?.closest(".ferscope-clickable");
  return Boolean(list && list !== root && !list.closest(".st-key-face-view"));
}

// Returns the number of buttons in a row. A list breaks its rows where the window ends.
function columnsOf(group, buttons) {
  if (group.matches("[role=grid]")) return group.querySelectorAll("tbody tr:first-child button").length;
  const secondRow = buttons.findIndex((button) => button.offsetTop > buttons[0].offsetTop);
  return secondRow < 0 ? buttons.length : secondRow;
}

// Returns the button that a key leads to, or undefined.
function neighbour(buttons, at, key, columns) {
  if (key === "Home" || key === "End") return buttons.at(key === "Home" ? 0 : -1);
  const [right, down] = STEPS[key] ?? [0, 0];
  const column = (at % columns) + right;
  return column >= 0 && column < columns ? buttons[at + right + down * columns] : undefined;
}
