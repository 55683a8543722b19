// What the device keeps, in IndexedDB: who it is, the fair's posts, sealed cards, and the queue of sealed commands.
// A write counts when the disk has it ("strict"); Chromium before 83 knows no other way.

const NAME = "kiosk", VERSION = 1;
let opened = null;

function database() {
  opened = opened || new Promise((resolve, reject) => {
    const asking = indexedDB.open(NAME, VERSION);
    asking.onupgradeneeded = () => {
      asking.result.createObjectStore("facts");
      asking.result.createObjectStore("cards", { keyPath: "name" });
      asking.result.createObjectStore("queue", { keyPath: "at", autoIncrement: true });
    };
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = () => reject(asking.error);
  });
  return opened;
}

// Do something in one transaction; done when the disk has it.
async function within(stores, mode, work) {
  const base = await database();
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(stores, mode, { durability: "strict" });
    let answer;
    transaction.oncomplete = () => resolve(answer);
    transaction.onabort = () => reject(transaction.error || new Error("aborted"));
    work(transaction, (told) => { answer = told; });
  });
}

function asked(request, then) {
  request.onsuccess = () => then(request.result);
}

export const fact = (name) => within(["facts"], "readonly", (transaction, tell) =>
  asked(transaction.objectStore("facts").get(name), tell));

export const keepFact = (name, value) => within(["facts"], "readwrite", (transaction) => {
  transaction.objectStore("facts").put(value, name);
});

export const card = (name) => within(["cards"], "readonly", (transaction, tell) =>
  asked(transaction.objectStore("cards").get(name), tell));

// The fair as it stands, in the place of what was known before.
export const keepBundle = (bundle) => within(["facts"], "readwrite", (transaction) => {
  const facts = transaction.objectStore("facts");
  facts.put(bundle, "bundle");
  facts.put({}, "issued");
});

export const keepCards = (cards, tag) => within(["facts", "cards"], "readwrite", (transaction) => {
  const kept = transaction.objectStore("cards");
  kept.clear();
  for (const each of cards) kept.put(each);
  transaction.objectStore("facts").put(tag, "tag");
});

// Put a command at the end of the queue, and with it, in one transaction, what follows on this device.
export const enqueue = (command, facts) => within(["facts", "queue"], "readwrite", (transaction) => {
  transaction.objectStore("queue").add(command);
  for (const name of Object.keys(facts)) transaction.objectStore("facts").put(facts[name], name);
});

export const waiting = () => within(["queue"], "readonly", (transaction, tell) =>
  asked(transaction.objectStore("queue").getAll(), tell));

export const done = (at) => within(["queue"], "readwrite", (transaction) => {
  transaction.objectStore("queue").delete(at);
});

export const setAside = (command, why) => within(["queue"], "readwrite", (transaction) => {
  transaction.objectStore("queue").put(Object.assign({}, command, { refused: why }));
});

// Everything is forgotten: this device was revoked.
export const forget = () => within(["facts", "cards", "queue"], "readwrite", (transaction) => {
  for (const name of ["facts", "cards", "queue"]) transaction.objectStore(name).clear();
});
