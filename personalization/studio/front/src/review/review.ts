// A sitting: the draft on the screen, what is done with it, and what comes next.
import { every, later } from "../composer/page";
import { growAll, lists, rowsOf, tidyAll } from "../composer/rows";
import { acknowledgeNext, point, unseen } from "./findings";
import { fitFrames } from "./frames";
import { type Deed, deedOf, isTyping, reasonOf } from "./keys";
import { Screens } from "./screens";
import { type Answer, send } from "./sending";
import { rememberSwitch } from "./single_keys";
import { isChanged, within } from "./typed";
import { type Seen, Watch } from "./watching";

type Words = Record<string, string>;
const TYPED = 500; // milliseconds after the last letter until the picture follows
const OPENS: readonly Deed[] = ["changes", "reject", "anew", "more"];

export class Review {
  private readonly place: HTMLElement;
  private readonly screens: Screens;
  private readonly watch: Watch;
  private readonly keys: HTMLInputElement | null;
  private isBusy = false;
  private undoAt = "";
  private served = { fields: "", rows: "" }; // of the text as it stands

  constructor(private readonly root: HTMLElement, private readonly words: Words) {
    this.place = this.find("[data-pzd-place]")!;
    this.keys = this.find<HTMLInputElement>("[data-pzd-keys]");
    this.screens = new Screens(root.dataset.screens ?? "");
    this.watch = new Watch((seen) => this.hear(seen));
    if (this.keys) rememberSwitch(this.keys);
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("submit", (event) => void this.submit(event));
    root.addEventListener("change", (event) => this.changed(event));
    const draw = later(() => void this.draw(), TYPED);
    root.addEventListener("input", (event) => { if ((event.target as Element).closest("#pzd-edit")) draw(); });
    lists(root, (list) => {
      list.closest("form")?.dispatchEvent(new Event("pz:changed"));
      draw();
    });
    document.addEventListener("keydown", (event) => this.press(event));
    addEventListener("pagehide", () => this.watch.stop());
    this.arrived();
  }

  private find<T extends HTMLElement>(selector: string): T | null {
    return this.root.querySelector<T>(selector);
  }

  private get screen(): HTMLElement | null {
    return this.find("[data-pzd-screen]");
  }

  private get draft(): number {
    return Number(this.screen?.dataset.draft);
  }

  // ------------------------------------------------------------ which draft is shown

  async show(draft: number | null): Promise<void> {
    if (draft === null) {
      this.place.replaceChildren(this.find<HTMLTemplateElement>("[data-pzd-done]")!.content.cloneNode(true));
      this.watch.stop();
    } else {
      try {
        this.place.innerHTML = await this.screens.of(draft);
      } catch {
        this.say(this.words.away ?? "");
        return;
      }
    }
    this.arrived();
    this.find("[data-pzd-heading]")?.focus({ preventScroll: true });
    this.place.scrollIntoView({ block: "nearest" });
  }

  private arrived(): void {
    const { screen } = this;
    if (!screen) return;
    history.replaceState(null, "", `${screen.dataset.page}${this.root.dataset.query ? `?${this.root.dataset.query}` : ""}`);
    fitFrames(screen);
    tidyAll(screen);
    const { edit } = this;
    this.served = { fields: this.fields?.innerHTML ?? "", rows: edit ? rowsOf(edit) : "" };
    edit?.addEventListener("pz:restore", (event) => growAll(edit, (event as CustomEvent<[string, string][]>).detail));
    document.dispatchEvent(new CustomEvent("pz:arrived", { detail: screen }));
    this.screens.ahead(numberOf(screen.dataset.after));
    this.watch.start(screen.dataset.watch ?? "");
  }

  private hear(seen: Seen): void {
    const others = this.find("[data-pzd-others]");
    if (!others) return;
    others.textContent = [seen.changed, seen.others].filter(Boolean).join(" ");
    others.hidden = !others.textContent;
  }

  // ------------------------------------------------------------ keys and buttons

  private press(event: KeyboardEvent): void {
    const open = this.find<HTMLDialogElement>("dialog[open]");
    const form = (event.target as Element | null)?.closest?.("form");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form && this.root.contains(form)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (open) {
      this.choose(event, open);
    } else if (event.key === "Escape" && !this.edit?.hidden) {
      this.stop();
    } else {
      const focus = document.activeElement;
      const isWriting = isTyping(focus, event.key) || Boolean(focus && this.edit?.contains(focus));
      const deed = deedOf(event, isWriting, this.keys?.checked ?? true);
      if (!deed) return;
      event.preventDefault();
      this.do(deed);
    }
  }

  /** In the list of reasons a number chooses, and Enter sends. */
  private choose(event: KeyboardEvent, open: HTMLDialogElement): void {
    if (isTyping(document.activeElement, "")) return;
    const number = reasonOf(event);
    const reason = number === null ? null : open.querySelector<HTMLInputElement>(`[data-pzd-reason="${number}"]`);
    if (reason) {
      event.preventDefault();
      reason.checked = true;
      reason.focus();
    } else if (event.key === "Enter" && document.activeElement?.matches("[data-pzd-reason]")) {
      event.preventDefault();
      open.querySelector("form")?.requestSubmit();
    }
  }

  private click(event: MouseEvent): void {
    const target = event.target as HTMLElement;
    const told = target.closest<HTMLElement>("[data-pzd-do]")?.dataset.pzdDo;
    const tab = target.closest<HTMLElement>("[data-pzd-tab]")?.dataset.pzdTab;
    if (tab) this.read(tab);
    else if (target.closest("[data-pzd-close]")) target.closest("dialog")?.close();
    else if (told === "stop") this.stop();
    else if (told === "copy") void this.copy(target.closest<HTMLElement>("[data-pzd-do]")!);
    else if (told && told !== "approve") this.do(told as Deed); // approving is the form's own button
  }

  private changed(event: Event): void {
    const box = event.target as HTMLElement;
    if (this.screen && box.matches("[data-pzd-acknowledge]")) point(this.screen, box);
  }

  private do(deed: Deed): void {
    const { screen } = this;
    if (deed === "help") this.find<HTMLDialogElement>("[data-pzd-help]")?.showModal();
    if (deed === "undo") this.find<HTMLFormElement>("[data-pzd-undo]:not([hidden])")?.requestSubmit();
    if (!screen || this.isBusy) return;
    const button = screen.querySelector<HTMLButtonElement>(`[data-pzd-do="${deed}"]`);
    if (button?.disabled) return this.refuse(this.words.closed ?? "");
    if (deed === "after" || deed === "before") this.go(deed);
    if (deed === "approve") this.approve(screen);
    if (deed === "edit") this.open();
    if (deed === "beside") this.readNext();
    if (deed === "acknowledge") this.acknowledge(screen);
    if (button && OPENS.includes(deed)) this.ask(deed);
  }

  private go(where: "after" | "before"): void {
    const to = numberOf(this.screen?.dataset[where]);
    if (to !== null && this.mayLeave()) void this.show(to);
  }

  /** What is typed and not saved is not left by a slip of the finger. */
  private mayLeave(): boolean {
    const { edit } = this;
    if (!edit || edit.hidden || !this.isEdited(edit)) return true;
    this.refuse(this.words.typed ?? "");
    return false;
  }

  private ask(deed: Deed): void {
    const dialog = this.find<HTMLDialogElement>(`[data-pzd-dialog="${deed}"]`);
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>("textarea, input:not([type=hidden]), select")?.focus();
  }

  // ------------------------------------------------------------ reading it

  private read(tab: string): void {
    for (const each of every("[data-pzd-tab]", this.place)) each.setAttribute("aria-pressed", String(each.dataset.pzdTab === tab));
    for (const each of every("[data-pzd-pane]", this.place)) each.hidden = each.dataset.pzdPane !== tab;
  }

  private readNext(): void {
    const tabs = every("[data-pzd-tab]", this.place);
    const at = tabs.findIndex((each) => each.getAttribute("aria-pressed") === "true");
    this.read(tabs[(at + 1) % tabs.length]?.dataset.pzdTab ?? "text");
  }

  private acknowledge(screen: HTMLElement): void {
    this.read("text");
    const left = acknowledgeNext(screen);
    this.say(left ? (this.words.left ?? "").replace("%d", String(left)) : (this.words.seen ?? ""));
  }

  private async copy(button: HTMLElement): Promise<void> {
    await navigator.clipboard.writeText(this.find("#pzd-link")?.textContent ?? "");
    button.textContent = button.dataset.done ?? "";
  }

  // ------------------------------------------------------------ editing it

  private get edit(): HTMLFormElement | null {
    return this.find<HTMLFormElement>("#pzd-edit");
  }

  private get fields(): HTMLElement | null {
    return this.find("[data-pzd-fields]");
  }

  private isEdited(edit: HTMLFormElement): boolean {
    return isChanged(edit) || rowsOf(edit) !== this.served.rows;
  }

  private open(): void {
    const { edit } = this;
    if (!edit || !this.screen) return;
    this.read("text");
    this.screen.classList.add("pzd-editing");
    edit.hidden = false;
    edit.querySelector<HTMLElement>("input:not([type=hidden]), textarea, select")?.focus();
  }

  private stop(): void {
    if (!this.edit || !this.screen) return;
    const wasChanged = this.isEdited(this.edit);
    this.edit.reset();
    if (this.fields) this.fields.innerHTML = this.served.fields; // entries come and go, which a reset does not know
    this.edit.dispatchEvent(new Event("pz:changed"));
    this.edit.hidden = true;
    this.screen.classList.remove("pzd-editing");
    if (wasChanged) void this.draw();
    this.find("[data-pzd-heading]")?.focus({ preventScroll: true });
  }

  /** The picture of what is typed so far. */
  private async draw(): Promise<void> {
    const { edit, screen } = this;
    const sights = this.find("[data-pzd-sights]");
    if (!edit || !screen || !sights) return;
    const outcome = await send(edit, screen.dataset.sights);
    if (outcome.kind !== "done" || screen !== this.screen || !outcome.answer.html) return;
    sights.innerHTML = outcome.answer.html;
    fitFrames(sights);
  }

  // ------------------------------------------------------------ deciding on it

  private approve(screen: HTMLElement): void {
    const left = unseen(screen);
    if (left.length) {
      this.read("text");
      point(screen, left[0]!);
      return this.refuse((this.words.look ?? "").replace("%d", String(left.length)));
    }
    screen.querySelector<HTMLFormElement>("#pzd-approve")?.requestSubmit();
  }

  private async submit(event: SubmitEvent): Promise<void> {
    const form = event.target as HTMLFormElement;
    const isUndo = form.matches("[data-pzd-undo]");
    if ((!isUndo && !form.matches("[data-pzd-form]")) || event.defaultPrevented) return; // unsaved.js keeps what cannot be sent
    event.preventDefault();
    if (this.isBusy) return;
    if (form.id === "pzd-approve" && event.submitter && this.screen && unseen(this.screen).length) return this.approve(this.screen);
    this.isBusy = true;
    this.root.setAttribute("aria-busy", "true");
    const outcome = await send(form, isUndo ? this.undoAt : form.action);
    this.isBusy = false;
    this.root.removeAttribute("aria-busy");
    if (outcome.kind === "lost") return this.refuse(this.words.away ?? "", form);
    if (outcome.kind === "refused") return this.refused(outcome.answer, form);
    await this.done(outcome.answer, form);
  }

  private async done(answer: Answer, form: HTMLFormElement): Promise<void> {
    if (answer.link) {
      this.find("#pzd-link")!.textContent = answer.link;
      this.find("[data-pzd-link]")!.hidden = false;
      return this.say(answer.said ?? "", "");
    }
    const from = this.draft;
    form.closest("dialog")?.close();
    this.screens.forget(from);
    const next = answer.next === undefined ? from : answer.next;
    if (next !== null && answer.undo === undefined) this.screens.forget(next); // it changed itself
    await this.show(next);
    const stands = this.find("[data-pzd-stands]");
    if (stands && answer.stands) stands.textContent = answer.stands; // it was fetched before the decision
    this.say(answer.said ?? "", answer.undo ?? "");
  }

  private refused(answer: Answer, form: HTMLFormElement): void {
    this.refuse(answer.refusal ?? "", form);
    if (answer.html && form.id === "pzd-edit") this.replaceFields(answer.html);
  }

  private replaceFields(html: string): void {
    if (!this.fields) return;
    this.fields.innerHTML = html;
    tidyAll(this.fields);
    this.fields.querySelector<HTMLElement>("[aria-invalid=true], .pzc-wrong input:not([type=hidden]), .pzc-wrong textarea, .pzc-wrong [data-pzc-add]")?.focus();
  }

  private refuse(sentence: string, form?: HTMLFormElement): void {
    const inside = form?.closest("dialog");
    const place = inside ? within(inside) : this.find("[data-pzd-refusal]");
    if (!place) return this.say(sentence);
    place.hidden = false;
    place.textContent = sentence;
  }

  private say(sentence: string, undo = this.undoAt): void {
    this.find("[data-pzd-said]")!.textContent = sentence;
    this.undoAt = undo;
    this.find("[data-pzd-undo]")!.hidden = !undo;
  }
}

function numberOf(text: string | undefined): number | null {
  return text ? Number(text) : null;
}
