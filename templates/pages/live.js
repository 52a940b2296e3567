/* Keeps a page up to date while it is looked at. Every part of it that carries `data-part` is
   asked for again, and put in place where it changed; nobody's half-written form is touched.
   Without this script the page is as it was when it was opened, and reloading brings the news. */
(() => {
  "use strict";
  const live = document.querySelector("[data-live]");
  if (!live || !window.fetch || !window.DOMParser) return;

  const SOON = 5000, LATER = 15000, RARELY = 60000, CALM = 24;
  let mark = live.dataset.live, calm = 0, failed = 0, timer = 0, asking = false;

  const say = (words, lost) => {
    live.textContent = words;
    live.classList.toggle("lost", lost);
    live.hidden = false;
  };
  const clock = () =>
    new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });

  const inHand = (part) => {
    if (part.querySelector("details[open] form")) return true;
    if (part.querySelector("form") && part.matches(":hover")) return true;
    const here = document.activeElement;
    if (here && part.contains(here) && here.form) return true;
    return [...part.querySelectorAll("input, textarea, select")].some((field) =>
      field.type === "checkbox" || field.type === "radio"
        ? field.checked !== field.defaultChecked
        : field.tagName === "SELECT"
          ? [...field.options].some((one) => one.selected !== one.defaultSelected)
          : field.type !== "hidden" && field.value !== field.defaultValue);
  };

  const keyed = (part) =>
    new Map([...part.querySelectorAll("[data-key]")].map((one) => [one.dataset.key, one]));
  const focused = (part) => [...part.querySelectorAll("a, summary")].indexOf(document.activeElement);

  const put = (part, next) => {
    const before = keyed(part), at = focused(part);
    const same = at >= 0 && part.querySelectorAll("a, summary")[at].outerHTML;
    const fresh = [];
    for (const [key, row] of keyed(next)) {
      const was = before.get(key);
      if (!was) { row.classList.add("fresh"); fresh.push(row); continue; }
      const open = was.querySelector("details[open]"), now = row.querySelector("details");
      if (open && now) now.open = true;
    }
    part.replaceWith(next);
    if (same) [...next.querySelectorAll("a, summary")].find((one) => one.outerHTML === same)?.focus({ preventScroll: true });
    return fresh.length;
  };

  /* Whether all of the news is on the page now. */
  const show = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    let whole = true, fresh = 0;
    for (const part of document.querySelectorAll("[data-part]")) {
      const next = page.querySelector(`[data-part="${part.dataset.part}"]`);
      if (!next || plain(next) === plain(part)) continue;
      if (inHand(part)) { whole = false; continue; }
      fresh += put(part, document.adoptNode(next));
    }
    if (fresh) say(live.dataset.news.replace("{time}", clock()), false);
    return whole;
  };
  const plain = (part) => {
    const copy = part.cloneNode(true);
    for (const one of copy.querySelectorAll("details[open]")) one.removeAttribute("open");
    for (const one of copy.querySelectorAll(".fresh")) {
      one.classList.remove("fresh");
      if (!one.className) one.removeAttribute("class");
    }
    return copy.innerHTML;
  };

  const look = async () => {
    if (asking || document.hidden) return;
    asking = true;
    const giveUp = new AbortController(), late = setTimeout(() => giveUp.abort(), 20000);
    try {
      const answer = await fetch(location.href, {
        headers: { "If-None-Match": mark }, redirect: "error", signal: giveUp.signal,
      });
      if (answer.status === 200 && answer.headers.get("ETag")) {
        if (show(await answer.text())) mark = answer.headers.get("ETag");
        calm = 0;
      } else if (answer.status !== 304) {
        throw new Error("no page");
      } else {
        calm += 1;
      }
      if (failed) say(live.dataset.again.replace("{time}", clock()), false);
      failed = 0;
    } catch (error) {
      failed += 1;
      if (failed === 3) say(live.dataset.lost.replace("{time}", clock()), true);
    } finally {
      clearTimeout(late);
      asking = false;
      clearTimeout(timer);
      timer = setTimeout(look, failed > 2 ? RARELY : calm > CALM ? LATER : SOON);
    }
  };

  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  timer = setTimeout(look, SOON);
})();
