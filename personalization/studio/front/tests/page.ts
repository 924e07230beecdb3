// An empty page to draw into: happy-dom's document stands where a browser's would.

import { after } from "node:test";
import { Window } from "happy-dom";

const NAMES = ["document", "Event", "CustomEvent", "HTMLInputElement", "HTMLElement", "Element", "Node", "FormData"];

const window = new Window({ url: "http://localhost/" });
for (const name of NAMES) {
  Object.defineProperty(globalThis, name, { value: Reflect.get(window, name), configurable: true });
}
Object.assign(globalThis, { window });
after(() => window.close());
