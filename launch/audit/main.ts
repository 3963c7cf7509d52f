// `npm run audit [-- --or-say-so]`: is any package of the lock file known to be vulnerable?
// Ends with 0: none, or each listed with a reason in config/audit-exceptions.json. 1: at least one is not.
// 3: nobody who knows could be asked, which is no all-clear; with --or-say-so that line is all and it ends with 0.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../../config/settings.ts";
import { judge, readExceptions } from "./exceptions.ts";
import { lockedPackages } from "./locked.ts";
import { type Advisory, npmRegistry, osv, type Place } from "./places.ts";

const usage = "Usage: npm run audit [-- --or-say-so] [--lock FILE] [--exceptions FILE]";

try {
  process.exitCode = await audit();
} catch (error) {
  console.error(`${(error as Error).message}\n${usage}`);
  process.exitCode = 2;
}

async function audit(): Promise<number> {
  const { values } = parseArgs({
    options: {
      "or-say-so": { type: "boolean", default: false },
      lock: { type: "string", default: join(ROOT, "package-lock.json") },
      exceptions: { type: "string", default: join(ROOT, "config/audit-exceptions.json") },
    },
  });
  const exceptions = readExceptions(values.exceptions);
  const packages = lockedPackages(values.lock);
  // npm tells programs it runs which registry it uses.
  const registry = process.env.npm_config_registry ?? "https://registry.npmjs.org/";
  const places = [npmRegistry(registry), osv(process.env.OSV_API ?? "https://api.osv.dev")];
  const found = await askFirst(places, packages);
  if (found === null) {
    console.error(
      `None of them could be asked, so nothing is known about ${packages.length} packages: this is no all-clear. ` +
        "Run npm run audit where the registry's advisories or api.osv.dev can be reached.",
    );
    return values["or-say-so"] ? 0 : 3;
  }
  const today = new Date().toISOString().slice(0, 10);
  const { open, excused, idle } = judge(found, exceptions, today);
  for (const { advisory, reason } of excused)
    console.log(`listed    ${line(advisory)}\n          ${reason}`);
  for (const { advisory, package: name } of idle) {
    console.log(
      `idle      ${advisory} of ${name} is listed and no longer there: take it off the list`,
    );
  }
  for (const advisory of open) console.error(`VULNERABLE ${line(advisory)}`);
  if (open.length === 0) {
    console.log(`${packages.length} packages: no known vulnerability that is not listed.`);
    return 0;
  }
  console.error(
    `Update these packages (npm update NAME), or list each in config/audit-exceptions.json with advisory, package, ` +
      "the reason why it does no harm here, and the last day of the exception.",
  );
  return 1;
}

/** What the first place that answers says; null when none does. */
async function askFirst(
  places: readonly Place[],
  packages: Parameters<Place["ask"]>[0],
): Promise<Advisory[] | null> {
  for (const place of places) {
    try {
      const found = await place.ask(packages);
      console.log(`Asked ${place.name} about ${packages.length} packages.`);
      return found;
    } catch (error) {
      const { message, cause } = error as Error & { cause?: Error };
      console.error(`${place.name} cannot be asked: ${cause?.message ?? message}.`);
    }
  }
  return null;
}

function line({ id, name, versions, severity, title, url }: Advisory): string {
  return `${name} ${versions.join(", ")}: ${title} (${severity}, ${id}, ${url})`;
}
