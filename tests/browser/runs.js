// Runs in every page of the browser tests before the page's own scripts. See runs.py, which fills in the settings.
(() => {
  const { delayMs, question, answerPrefix } = SETTINGS;
  // Numbers of the fields in Streamlit's messages BackMsg and ClientState.
  const RERUN_SCRIPT = 11;
  const IS_AUTO_RERUN = 6;
  const ANSWER = new RegExp(`${answerPrefix}(\\d{6})`);

  let connection = null; // the page's latest connection to Streamlit
  let requestCount = 0; // how often the page has asked for a run
  let questionCount = 0;
  let answeredCount = 0;

  const afterDelay = (task) => (delayMs ? setTimeout(task, delayMs) : task());

  class Connection extends WebSocket {
    constructor(...details) {
      super(...details);
      if (!this.url.includes("/_stcore/stream")) return;
      connection = this;
      this.addEventListener("message", ({ data }) => {
        const found = data.byteLength < 100 && ANSWER.exec(new TextDecoder("latin1").decode(data));
        if (found) answeredCount = Number(found[1]);
      });
    }

    send(message) {
      if (this === connection && isRequest(message)) requestCount += 1;
      afterDelay(() => super.send(message));
    }

    addEventListener(type, listener, ...options) {
      const delayed = type === "message" && delayMs ? (event) => afterDelay(() => listener(event)) : listener;
      super.addEventListener(type, delayed, ...options);
    }
  }
  window.WebSocket = Connection;

  // Yields the number and the value of each field of a message in the format of Protocol Buffers.
  function* fieldsOf(message) {
    let at = 0;
    const readNumber = () => {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = message[at++];
        value += (byte % 128) * factor;
        if (byte < 128) return value;
      }
    };
    while (at < message.length) {
      const tag = readNumber();
      const kind = tag % 8;
      const length = kind === 2 ? readNumber() : { 1: 8, 5: 4 }[kind] ?? 0;
      yield [Math.floor(tag / 8), kind === 0 ? readNumber() : message.subarray(at, at + length)];
      at += length;
    }
  }

  // Returns whether a message asks for a run, other than the runs that a page repeats by itself every few seconds.
  function isRequest(message) {
    for (const [field, value] of fieldsOf(message)) {
      if (field === RERUN_SCRIPT) return ![...fieldsOf(value)].some(([inner, is]) => inner === IS_AUTO_RERUN && is);
    }
    return false;
  }

  // Asks the server, and returns whether it has answered: then all runs that were asked for before have ended, and the
  // page has received all that they show. There is no answer if the connection ends.
  async function isAnswered() {
    const asked = connection;
    if (asked?.readyState !== WebSocket.OPEN) return false;
    questionCount += 1;
    const number = questionCount;
    const digits = [...String(number).padStart(6, "0")].map((digit) => digit.charCodeAt(0));
    asked.send(Uint8Array.from([...question.slice(0, -6), ...digits]));
    while (answeredCount < number && asked.readyState === WebSocket.OPEN) await nextFrames();
    return answeredCount >= number;
  }

  // Two frames: whatever a click, a message or a change of the page has set off in React is drawn by then.
  const nextFrames = () =>
    new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))));

  window.ferscopeHasNoRun = async () => {
    for (;;) {
      await nextFrames();
      const before = requestCount;
      const answered = await isAnswered();
      await nextFrames();
      const isIdle = document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");
      if (answered && requestCount === before && isIdle) return true;
    }
  };
})();
