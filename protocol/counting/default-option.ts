import { type MajorityResult, majority, type Ratio, SIMPLE_MAJORITY } from "./majority.ts";
import { among, type Pairwise, votes } from "./pairwise.ts";

/** What every option must reach against the option "leave it as it is". */
export interface DefaultRule {
  readonly option: string;
  /** Needed weight of ballots that put an option above the default. */
  readonly quorum: bigint;
  /** Options that need more than a simple majority. */
  readonly ratios: ReadonlyMap<string, Ratio>;
}

/** One option against the default. */
export interface AgainstDefault extends MajorityResult {
  readonly option: string;
}

/**
 * Drops the options that miss quorum or ratio against the default, before any method sees them (Debian
 * constitution A.5.3 and A.5.4). The default itself always stays. `rule.option` is one of the options.
 */
export function dropBelowDefault(
  duels: Pairwise,
  rule: DefaultRule,
): { readonly kept: Pairwise; readonly table: readonly AgainstDefault[] } {
  const standard = duels.options.indexOf(rule.option);
  const table = duels.options.flatMap((option, i) => {
    if (i === standard) return [];
    const count = {
      for: BigInt(votes(duels, i, standard)),
      against: BigInt(votes(duels, standard, i)),
    };
    const ratio = rule.ratios.get(option) ?? SIMPLE_MAJORITY;
    return [{ option, ...majority(count, { ratio, quorum: rule.quorum }) }];
  });
  const passed = table.filter(({ passes }) => passes).map(({ option }) => option);
  return { kept: among(duels, [rule.option, ...passed]), table };
}
