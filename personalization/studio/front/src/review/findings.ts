// The findings that a reviewer has to have seen: ticked one after the other, shown at their words.
import { every } from "../composer/page";

export function unseen(screen: ParentNode): HTMLInputElement[] {
  return every<HTMLInputElement>("[data-pzd-acknowledge]", screen).filter((box) => !box.checked);
}

/** Tick the first that is not ticked, and show its words; how many are left. */
export function acknowledgeNext(screen: HTMLElement): number {
  const [box] = unseen(screen);
  if (box) {
    box.checked = true;
    point(screen, box);
  }
  return unseen(screen).length;
}

/** Show the words that a finding is about. */
export function point(screen: HTMLElement, from: Element): void {
  const number = from.closest<HTMLElement>("[data-pzd-finding]")?.dataset.pzdFinding ?? "";
  for (const each of every(".pzd-pointed", screen)) each.classList.remove("pzd-pointed");
  for (const mark of every("mark[data-findings]", screen)) {
    if (mark.dataset.findings?.split(" ").includes(number)) mark.classList.add("pzd-pointed");
  }
  from.closest("[data-pzd-finding]")?.classList.add("pzd-pointed");
  screen.querySelector("mark.pzd-pointed")?.scrollIntoView({ block: "nearest" });
}
