// Between the sandbox and a learning platform that speaks SCORM 1.2: resumes the session that was left, and reports what was
// reached. Without a platform the lesson runs all the same.
(() => {
  /** The platform's interface: in this window, one around it, or the one that opened it, as the standard says. */
  function find(window) {
    for (let depth = 0; depth < 8; depth += 1) {
      try {
        if (window.API) return window.API;
        if (window.parent !== window) window = window.parent;
        else if (window.opener) window = window.opener;
        else return null;
      } catch {
        // A window of another site: there is no platform in it that could be spoken to.
        return null;
      }
    }
    return null;
  }

  const api = find(window);
  if (!api || String(api.LMSInitialize("")) !== "true") return;
  const began = Date.now();
  const get = (name) => api.LMSGetValue(name);
  const set = (name, value) => api.LMSSetValue(name, String(value));
  const element = document.querySelector("statefulset-sandbox");
  // Set before embed.js makes an element of it, so that it opens where it was left.
  const left = get("cmi.suspend_data");
  if (/^s1\.[\w-]+$/.test(left)) element.setAttribute("state", left);
  if (["", "not attempted"].includes(get("cmi.core.lesson_status"))) set("cmi.core.lesson_status", "incomplete");
  set("cmi.core.score.min", 0);
  set("cmi.core.score.max", 100);
  api.LMSCommit("");

  element.addEventListener("sandbox-state", ({ detail }) => {
    // The standard lets a platform cut what is longer, and half a session is none.
    if (detail.link.length <= 4096) {
      set("cmi.suspend_data", detail.link);
      api.LMSCommit("");
    }
  });
  element.addEventListener("sandbox-goal", ({ detail }) => {
    if (!(detail.steps > 0)) return;
    // What was reached once stays reached, also where the lesson is begun again.
    const score = Math.max(Math.round((100 * detail.done) / detail.steps), Number(get("cmi.core.score.raw")) || 0);
    set("cmi.core.score.raw", score);
    if (score >= 100) set("cmi.core.lesson_status", "completed");
    api.LMSCommit("");
  });

  let finished = false;
  addEventListener("pagehide", () => {
    if (finished) return;
    finished = true;
    const seconds = Math.round((Date.now() - began) / 1000);
    const two = (number) => String(number).padStart(2, "0");
    set("cmi.core.session_time", `${two(Math.floor(seconds / 3600)).padStart(4, "0")}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`);
    set("cmi.core.exit", get("cmi.core.lesson_status") === "completed" ? "" : "suspend");
    api.LMSCommit("");
    api.LMSFinish("");
  });
})();
