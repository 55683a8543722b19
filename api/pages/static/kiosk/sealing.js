// What opens a card, and what seals a command. The counterparts are api/fairs/codes.py and api/fairs/envelopes.py.

import { fromBase32, fromText, joined, toText, utf8 } from "./bytes.js";

const MARK = "WGQ", SECRET_BYTES = 16, NONCE = 12;

// The secret that a scanned text says; null where it is no invitation's code.
export function secretOf(text) {
  const told = text.trim().toUpperCase().replace(/\s/g, "");
  if (!told.startsWith(MARK)) return null;
  const secret = fromBase32(told.slice(MARK.length));
  return secret && secret.length === SECRET_BYTES ? secret : null;
}

async function derived(secret, what, bits) {
  const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const asked = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8("wengang/fair/" + what) };
  return new Uint8Array(await crypto.subtle.deriveBits(asked, key, bits));
}

// By what the card is found among those that the device holds.
export const cardName = async (secret) => toText(await derived(secret, "name", 128));

// The card again; throws where it is not this secret's.
export async function openCard(secret, sealed) {
  const bytes = fromText(sealed);
  const raw = await derived(secret, "key", 256);
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
  const asked = { name: "AES-GCM", iv: bytes.slice(0, NONCE), additionalData: await derived(secret, "name", 128) };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(asked, key, bytes.slice(NONCE))));
}

// A command as it is kept and sent: nobody but the service can read it, this device neither.
export async function sealCommand(publicKey, deviceId, commandKey, content) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", fromText(publicKey), curve, false, []);
  const own = await crypto.subtle.generateKey(curve, true, ["deriveBits"]);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: joined(utf8("wengang/kiosk/command"), point) },
    base, { name: "AES-GCM", length: 256 }, false, ["encrypt"]
  );
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const asked = { name: "AES-GCM", iv: nonce, additionalData: utf8(deviceId + ":" + commandKey) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(asked, key, utf8(JSON.stringify(content))));
  return toText(joined(point, nonce, sealed));
}

// A number that no other command has, in the form of a UUID.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
