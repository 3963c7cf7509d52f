// A program that takes a lock and keeps it till it is killed; says on standard output whether it got it.
import { takeLock } from "../../../bot/matrix/encryption/lock.ts";

try {
  takeLock(process.argv[2] as string);
  console.log("held");
  setInterval(() => {}, 60_000);
} catch (error) {
  console.log((error as Error).name);
}
