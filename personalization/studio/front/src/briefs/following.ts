// What a model is writing now: asked for every two seconds, for as long as something is under way.
import { every } from "../composer/page";

const EVERY = 2000; // milliseconds

/** A part of a page that the server draws; `data-running` in it says that there is more to come. */
export function followWritten(place: HTMLElement): void {
  const again = async () => {
    if (!document.hidden) {
      const answer = await fetch(place.dataset.pzdWritten ?? "").catch(() => null);
      if (answer?.ok && !answer.redirected && !place.contains(document.activeElement)) place.innerHTML = await answer.text();
    }
    next();
  };
  const next = () => { if (place.querySelector("[data-running]")) setTimeout(() => void again(), EVERY); };
  next();
}

interface Said { [brief: string]: { said: string; cost: string; running: boolean } }

export function followList(address: string): void {
  const again = async () => {
    const running = every("[data-pzd-progress][data-running]");
    if (!running.length) return;
    if (!document.hidden) {
      const ids = running.map((each) => `id=${each.dataset.pzdProgress}`).join("&");
      const answer = await fetch(`${address}?${ids}`).catch(() => null);
      if (answer?.ok && !answer.redirected) tell((await answer.json()) as Said);
    }
    setTimeout(() => void again(), EVERY);
  };
  setTimeout(() => void again(), EVERY);
}

function tell(said: Said): void {
  for (const [brief, now] of Object.entries(said)) {
    const place = document.querySelector<HTMLElement>(`[data-pzd-progress="${brief}"]`);
    const cost = document.querySelector<HTMLElement>(`[data-pzd-cost="${brief}"]`);
    if (place) {
      place.textContent = now.said;
      place.toggleAttribute("data-running", now.running);
    }
    if (cost) cost.textContent = now.cost;
  }
}
