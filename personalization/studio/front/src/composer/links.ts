// Links to pages of the site itself that are not there. Asked only where the studio and the site share
// an address, as nobody in particular (no cookies), once for each link.
import { every, json } from "./page";

const answers = new Map<string, Promise<boolean>>();

export async function deadLinks(body: HTMLElement): Promise<string[]> {
  if (!json<string[]>("pzc-own-pages", []).includes(location.origin)) return [];
  const inside = (link: string) => link.startsWith("/") && !link.startsWith("//");
  const links = [...new Set(every<HTMLAnchorElement>("a[href]", body).map((each) => each.getAttribute("href") ?? ""))].filter(inside);
  const dead = await Promise.all(links.map(isDead));
  return links.filter((_link, place) => dead[place]);
}

function isDead(link: string): Promise<boolean> {
  const known = answers.get(link) ?? fetch(link, { method: "HEAD", credentials: "omit" })
    .then((answer) => answer.status === 404 || answer.status === 410)
    .catch(() => false);
  answers.set(link, known);
  return known;
}
