// Pictures of pages: drawn at a phone's and a computer's width, shrunk to the place there is.
import { every } from "../composer/page";

const HIGHEST = 1400; // pixels of the page

export function fitFrames(inside: ParentNode): void {
  for (const box of every("[data-pzd-width]", inside)) fit(box);
}

function fit(box: HTMLElement): void {
  const frame = box.querySelector("iframe");
  const width = Number(box.dataset.pzdWidth);
  if (!frame) return;
  const scale = () => {
    const body = frame.contentDocument?.body;
    if (!box.isConnected || !body) return;
    const by = Math.min(1, box.clientWidth / width);
    const height = Math.min(HIGHEST, Math.max(40, body.scrollHeight));
    Object.assign(frame.style, { width: `${width}px`, height: `${height}px`, transform: `scale(${by})` });
    box.style.height = `${Math.ceil(height * by)}px`;
  };
  const ready = () => {
    scale();
    for (const picture of frame.contentDocument?.images ?? []) picture.addEventListener("load", scale, { once: true });
  };
  frame.addEventListener("load", ready);
  ready();
  new ResizeObserver(scale).observe(box);
}
