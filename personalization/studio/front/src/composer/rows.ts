// Lists: entries are added, removed and moved, by mouse or keyboard; focus stays where one works.
import { every, say } from "./page";

let made = 0;

export function lists(root: HTMLElement, changed: (list: HTMLElement) => void): void {
  root.addEventListener("click", (event) => {
    const target = event.target as HTMLElement;
    const list = target.closest(".pzc-list")?.querySelector<HTMLElement>(":scope > [data-pzc-rows]");
    if (!list) return;
    let wanted: (HTMLElement | null | undefined)[] = [];
    if (target.matches("[data-pzc-add]")) wanted = [firstInput(add(list)), target];
    else if (target.matches("[data-pzc-remove]")) wanted = remove(target);
    else if (target.dataset.pzcMove) wanted = move(target, Number(target.dataset.pzcMove));
    else return;
    tidyAll(root);
    wanted.find((each) => each && !(each as HTMLButtonElement).disabled)?.focus();
    changed(list);
  });
  tidyAll(root);
}

/** Numbers, and which buttons do something: after entries came, went or moved. */
export function tidyAll(root: HTMLElement): void {
  for (const each of every("[data-pzc-rows]", root)) tidy(each);
}

export function add(list: HTMLElement): HTMLElement | null {
  const template = list.parentElement?.querySelector<HTMLTemplateElement>(":scope > template");
  const marker = list.dataset.new;
  if (!template || !marker || isFull(list)) return null;
  made += 1;
  const holder = document.createElement("ol");
  holder.innerHTML = template.innerHTML.replaceAll(marker, `n${Date.now().toString(36)}${made}`);
  const row = holder.firstElementChild as HTMLElement;
  list.append(row);
  row.dispatchEvent(new CustomEvent("pzc:new", { bubbles: true }));
  return row;
}

/** As many entries as the ids say, each with its id: before unsaved work is filled in. */
export function grow(list: HTMLElement, ids: string[]): void {
  const rows = [...list.children] as HTMLElement[];
  for (const id of ids.slice(rows.length)) if (add(list) === null) return void id;
  for (const row of rows.slice(ids.length)) row.remove();
  ([...list.children] as HTMLElement[]).forEach((row, place) => rename(list, row, ids[place] ?? ""));
  tidy(list);
}

/** The same for every list, as unsaved work has them: the outer first, their entries hold the inner ones. */
export function growAll(root: HTMLElement, typed: readonly [string, string][]): void {
  const seen = new Set<string>();
  const next = () => every<HTMLElement>("[data-pzc-rows][data-new]", root).find((list) => !seen.has(list.dataset.pzcRows ?? ""));
  for (let list = next(); list; list = next()) {
    const name = list.dataset.pzcRows ?? "";
    seen.add(name);
    grow(list, typed.filter(([each]) => each === name).map(([, value]) => value));
  }
}

/** Which entries there are, in their order: to tell whether somebody added, removed or moved one. */
export function rowsOf(root: HTMLElement): string {
  return JSON.stringify(every("[data-pzc-rows]", root).map((list) => [list.dataset.pzcRows, ...[...list.children].map((row) => (row as HTMLElement).dataset.row)]));
}

function rename(list: HTMLElement, row: HTMLElement, id: string): void {
  const [before, after] = [row.dataset.row ?? "", id];
  if (before === after || !after) return;
  const start = `${list.dataset.pzcRows}__${before}`;
  const renamed = (text: string) => text.replaceAll(start, `${list.dataset.pzcRows}__${after}`);
  for (const node of every("*", row)) {
    for (const attribute of [...node.attributes]) attribute.value = renamed(attribute.value);
  }
  row.dataset.row = after;
  const own = row.querySelector<HTMLInputElement>(`:scope > input[type=hidden]`);
  if (own) own.value = after;
}

/** What may have the focus afterwards, best first; the same of `move`. */
function remove(target: HTMLElement): (HTMLElement | null | undefined)[] {
  const row = target.closest<HTMLElement>("li[data-row]");
  const next = (row?.nextElementSibling ?? row?.previousElementSibling) as HTMLElement | null | undefined;
  const list = row?.closest<HTMLElement>(".pzc-list");
  row?.remove();
  return [next?.querySelector<HTMLElement>(":scope > .pzc-entry-tools > [data-pzc-remove]"), list?.querySelector<HTMLElement>(":scope > [data-pzc-add]"), firstInput(next)];
}

function move(target: HTMLElement, by: number): (HTMLElement | null | undefined)[] {
  const row = target.closest<HTMLElement>("li[data-row]");
  if (by < 0) row?.previousElementSibling?.before(row);
  else row?.nextElementSibling?.after(row);
  return [target, row?.querySelector<HTMLElement>(`:scope > .pzc-entry-tools > [data-pzc-move="${-by}"]`)];
}

function tidy(list: HTMLElement): void {
  const rows = [...list.children];
  rows.forEach((row, place) => {
    row.setAttribute("aria-label", say("entry", { number: place + 1 }));
    for (const each of every<HTMLButtonElement>(":scope > .pzc-entry-tools > [data-pzc-move]", row)) {
      each.disabled = each.dataset.pzcMove === "-1" ? place === 0 : place === rows.length - 1;
    }
    const remover = row.querySelector<HTMLButtonElement>(":scope > .pzc-entry-tools > [data-pzc-remove]");
    if (remover) remover.disabled = rows.length <= Number(list.dataset.least ?? 0);
  });
  const adder = list.parentElement?.querySelector<HTMLButtonElement>(":scope > [data-pzc-add]");
  if (adder) adder.disabled = isFull(list);
}

function isFull(list: HTMLElement): boolean {
  return Boolean(list.dataset.most) && list.children.length >= Number(list.dataset.most);
}

function firstInput(row: HTMLElement | null | undefined): HTMLElement | null | undefined {
  return row?.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select");
}
