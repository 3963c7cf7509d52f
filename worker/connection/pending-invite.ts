import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type InviteText, inviteText, readInvite } from "../../protocol/invite-text.ts";

/**
 * An invite its owner has said yes to and no pool has taken yet: in `invite.txt` (0600) in the worker's folder,
 * so that a power cut between the yes and the welcome costs nothing. The pool's welcome removes it.
 */
export class PendingInvite {
  readonly #file: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#file = join(folder, "invite.txt");
  }

  keep(invite: InviteText): void {
    mkdirSync(this.#folder, { recursive: true });
    rmSync(this.#file, { force: true });
    writeFileSync(this.#file, `${inviteText(invite)}\n`, { mode: 0o600, flush: true });
  }

  /** Null when there is none. Throws BadInvite when the file was changed. */
  read(): InviteText | null {
    let text: string;
    try {
      text = readFileSync(this.#file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw error;
    }
    return readInvite(text);
  }

  forget(): void {
    rmSync(this.#file, { force: true });
  }
}
