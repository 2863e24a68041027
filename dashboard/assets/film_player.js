// The player and the timelines of a film: a click on a timeline moves the player there, and a line on each timeline
// follows the player. The listeners are on the document, because Streamlit replaces players and charts.
(() => {
  const player = () => document.querySelector("[data-testid=stVideo]");
  const TIMELINE = "[class*=st-key-film-timeline-]";

  // The horizontal axis of the timeline, which converts pixels to seconds, and the place of the plot in the window.
  function axisOf(box) {
    const plot = box?.querySelector(".js-plotly-plot");
    const axis = plot?._fullLayout?.xaxis;
    if (!axis) return null;
    const { left, top } = plot.getBoundingClientRect();
    const { t, h } = plot._fullLayout._size;
    return { axis, left: left + axis._offset, top: top + t, height: h };
  }

  function seek(event) {
    const box = event.target.closest?.(TIMELINE);
    const found = axisOf(box);
    const video = player();
    if (!found || !video) return;
    const x = event.clientX - found.left;
    const y = event.clientY - found.top;
    if (x < 0 || x > found.axis._length || y < 0 || y > found.height) return;
    const seconds = Math.max(0, found.axis.p2c(x));
    video.currentTime = Number.isFinite(video.duration) ? Math.min(seconds, video.duration) : seconds;
    follow();
  }

  function follow() {
    const video = player();
    if (video) document.querySelectorAll(TIMELINE).forEach((box) => showLine(box, video.currentTime));
  }

  function showLine(box, seconds) {
    const found = axisOf(box);
    if (!found) return;
    let line = box.querySelector(".ferscope-playhead");
    if (!line) {
      line = document.createElement("div");
      line.className = "ferscope-playhead";
      box.appendChild(line);
    }
    const x = found.axis.c2p(seconds);
    line.hidden = x < 0 || x > found.axis._length;
    const { left, top } = box.getBoundingClientRect();
    line.style.left = `${found.left + x - left}px`;
    line.style.top = `${found.top - top}px`;
    line.style.height = `${found.height}px`;
  }

  const old = window.ferscopeFilm;
  const listeners = { click: seek, timeupdate: follow, seeking: follow, seeked: follow };
  window.ferscopeFilm = listeners;
  for (const [type, listener] of Object.entries(listeners)) {
    if (old) document.removeEventListener(type, old[type], true);
    document.addEventListener(type, listener, true);
  }
})();
