// The page of blocks: searched as one types.
import { every } from "./page";

export function searchBlocks(page: HTMLElement): void {
  const search = page.querySelector<HTMLInputElement>("input[type=search]");
  const none = page.querySelector<HTMLElement>("[data-none]");
  search?.addEventListener("input", () => {
    const asked = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const block of every<HTMLElement>("[data-words]", page)) {
      const fits = asked.every((word) => block.dataset.words?.toLowerCase().includes(word));
      (block.closest("li") ?? block).hidden = !fits;
      left += Number(fits);
    }
    if (none) none.textContent = left ? "" : none.dataset.none ?? "";
  });
}
