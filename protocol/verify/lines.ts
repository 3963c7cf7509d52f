/** One thing that was looked at. */
export interface VerifyLine {
  /** File of the export it is about; empty for what no file can show. */
  readonly file: string;
  readonly state: "holds" | "fails" | "not checked";
  /** One sentence, or a few. */
  readonly text: string;
}

/** Collects lines in the order they are found. */
export class Lines {
  readonly all: VerifyLine[] = [];

  holds(file: string, text: string): void {
    this.all.push({ file, state: "holds", text });
  }

  fails(file: string, text: string): void {
    this.all.push({ file, state: "fails", text });
  }

  notChecked(file: string, text: string): void {
    this.all.push({ file, state: "not checked", text });
  }

  /** `holds` or `fails` by a condition; returns it. */
  either(file: string, condition: boolean, holds: string, fails: string): boolean {
    if (condition) this.holds(file, holds);
    else this.fails(file, fails);
    return condition;
  }
}
