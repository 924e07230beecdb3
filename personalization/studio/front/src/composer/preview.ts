// The picture beside the form: asked for while one types, the newest answer wins, nothing in it runs.
import { every, later, make, say } from "./page";
import { poorContrast } from "./contrast";
import { fillFrame } from "./frame";
import { deadLinks } from "./links";
import type { Advice, Remark } from "./advice";
import type { Languages } from "./languages";

interface Frame { page: string; fallback: string }
interface Item { title: string; image: string; why: string }
interface Answer {
  frames?: Record<string, Frame>;
  errors?: Remark[];
  advice?: Remark[];
  known?: [string, string][];
  items?: { rows: Item[]; page: string } | null;
  refusal?: string;
}

const TYPING = 250;

export class Preview {
  private asked = 0;
  private waiting: AbortController | null = null;
  private width = 1200;
  readonly soon: () => void;

  constructor(
    private root: HTMLElement, private form: HTMLFormElement,
    private languages: Languages, private advice: Advice,
  ) {
    this.soon = later(() => void this.ask(), TYPING);
    for (const tab of every<HTMLButtonElement>("[data-width]", root)) {
      tab.addEventListener("click", () => this.setWidth(Number(tab.dataset.width)));
    }
    if (this.frames.clientWidth < 600) this.setWidth(390);
    new ResizeObserver(() => this.fit()).observe(this.frames);
    addEventListener("online", this.soon);
    void this.ask();
  }

  private get frames(): HTMLElement { return this.root.querySelector("[data-pzc-frames]")!; }

  async ask(): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    this.waiting?.abort();
    this.waiting = new AbortController();
    const answer = await this.answer(this.waiting.signal);
    if (mine !== this.asked) return;
    if (answer === null) this.state(say("away"));
    else this.show(answer);
  }

  private async answer(signal: AbortSignal): Promise<Answer | null> {
    try {
      const sent = await fetch(this.root.dataset.preview!, { method: "POST", body: this.typed(), signal });
      return sent.ok || sent.status === 404 ? ((await sent.json()) as Answer) : null;
    } catch {
      return null;
    }
  }

  /** Also of a form that one may only look at, whose fields a browser would leave out. */
  private typed(): FormData {
    const fields = this.root.querySelector<HTMLFieldSetElement>("[data-pzc-fields]");
    const locked = fields?.disabled ?? false;
    if (fields) fields.disabled = false;
    const sent = new FormData(this.form);
    if (fields) fields.disabled = locked;
    for (const locale of this.languages.onScreen) sent.append("shown", locale);
    return sent;
  }

  private show(answer: Answer): void {
    this.state(answer.refusal ?? "");
    this.known(answer.known ?? []);
    this.items(answer.items ?? null);
    for (const figure of every<HTMLElement>("figure", this.frames)) {
      if (answer.frames && !answer.frames[figure.dataset.locale ?? ""]) figure.remove();
    }
    for (const [locale, frame] of Object.entries(answer.frames ?? {})) this.frame(locale, frame);
    this.advice.of("server", [...(answer.errors ?? []).map((each) => ({ ...each, refuses: true })), ...(answer.advice ?? [])]);
  }

  private state(text: string): void {
    const place = this.root.querySelector<HTMLElement>("[data-pzc-state]")!;
    if (place.textContent !== text) place.textContent = text;
  }

  private known(known: [string, string][]): void {
    const said = known.map(([label, value]) => `${label}: ${value}`).join(" · ");
    this.root.querySelector("[data-pzc-known]")!.textContent = said ? say("known", { facts: said }) : "";
  }

  /** The items that this visitor would get, each with its reason. */
  private items(found: Answer["items"]): void {
    const place = this.root.querySelector<HTMLElement>("[data-pzc-items]")!;
    place.hidden = !found;
    if (!found) return;
    place.replaceChildren(
      make("h3", { textContent: say("items") }),
      ...(found.page ? [make("p", { className: "pz-note", textContent: found.page })] : []),
      make("ol", {}, ...found.rows.map((each) => make("li", { className: "pzc-item" },
        make("img", { src: each.image, alt: "", loading: "lazy", hidden: !each.image }),
        make("span", {}, make("strong", { textContent: each.title }), make("span", { className: "pz-note", textContent: each.why }))))));
  }

  private frame(locale: string, frame: Frame): void {
    const name = this.languages.name(locale);
    const figure = every<HTMLElement>("figure", this.frames).find((each) => each.dataset.locale === locale) ?? this.newFrame(locale, name);
    const several = this.languages.onScreen.length > 1;
    const caption = figure.querySelector("figcaption")!;
    caption.textContent = [several ? name : "", frame.fallback ? say("fallback", { language: frame.fallback }) : ""].filter(Boolean).join(": ");
    caption.hidden = !caption.textContent;
    fillFrame(figure.querySelector("iframe")!, frame.page, () => { this.fit(); this.look(locale, figure); });
  }

  private newFrame(locale: string, name: string): HTMLElement {
    const figure = make("figure", { className: "pzc-frame" },
      make("figcaption", { className: "pz-note" }),
      make("div", { className: "pzc-viewport", tabIndex: 0 }, make("iframe", { title: say("frame", { language: name }), sandbox: "allow-same-origin" })));
    figure.dataset.locale = locale;
    this.frames.append(figure);
    return figure;
  }

  /** What only a browser can tell: colours as they meet, and links of the site itself. */
  private look(locale: string, figure: HTMLElement): void {
    const page = figure.querySelector("iframe")!.contentDocument;
    if (!page?.body) return;
    this.advice.of(`contrast ${locale}`, poorContrast(page.body).map((each) => (
      { locale, path: "", code: "poor_contrast", text: say("contrast", { text: each.text, ratio: each.ratio.toFixed(1), least: each.least }) })));
    void deadLinks(page.body).then((links) => this.advice.of(`links ${locale}`, links.map((link) => (
      { locale, path: "", code: "link_to_nowhere", text: say("dead", { link }), value: link }))));
  }

  private setWidth(width: number): void {
    this.width = width;
    for (const tab of every("[data-width]", this.root)) tab.setAttribute("aria-pressed", String(Number(tab.dataset.width) === width));
    this.fit();
  }

  /** The frame is as wide as the screen that it stands for, and drawn smaller where there is no room. */
  private fit(): void {
    for (const viewport of every<HTMLElement>(".pzc-viewport", this.frames)) {
      const frame = viewport.querySelector("iframe")!;
      const scale = Math.min(1, viewport.clientWidth / this.width);
      frame.style.width = `${this.width}px`;
      frame.style.transform = `scale(${scale})`;
      frame.style.marginLeft = `${Math.max(0, (viewport.clientWidth - this.width * scale) / 2)}px`;
      const height = frame.contentDocument?.body?.scrollHeight ?? 0;
      frame.style.height = `${Math.max(height, 60)}px`;
      viewport.style.height = `${Math.ceil(Math.max(height, 60) * scale)}px`;
    }
  }
}
