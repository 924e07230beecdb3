// Fills the slots of a page, keeps the visitor's choice, sends what happened. No dependency.
// Nothing is stored and nobody is named before consent; whatever fails leaves the page as it was.
(() => {
  "use strict";
  const script = document.currentScript;
  const { key, timeout = 2000, css = "/static/personalization/blocks.css" } = script.dataset;
  const root = new URL(".", script.src);
  const api = `${root}api/v1/`;
  const PURPOSES = ["analytics", "personalization", "training", "profiling_ai"];
  const YEAR = 31536000;

  // ------------------------------------------------------------ what the browser remembers
  const read = (name) => {
    const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
    try {
      return found ? decodeURIComponent(found.slice(name.length + 1)) : null;
    } catch {
      return null;
    }
  };
  const write = (name, value) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    const age = value === null ? 0 : YEAR;
    document.cookie =
      `${name}=${encodeURIComponent(value ?? "")}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
  };
  const choice = () => {
    try {
      return JSON.parse(read("pz_consent"));
    } catch {
      return null;
    }
  };
  const allows = (purposes) => Object.values(purposes || {}).includes(true);
  const known = () => {
    const kept = read("pz_id") || "";
    const at = kept.lastIndexOf("|");
    return at > 0 && allows(choice())
      ? { visitor: kept.slice(0, at), token: kept.slice(at + 1) }
      : null;
  };
  const say = (place, name, detail) =>
    place.dispatchEvent(new CustomEvent(`pz:${name}`, { bubbles: true, detail }));

  const call = async (method, path, body, signal) => {
    const me = known();
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    if (me) headers["X-Visitor-Token"] = me.token;
    const answer = await fetch(api + path, {
      method, headers, signal, credentials: "omit", body: body && JSON.stringify(body),
    });
    if (!answer.ok) {
      throw Object.assign(new Error(`personalization: ${answer.status}`), answer);
    }
    return answer.json();
  };

  // ------------------------------------------------------------ consent
  const mint = async (body) => {
    const made = await call("POST", "visitors", body);
    write("pz_id", `${made.visitor}|${made.token}`);
  };
  const choose = async (purposes, { policy = "default", source = "site" } = {}) => {
    const wanted = Object.fromEntries(PURPOSES.map((each) => [each, purposes[each] === true]));
    const body = { purposes: wanted, policy, source };
    const me = known();
    const keep = () => write("pz_consent", JSON.stringify(wanted));
    if (!me && allows(wanted)) await mint(body);
    if (me) {
      await call("PUT", `visitors/${encodeURIComponent(me.visitor)}/consent`, body);
      if (!allows(wanted)) write("pz_id", null);
    }
    keep(); // a refusal by a browser without an id stays in the browser
    say(document, "consent", wanted);
    await refresh();
    return wanted;
  };
  const erase = async () => {
    const me = known();
    if (me) await call("DELETE", `visitors/${encodeURIComponent(me.visitor)}`);
    write("pz_id", null);
    write("pz_consent", null);
    await refresh();
  };

  // ------------------------------------------------------------ slots
  const before = new WeakMap(); // place -> what the page itself shows there
  const values = {};
  let last = location.href;
  let came = document.referrer;
  let running;

  const styled = () => {
    if (!css || document.querySelector('link[href*="personalization/blocks"]')) return null;
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(css, root).href;
    return new Promise((done) => {
      link.onload = link.onerror = done;
      document.head.append(link);
    });
  };
  const put = (place, slot) => {
    if (!before.has(place)) before.set(place, place.innerHTML);
    const name = place.dataset.pzSlot;
    if (slot.data !== null) values[name] = slot.data;
    const html = slot.html || before.get(place);
    if (place.innerHTML !== html) place.innerHTML = html;
    place.dataset.pzState = slot.html || slot.data !== null ? "filled" : "default";
    if (slot.exposure) place.dataset.pzExposure = slot.exposure;
    else delete place.dataset.pzExposure;
    say(place, "slot", slot);
    watch(place);
  };
  const fill = async (places) => {
    if (!places.length) return;
    for (const place of places) {
      if (place.dataset.pzHeight) place.style.minHeight = `${Number(place.dataset.pzHeight)}px`;
    }
    if (location.href !== last) [came, last] = [last, location.href];
    running?.abort();
    const mine = (running = new AbortController());
    const late = setTimeout(() => mine.abort(), Number(timeout));
    const about = document.querySelector("[data-pz-about]");
    const me = known();
    const context = { url: last, locale: document.documentElement.lang || navigator.language };
    if (came) context.referrer = came;
    if (about) context.item = about.dataset.pzAbout;
    const slots = [...new Set(places.map((place) => place.dataset.pzSlot))];
    try {
      const answer = await call("POST", "render", { slots, context, ...me }, mine.signal);
      if (Object.values(answer.slots).some((slot) => slot.html)) await styled();
      if (mine.signal.aborted) throw new Error("late");
      for (const place of places) put(place, answer.slots[place.dataset.pzSlot]);
    } catch {
      for (const place of places) place.dataset.pzState ||= "default";
    } finally {
      clearTimeout(late);
    }
    say(document, "filled");
  };
  const places = (more = "") => [...document.querySelectorAll(`[data-pz-slot]${more}`)];
  const refresh = () => fill(places());

  // ------------------------------------------------------------ what happened
  const waiting = [];
  const seen = new Set();
  let soon;
  const random = () =>
    [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(36)).join("");
  const send = () => {
    clearTimeout(soon);
    const me = known();
    const events = waiting.splice(0, 50);
    if (!me || !events.length) return;
    const url = `${api}events?key=${encodeURIComponent(key)}`;
    const body = JSON.stringify({ events, token: me.token });
    if (!navigator.sendBeacon?.(url, body)) {
      fetch(url, { method: "POST", body, credentials: "omit" }).catch(() => {});
    }
    if (waiting.length) send();
  };
  const track = (type, fields = {}) => {
    const me = known();
    if (!me) return null;
    const id = random();
    waiting.push({ id, type, visitor: me.visitor, at: new Date().toISOString(), ...fields });
    clearTimeout(soon);
    soon = setTimeout(send, 50);
    return id;
  };
  const eye = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      const { pzExposure: exposure } = target.dataset;
      if (!isIntersecting || !exposure || seen.has(exposure)) continue;
      seen.add(exposure);
      track("exposure", { exposure });
    }
  }, { threshold: 0.3 });
  const watch = (place) => {
    eye.unobserve(place);
    eye.observe(place);
  };
  document.addEventListener("click", ({ target }) => {
    const place = target.closest?.("[data-pz-slot]");
    if (!place || !target.closest("a, button")) return;
    const item = target.closest("[data-pz-item]")?.dataset.pzItem;
    track("click", { item, exposure: place.dataset.pzExposure });
    send();
  });
  addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", () => document.hidden && send());

  // ------------------------------------------------------------ for the site's own scripts
  const queued = window.Personalization;
  const Personalization = (window.Personalization = {
    consent: (purposes, more) => (purposes ? choose(purposes, more) : choice()),
    choice,
    erase,
    refresh,
    track,
    visitor: () => known()?.visitor ?? null,
    data: (slot) => values[slot],
    push: ([name, ...rest]) => Personalization[name](...rest),
  });
  if (Array.isArray(queued)) queued.forEach(Personalization.push);

  const start = () => {
    places("[data-pz-rendered]").forEach(watch);
    fill(places(":not([data-pz-rendered])"));
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
