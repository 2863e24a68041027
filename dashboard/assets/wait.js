// Runs the part of the page that contains this element once more after a while. See components/face_view/comparing.py.

export default function({ parentElement, data, setTriggerValue }) {
  if (parentElement.ferscopeRound === data.round) return;
  parentElement.ferscopeRound = data.round;
  clearTimeout(parentElement.ferscopeTimer);
  parentElement.ferscopeTimer = setTimeout(() => setTriggerValue("over", data.round), data.wait_ms);
  return () => clearTimeout(parentElement.ferscopeTimer);
}
