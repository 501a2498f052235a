// The service worker: keeps the files of one build, so that the page opens without a network. The build puts the lines
// before this: CACHE, the name of this build's cache, and FILES, all that is in it. Nothing else is ever kept.
const prefix = CACHE.slice(0, CACHE.lastIndexOf("@") + 1);

self.addEventListener("install", (event) => {
  const fill = async () => {
    const cache = await caches.open(CACHE);
    // Past the browser's own cache, which may hold files of the build before.
    await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
  };
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name.startsWith(prefix) && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

// A new version waits until the page asks: what a person works on must not change under their hands.
self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || !address.href.startsWith(self.registration.scope)) return;
  const answer = async () => {
    const cache = await caches.open(CACHE);
    // Parameters only tell the page how to stand; the file is the same.
    const folder = address.pathname.endsWith("/") ? new URL("index.html", address) : address;
    return (await cache.match(folder, { ignoreSearch: true })) ?? fetch(request);
  };
  event.respondWith(answer());
});
