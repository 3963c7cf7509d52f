/** Gives text on in whole characters: a server may cut a stream between the halves of one. */
export class WholeText {
  #half = "";

  /** What of `text` can be given on now, as storable text: no NUL, no lone surrogate. */
  push(text: string): string {
    const all = this.#half + text;
    const cut = /[\ud800-\udbff]$/.test(all) ? all.length - 1 : all.length;
    this.#half = all.slice(cut);
    return clean(all.slice(0, cut));
  }

  end(): string {
    return clean(this.#half);
  }
}

function clean(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}
