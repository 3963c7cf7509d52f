import { createCipheriv, createHash, randomBytes } from "node:crypto";
import type { Desk, Reply } from "./desk.ts";

/** Largest export that is sent, bytes: an answer and its receipt are a few kilobytes. */
const MOST_BYTES = 20_000_000;

/**
 * Puts the answer and its receipt into the room as a file, and returns its name. In an encrypted room the
 * file is encrypted too. Throws PoolError or MatrixRefusal.
 */
export async function saveAnswer(desk: Desk, reply: Reply, jobId: string): Promise<string> {
  const { pool, homeserver, writer, rooms, signal } = desk;
  const pack = await pool.exportPack(jobId);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of pack.body) {
    size += part.length;
    if (size > MOST_BYTES) throw new RangeError("the export is larger than a room takes");
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  const name = `answer-${jobId.slice(0, 8)}.zip`;
  const info = { mimetype: "application/zip", size };
  const file = { msgtype: "m.file", body: name, filename: name, info, "m.mentions": {} };
  let place: object;
  if (rooms.isEncrypted(reply.room)) {
    const sealed = sealedFile(bytes);
    const url = await homeserver.upload(sealed.bytes, "application/octet-stream", "", signal);
    place = { file: { ...sealed.keys, url } };
  } else {
    place = { url: await homeserver.upload(bytes, info.mimetype, name, signal) };
  }
  const { thread, replyTo } = reply.standing;
  const about = thread ? { rel_type: "m.thread", event_id: thread, is_falling_back: true } : {};
  const relation = { ...about, "m.in_reply_to": { event_id: replyTo ?? reply.about } };
  const content = async () => ({ ...file, ...place, "m.relates_to": relation });
  await writer.postContent(reply.room, "m.room.message", content, `f.${reply.about}`, signal);
  return name;
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
