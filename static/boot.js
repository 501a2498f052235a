// Starts the app. A file of its own because the page allows no inline script; Trunk.toml and the build put what changes
// with every build into the attributes of the element that loads this. While the wasm loads it moves the bar on the page;
// it checks the wasm against its hash, as a browser does for scripts; and it registers the worker that serves the page
// without a network.
const { glue, wasm, wasmHash, worker } = document.querySelector("script[data-glue]").dataset;
/** How long after the start the files are fetched for visits without a network: it takes what the page itself needs until then. */
const OFFLINE_AFTER_MS = 4000;
const bar = document.querySelector("[data-progress]");

/** The wasm as a module, compiled while it comes in; refused if it is not the one that was built. */
async function load(address, cache = "default") {
  const response = await fetch(address, { credentials: "same-origin", cache });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  // Compressed on its way, the length that is named is not the one that is counted.
  const length = response.headers.get("content-encoding") ? 0 : Number(response.headers.get("content-length"));
  const [compiled, counted] = response.body.tee();
  const module = WebAssembly.compileStreaming(new Response(compiled, { headers: { "content-type": "application/wasm" } }));
  // Whatever fails first is told below.
  module.catch(() => {});
  const parts = [];
  let loaded = 0;
  for (const reader = counted.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    loaded += value.length;
    if (bar && length) bar.value = loaded / length;
  }
  // Away from https the browser has no digest to offer, and nobody's word to trust either.
  if (wasmHash && globalThis.crypto?.subtle) {
    const digest = await crypto.subtle.digest("SHA-384", await new Blob(parts).arrayBuffer());
    const hash = "sha384-" + btoa(String.fromCharCode(...new Uint8Array(digest)));
    if (hash !== wasmHash) throw new Error(`${address} is not the file that belongs to this page; reload it`);
  }
  return module;
}

/** Has a worker serve the page from now on, and says when a new version waits. Not in a frame: that is the host's page. */
async function serveOffline(address) {
  if (!navigator.serviceWorker || window.top !== window) return;
  const { serviceWorker } = navigator;
  // Only a page that a worker has served can be out of date. Asked before: WebKit tells of a worker when it serves already.
  const served = serviceWorker.controller !== null;
  const registration = await serviceWorker.register(address, { updateViaCache: "none" });
  const tell = (waiting) => {
    if (!waiting || !served) return;
    const accept = () => {
      serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      waiting.postMessage("take over");
    };
    addEventListener("sandbox-update-accepted", accept, { once: true });
    dispatchEvent(new Event("sandbox-update"));
  };
  tell(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const next = registration.installing;
    next?.addEventListener("statechange", () => next.state === "installed" && tell(next));
  });
}

try {
  const [{ default: start }, module] = await Promise.all([
    import(new URL(glue, document.baseURI)),
    // Frames that load at once can be too much for a browser's cache, and what it holds can be of another build: past it, then.
    load(new URL(wasm, document.baseURI)).catch(() => load(new URL(wasm, document.baseURI), "reload")),
  ]);
  // In a turn of its own: while one goes on, the browser takes no key and draws nothing.
  await new Promise((go) => setTimeout(go));
  await start({ module_or_path: module });
  // Blocked or refused, the page works all the same, with a network.
  if (worker) setTimeout(() => serveOffline(new URL(worker, document.baseURI)).catch(() => {}), OFFLINE_AFTER_MS);
} catch (error) {
  // Nothing of the app runs, so this is the one text that cannot come from the locale files.
  const message = document.createElement("p");
  message.className = "broken";
  message.setAttribute("role", "alert");
  message.textContent = "The sandbox could not start in this browser. It needs WebAssembly; a current browser has it. " + error;
  bar?.remove();
  document.body.prepend(message);
  throw error;
}
