import { createCipheriv, createHash, randomBytes } from "node:crypto";
import type { HandedFile } from "../commands/command.ts";
import type { Bitmap } from "../views/pictures/bitmap.ts";
import type { Desk, Reply } from "./desk.ts";
import { relationOf } from "./render/message.ts";

/** Largest export that is sent, bytes: an answer and its receipt are a few kilobytes. */
const MOST_BYTES = 20_000_000;

/** The answer and its receipt as a file in the room; returns its name. Throws PoolError or MatrixRefusal. */
export async function saveAnswer(desk: Desk, reply: Reply, jobId: string): Promise<string> {
  const pack = await desk.pool.exportPack(jobId);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of pack.body) {
    size += part.length;
    if (size > MOST_BYTES) throw new RangeError("the export is larger than a room takes");
    parts.push(part);
  }
  const name = `answer-${jobId.slice(0, 8)}.zip`;
  await sendFile(desk, reply, { name, type: "application/zip", bytes: Buffer.concat(parts) });
  return name;
}

/** Everything needed to count a closed vote again, as a file in the room; returns its name. Throws as above. */
export async function saveCount(desk: Desk, reply: Reply, number: number): Promise<string> {
  const bytes = await desk.pool.exportProposal(number);
  const name = `proposal-${number}.json`;
  await sendFile(desk, reply, { name, type: "application/json", bytes });
  return name;
}

/** Sends a file as a message of its own. Throws as above. */
export async function sendFile(desk: Desk, reply: Reply, file: HandedFile): Promise<void> {
  const { writer, signal } = desk;
  const content = {
    ...{ msgtype: "m.file", body: file.name, filename: file.name, "m.mentions": {} },
    ...{ info: infoOf(file), ...(await stored(desk, reply.room, file)) },
    ...relationOf(reply.standing),
  };
  const txnId = `f.${reply.about}`;
  await writer.postContent(reply.room, "m.room.message", async () => content, txnId, signal);
}

/**
 * A picture beside the text that says the same: it goes when nothing else waits to be said, and is left out where
 * that takes too long. Its words are its caption, which screen readers read. `key`: the same key is the same
 * picture. Throws MatrixRefusal or MessageGone.
 */
export async function sendPicture(
  desk: Desk,
  reply: Reply,
  { png, alt }: Bitmap,
  { key, name }: { readonly key: string; readonly name: string },
): Promise<void> {
  const { writer, signal } = desk;
  const file = { name, type: "image/png", bytes: png };
  const make = async () => ({
    ...{ msgtype: "m.image", body: alt, filename: name, "m.mentions": {} },
    ...{ info: { ...infoOf(file), ...sizeOf(png) }, ...(await stored(desk, reply.room, file)) },
    ...relationOf(reply.standing),
  });
  await writer.postSpare(reply.room, "m.room.message", make, `i.${key}`, signal);
}

function infoOf({ type, bytes }: HandedFile) {
  return { mimetype: type, size: bytes.length };
}

/** Pixels of a PNG: the first chunk is the header, which begins with them (PNG specification, 11.2.2). */
function sizeOf(png: Uint8Array) {
  const header = new DataView(png.buffer, png.byteOffset, 24);
  return { w: header.getUint32(16), h: header.getUint32(20) };
}

/** Puts a file into the homeserver's store: encrypted for an encrypted room, the key in the event. */
async function stored(
  desk: Desk,
  room: string,
  { bytes, type, name }: HandedFile,
): Promise<object> {
  const { homeserver, rooms, signal } = desk;
  if (!rooms.isEncrypted(room)) {
    return { url: await homeserver.upload(bytes, type, name, signal) };
  }
  const sealed = sealedFile(bytes);
  const url = await homeserver.upload(sealed.bytes, "application/octet-stream", "", signal);
  return { file: { ...sealed.keys, url } };
}

/** Encrypts a file as rooms do: AES-256-CTR, the key beside its address (client-server API, EncryptedFile). */
function sealedFile(clear: Uint8Array) {
  const key = randomBytes(32);
  // The lower half counts blocks and starts at 0.
  const iv = Buffer.concat([randomBytes(8), Buffer.alloc(8)]);
  const cipher = createCipheriv("aes-256-ctr", key, iv);
  const bytes = Buffer.concat([cipher.update(clear), cipher.final()]);
  const unpadded = (data: Buffer) => data.toString("base64").replace(/=+$/, "");
  const jwk = {
    kty: "oct",
    key_ops: ["encrypt", "decrypt"],
    alg: "A256CTR",
    k: key.toString("base64url"),
    ext: true,
  };
  const sha256 = unpadded(createHash("sha256").update(bytes).digest());
  return { bytes, keys: { v: "v2", key: jwk, iv: unpadded(iv), hashes: { sha256 } } };
}
