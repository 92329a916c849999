// The page of a handoff: asks how far the phone is, counts down, and goes back to the client when there is an answer.
"use strict";
(() => {
  const page = document.querySelector("main[data-base]");
  if (!page) return;

  const OPEN = ["READY", "READ"];
  const FIRST = 2000; // milliseconds between two questions
  const LONGEST = 5000;
  const HIDDEN = 10000;
  const LONGEST_AFTER_FAILURE = 30000;
  const MOST_FAILURES = 6;

  const all = (selector) => Array.from(page.querySelectorAll(selector));
  const clock = page.querySelector("[data-clock]");
  const progress = page.querySelector("progress");
  const abortButton = page.querySelector("[data-does=abort]");

  let status = page.dataset.status;
  let ends = performance.now() + 1000 * Number(page.dataset.seconds);
  let pause = FIRST;
  let failures = 0;
  let timer;
  let asking = false;
  let leaving = false;
  let wanted = ""; // what was asked for without an answer yet

  function show(next) {
    if (next === status) return;
    status = next;
    all("[data-shows]").forEach((part) => { part.hidden = part.dataset.shows !== next; });
    all("[data-while=open]").forEach((part) => { part.hidden = !OPEN.includes(next); });
    const heading = page.querySelector(`[data-shows=${next}] h1`);
    if (heading) {
      document.title = `${heading.textContent} · Open Finance`;
      heading.focus();
    }
  }

  function tick() {
    const seconds = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
    clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    progress.value = seconds;
    if (seconds === 0 && OPEN.includes(status)) show("TIMED_OUT");
  }

  function later(wait) {
    clearTimeout(timer);
    if (OPEN.includes(status) || status === "COMPLETED") timer = setTimeout(ask, wait);
  }

  async function post(what) {
    return fetch(`${page.dataset.base}/${what}`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: "{}",
      credentials: "same-origin",
      cache: "no-store",
    });
  }

  async function leave(answer) {
    const { redirectTo } = await answer.json();
    leaving = true;
    clearTimeout(timer);
    window.location.replace(redirectTo);
  }

  function failed() {
    failures += 1;
    if (failures >= MOST_FAILURES) {
      show("ERROR");
      return;
    }
    later(Math.min(FIRST * 2 ** failures, LONGEST_AFTER_FAILURE));
  }

  // Another tab may have been faster: then the next question says so.
  async function finish() {
    wanted = "finish";
    const answer = await post(wanted);
    if (answer.ok) {
      await leave(answer);
    } else if (answer.status === 409) {
      wanted = "";
      show("FINISHED");
    } else {
      failed();
    }
  }

  async function ask() {
    if (asking || leaving) return;
    asking = true;
    try {
      const answer = await fetch(`${page.dataset.base}/status`, {
        headers: { accept: "application/json" },
        credentials: "same-origin",
        cache: "no-store",
      });
      if (answer.status === 404) {
        // Before its time this browser is not the page's: it did not keep the cookie.
        show(performance.now() < ends ? "ERROR" : "TIMED_OUT");
      } else if (!answer.ok) {
        failed();
      } else {
        const told = await answer.json();
        failures = 0;
        ends = performance.now() + 1000 * told.remainingSeconds;
        pause = told.status === status ? Math.min(pause * 1.15, LONGEST) : FIRST;
        // It was done and the answer got lost: asked again, it is the same.
        const lost = told.status === { finish: "FINISHED", abort: "ABORTED" }[wanted];
        if (!lost) show(told.status);
        if (lost && wanted === "abort") await abort();
        else if (lost || told.status === "COMPLETED") await finish();
        else later(document.hidden ? HIDDEN : pause);
      }
    } catch {
      failed();
    } finally {
      asking = false;
    }
  }

  async function abort() {
    abortButton.disabled = true;
    try {
      wanted = "abort";
      const answer = await post(wanted);
      if (answer.ok) {
        show("ABORTED");
        await leave(answer);
        return;
      }
      if (answer.status < 500) wanted = "";
    } catch {
      // The next question tells what became of it.
    }
    abortButton.disabled = false;
    if (asking) failed();
    else ask();
  }

  page.addEventListener("click", (event) => {
    const does = event.target instanceof HTMLElement && event.target.dataset.does;
    if (does === "abort") abort();
    if (does === "retry") {
      failures = 0;
      pause = FIRST;
      ask();
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && (OPEN.includes(status) || status === "COMPLETED")) ask();
  });

  tick();
  setInterval(tick, 1000);
  later(status === "COMPLETED" ? 0 : FIRST);
})();
