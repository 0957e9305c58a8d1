// Plays an explorer: one step after another, until its end or until the reader stops it.
import { button } from "./page.js";

const CALM = 1000; // milliseconds between steps for a reader who asked the system for less motion

/**
 * A button that plays: `step()` every `pause()` milliseconds while `over()` is false; at the end it begins with `again()`.
 * While it plays, the frame's live text is not read out; on a page that is hidden, it waits. `changed()` is called when it
 * starts and when it stops.
 */
export function player(page, { step, over, again, pause, changed = () => {} }) {
  let timer = null;
  const playing = (id) => {
    timer = id;
    control.textContent = id === null ? "play" : "pause";
    page.quiet(id !== null);
    changed();
  };
  const stop = () => { if (timer !== null) { clearInterval(timer); playing(null); } };
  const toggle = () => {
    if (timer !== null) return stop();
    if (over()) again();
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    playing(setInterval(() => { if (!document.hidden) step(); if (over()) stop(); }, Math.max(pause(), calm ? CALM : 0)));
  };
  const control = button("play", toggle);
  return { element: control, toggle, stop, on: () => timer !== null };
}
