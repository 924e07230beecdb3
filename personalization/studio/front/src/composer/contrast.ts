// How well the texts of a drawn page are read on their grounds, by the formulas of WCAG 2.2:
// https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio, #dfn-relative-luminance, and 1.4.3 for the limits.
// Custom properties, transparency and blending are what the browser made of them. A text over a
// picture is not judged: nobody can tell by computing.

export interface Poor { text: string; ratio: number; least: number }
type Colour = [red: number, green: number, blue: number, alpha: number];

const MOST = 5;
const LARGE = 24; // CSS pixels; 18.66 where it is bold
const LARGE_BOLD = 18.66;
const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const read = new Map<string, Colour>();

export function poorContrast(body: HTMLElement): Poor[] {
  const found = new Map<string, Poor>();
  for (const element of textual(body)) {
    const ground = groundOf(element);
    const style = styleOf(element);
    if (!ground || style.visibility !== "visible" || !element.getClientRects().length) continue;
    const ink = blend(colour(style.color), ground);
    const ratio = contrast(ink, ground);
    const least = isLarge(style) ? 3 : 4.5;
    if (ratio < least) found.set(`${ink} ${ground}`, { text: shortened(element.textContent ?? ""), ratio, least });
  }
  return [...found.values()].slice(0, MOST);
}

export function contrast(one: Colour, other: Colour): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance([red, green, blue]: Colour): number {
  const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function* textual(body: HTMLElement): Generator<HTMLElement> {
  const walk = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const seen = new Set<HTMLElement>();
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const element = node.parentElement;
    if (!element || !node.textContent?.trim() || seen.has(element) || element.closest("[aria-hidden=true]")) continue;
    seen.add(element);
    yield element;
  }
}

/** The colour behind an element; null where there is a picture or a gradient. */
function groundOf(element: HTMLElement): Colour | null {
  const layers: Colour[] = [];
  for (let each: HTMLElement | null = element; each; each = each.parentElement) {
    const style = styleOf(each);
    if (style.backgroundImage !== "none") return null;
    const layer = colour(style.backgroundColor);
    if (layer[3] > 0) layers.push(layer);
    if (layer[3] === 1) break;
  }
  return layers.reduceRight<Colour>((ground, layer) => blend(layer, ground), [1, 1, 1, 1]);
}

function blend([red, green, blue, alpha]: Colour, ground: Colour): Colour {
  const mix = (above: number, below: number) => above * alpha + below * (1 - alpha);
  return [mix(red, ground[0]), mix(green, ground[1]), mix(blue, ground[2]), 1];
}

/** Any notation of CSS, as the browser paints it. */
function colour(notation: string): Colour {
  let found = read.get(notation);
  if (!found && pen) {
    pen.canvas.width = pen.canvas.height = 1;
    pen.fillStyle = notation;
    pen.fillRect(0, 0, 1, 1);
    found = [...pen.getImageData(0, 0, 1, 1).data].map((byte) => byte / 255) as Colour;
    read.set(notation, found);
  }
  return found ?? [0, 0, 0, 0];
}

function isLarge(style: CSSStyleDeclaration): boolean {
  const size = Number.parseFloat(style.fontSize);
  return size >= LARGE || (size >= LARGE_BOLD && Number(style.fontWeight) >= 700);
}

function styleOf(element: HTMLElement): CSSStyleDeclaration {
  return (element.ownerDocument.defaultView ?? window).getComputedStyle(element);
}

function shortened(text: string): string {
  const plain = text.trim().replace(/\s+/g, " ");
  return plain.length > 40 ? `${plain.slice(0, 39)}…` : plain;
}
