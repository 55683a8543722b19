// The service worker: the page is there without the network, whole and of one version. What is asked of the service itself is never kept.

const VERSION = "kiosk-{{version}}";
const FILES = [
  "/kiosk", "/kiosk/words.json", "/static/icon.svg", "/static/kiosk/kiosk.css",
  "/static/kiosk/main.js", "/static/kiosk/screens.js", "/static/kiosk/draw.js", "/static/kiosk/store.js", "/static/kiosk/sync.js",
  "/static/kiosk/commands.js", "/static/kiosk/sealing.js", "/static/kiosk/bytes.js", "/static/kiosk/readers.js",
  "/static/kiosk/speech.js", "/static/kiosk/slip.js", "/static/kiosk/session.js", "/static/kiosk/choosing.js",
];

self.addEventListener("install", (event) => {
  const fresh = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const others = caches.keys().then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name))));
  event.waitUntil(others.then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== location.origin || !FILES.includes(path)) return;
  event.respondWith(caches.open(VERSION).then((cache) => cache.match(path)).then((kept) => kept || fetch(event.request)));
});
