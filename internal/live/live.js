// What arrives while the page is open, filters, and answers in the place of the person. The page is whole without it.
"use strict";
(() => {
  const { run, token, last, most } = document.body.dataset;
  const id = (name) => document.getElementById(name);
  const form = id("filters"), talks = id("talks"), none = id("none"), found = id("found"), news = id("news"), state = id("state"), trouble = id("trouble");
  const pause = id("pause");
  const one = (name) => form.elements.namedItem(name);
  const html = (text) => { const t = document.createElement("template"); t.innerHTML = text.trim(); return t.content.firstElementChild; };
  const number = (n) => n.toLocaleString("en");
  const count = (n) => `${number(n)} message${n === 1 ? "" : "s"}`;

  // All arrivals on the page, oldest first.
  let items = [...document.querySelectorAll(".item")].map((el) => ({ el, text: "", size: el.outerHTML.length, message: !el.classList.contains("mine") && !!el.querySelector(".said") }));
  items.sort((a, b) => a.el.dataset.id - b.el.dataset.id);
  let size = items.reduce((n, m) => n + m.size, 0);
  const room = 6e6; // characters of HTML, however few the arrivals
  const talk = (key) => [...talks.children].find((t) => t.dataset.talk === key);
  const name = (t) => t.querySelector(".who").textContent.trim().slice(0, 80) + ", " + t.dataset.vendor;

  const choices = () => {
    const select = one("talk"), was = select.value, now = [...talks.children];
    if (now.length === select.options.length - 1 && now.every((t) => [...select.options].some((o) => o.value === t.dataset.talk))) return;
    select.length = 1;
    for (const t of now) select.add(new Option(name(t), t.dataset.talk));
    select.value = was;
    if (select.selectedIndex < 0) select.value = "";
  };

  const filter = () => {
    const terms = one("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    const vendor = one("vendor").value, key = one("talk").value;
    let shown = 0, all = 0;
    const full = new Set();
    for (const m of items) {
      const t = m.el.closest(".talk");
      if (terms.length && !m.text) m.text = (name(t) + " " + m.el.textContent).toLowerCase();
      const show = (!vendor || t.dataset.vendor === vendor) && (!key || t.dataset.talk === key) && terms.every((w) => m.text.includes(w));
      m.el.hidden = !show;
      if (show) full.add(t);
      if (m.message) { all++; if (show) shown++; }
    }
    for (const t of talks.children) t.hidden = !full.has(t);
    found.textContent = shown === all ? `All ${count(all)} on this page` : `${number(shown)} of ${count(all)} on this page`;
    none.hidden = full.size > 0;
    if (items.length) none.textContent = "No message matches. Clear the filters to see all.";
  };

  const enable = (el) => { // buttons that answer, and the form for own words
    const t = el.closest(".talk");
    const write = t.querySelector("form.write");
    if (!write) return;
    write.hidden = false;
    for (const b of el.querySelectorAll("button[value]")) b.disabled = false;
  };

  const tally = (counts) => {
    let total = 0;
    for (const b of document.querySelectorAll("[data-count]")) {
      if (b.dataset.count === "") continue;
      const n = counts[b.dataset.count] || 0;
      total += n;
      b.textContent = number(n);
    }
    document.querySelector('[data-count=""]').textContent = number(total);
    document.title = `${count(total)} in the sandbox`;
    return total;
  };

  // What was new is said aloud now and then, not for each message.
  let unsaid = 0, saying = 0;
  const say = (n) => {
    if (!(unsaid += n) || saying) return;
    news.textContent = `${count(unsaid)} arrived`;
    unsaid = 0;
    saying = setTimeout(() => { saying = 0; if (unsaid) say(0); }, 5000);
  };

  const arrived = (batch) => {
    tally(batch.counts || {});
    const moved = new Set();
    let messages = 0;
    for (const i of batch.items) {
      let t = talk(i.talk);
      if (!t) { t = html(batch.talks[i.talk]); talks.prepend(t); }
      const el = html(i.html);
      t.querySelector("ol").append(el);
      enable(el);
      items.push({ el, text: "", size: i.html.length, message: i.message });
      size += i.html.length;
      if (i.message) messages++;
      moved.delete(t);
      moved.add(t);
    }
    for (const t of moved) { // the last one ends up first; where somebody is at work nothing moves away
      if (talks.firstElementChild !== t && !t.contains(document.activeElement)) talks.prepend(t);
    }
    while (items.length > most || size > room && items.length > 1) {
      const first = items.shift(), el = first.el, t = el.closest(".talk");
      size -= first.size;
      el.remove();
      if (!t.querySelector(".item")) t.remove();
    }
    if (batch.items.length) { choices(); filter(); say(messages); }
  };

  let source = null, at = last;
  const paused = () => pause.getAttribute("aria-pressed") === "true";
  const status = (text, on) => { if (state.textContent !== text) state.textContent = text; state.classList.toggle("on", on); };
  const listen = () => {
    source = new EventSource(`/page/events?run=${encodeURIComponent(run)}&after=${at}`);
    source.addEventListener("open", () => status("Live.", true));
    source.addEventListener("arrived", (e) => { at = e.lastEventId; arrived(JSON.parse(e.data)); });
    source.addEventListener("anew", () => { source.close(); location.reload(); });
    source.addEventListener("error", () => {
      status("Not connected: the sandbox has ended, or too many of its pages are open. What arrived stays here.", false);
      if (source.readyState === EventSource.CLOSED) setTimeout(follow, 5000);
    });
  };
  // A page that is not looked at does not hold a connection: browsers have few for one server.
  const follow = () => {
    source?.close();
    if (paused()) status("Paused.", false); else if (!document.hidden) listen();
  };
  document.addEventListener("visibilitychange", follow);
  pause.addEventListener("click", () => { pause.setAttribute("aria-pressed", !paused()); follow(); });

  // Answers.
  const post = async (t, item, text) => {
    trouble.hidden = true;
    let wrong = "";
    try {
      const r = await fetch("/page/answer", { method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ token, talk: t.dataset.talk, item, text }) });
      if (!r.ok) wrong = await r.text();
    } catch { wrong = "The sandbox does not answer."; }
    if (wrong) { trouble.textContent = wrong.slice(0, 500); trouble.hidden = false; }
    return !wrong;
  };
  talks.addEventListener("click", (e) => {
    const b = e.target.closest("button[value]");
    if (b && !b.disabled) post(b.closest(".talk"), +b.closest(".item").dataset.id, b.value);
  });
  talks.addEventListener("submit", async (e) => {
    e.preventDefault();
    const input = e.target.elements.namedItem("text");
    if (await post(e.target.closest(".talk"), 0, input.value)) input.value = "";
  });

  let wait = 0;
  form.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(filter, 80); });
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (e) => { e.preventDefault(); filter(); });
  for (const m of items) enable(m.el);
  choices();
  form.hidden = false;
  if (items.length) filter();
  follow();
})();
