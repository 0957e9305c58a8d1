// The state of an explorer: its traits as arrays and values, in Jupyter or on a page without it.

/** An Array trait as {shape, values}: values is a Float32Array in row-major order. */
export function toArray(trait) {
  let view = trait.data;
  if (trait.base64 !== undefined) {
    const text = atob(trait.base64);
    view = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  }
  const bytes = new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength);
  return { shape: trait.shape, values: new Float32Array(bytes.slice().buffer) };
}

/** The other way round, for model.set. */
export function fromArray(values, shape) {
  return { shape, data: new DataView(Float32Array.from(values).buffer) };
}

/** Holds the state where there is no Jupyter: the methods of anywidget's model that explorers use. */
export function localModel(values) {
  const state = { ...values };
  const listeners = new Map();
  return {
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      for (const listener of listeners.get(`change:${name}`) ?? []) listener();
    },
    on(event, listener) {
      if (!listeners.has(event)) listeners.set(event, new Set());
      listeners.get(event).add(listener);
    },
    off: (event, listener) => listeners.get(event)?.delete(listener),
    save_changes() {},
    send() {},
    local: true,
  };
}

/** Set several traits, then tell Python once. */
export function update(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.save_changes();
}

/** Call `draw` now and once after any of the traits changed, however many change together; returns the undoing. */
export function watch(model, names, draw) {
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(() => { waiting = false; draw(); });
  };
  for (const name of names) model.on(`change:${name}`, later);
  draw();
  return () => { for (const name of names) model.off(`change:${name}`, later); };
}
