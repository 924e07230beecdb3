// A frame that shows a page made here: put in without a flicker where only its body is another.
import { every } from "./page";

export function fillFrame(frame: HTMLIFrameElement, page: string, done: () => void): void {
  const next = new DOMParser().parseFromString(page, "text/html");
  const shown = frame.contentDocument;
  const ready = () => {
    const body = frame.contentDocument?.body;
    for (const picture of body ? every<HTMLImageElement>("img", body) : []) picture.addEventListener("load", done, { once: true });
    done();
  };
  if (shown?.body && shown.head.innerHTML && shown.head.innerHTML === next.head.innerHTML) {
    if (shown.body.innerHTML !== next.body.innerHTML) shown.body.replaceWith(shown.adoptNode(next.body));
    shown.documentElement.lang = next.documentElement.lang;
    ready();
  } else {
    frame.addEventListener("load", ready, { once: true });
    frame.srcdoc = page;
  }
}
