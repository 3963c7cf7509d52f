/** Types of spdx-expression-parse 5, which ships none. */
declare module "spdx-expression-parse" {
  export interface LicenceNode {
    license: string;
    plus?: boolean;
    exception?: string;
  }
  export interface ConjunctionNode {
    conjunction: "and" | "or";
    left: Expression;
    right: Expression;
  }
  export type Expression = LicenceNode | ConjunctionNode;
  /** Reads an SPDX licence expression. Throws Error for text that is none. */
  export default function parse(text: string): Expression;
}
