import { SettingsError } from "../config/settings.ts";
import { diskInWords } from "./words.ts";

// Each command loads only what it needs: `status` answers in half the time that the engine's parts take to load.
const commands = {
  run: () => import("./commands/run.ts"),
  join: () => import("./commands/join.ts"),
  steer: () => import("./commands/steer.ts"),
  gpu: () => import("./commands/gpu.ts"),
};

const USAGE = `npm run worker                      run, with a view on a terminal (--plain: log lines only)
npm run worker -- join <invite>     join a pool; shows first what that means (--yes: agree unasked)
npm run worker -- status            how it does (--json)
npm run worker -- pause [2h]        take nothing new; resume: take answers again
npm run worker -- limits            show or change hours, threads, memory … (--hours "mon-fri 20:00-08:00")
npm run worker -- models            show what it is willing to run; models add X, models remove X
npm run worker -- gpu               install the engine for this machine's graphics card
npm run worker -- leave             finish what it is writing, then end (--now: at once)

WORKER_NAME names the worker, where a machine has several.`;

/** Errors that are written for the person who started the command; any other shows where it came from. */
const FOR_PEOPLE = new Set([
  "BadHours",
  "BadInvite",
  "CannotLook",
  "IdentityError",
  "Mistake",
  "ModelFactsError",
  "NameTaken",
  "NotAnswering",
  "NotRunning",
  "PoolKeyChanged",
  "RuntimeMissing",
  "ServerRefused",
  "UnknownModel",
]);

const say = (text: string) => void process.stdout.write(`${text}\n`);
const [command, ...args] = process.argv.slice(2);
try {
  process.exit(await obey());
} catch (error) {
  process.stderr.write(`${forPeople(error as NodeJS.ErrnoException)}\n`);
  process.exit(1);
}

function forPeople(error: NodeJS.ErrnoException): string {
  if (error instanceof SettingsError || FOR_PEOPLE.has(error.name)) return error.message;
  const disk = diskInWords(error);
  return disk === error.message ? (error.stack ?? error.message) : `Sorry: ${disk}.`;
}

/** Resolves to the exit code. */
async function obey(): Promise<number> {
  switch (command) {
    case undefined:
    case "--plain":
      return (await commands.run()).run(process.env, command === "--plain");
    case "join": {
      const { join, terminalOf } = await commands.join();
      const plain = args.includes("--plain");
      const joined = await join(
        args.filter((arg) => arg !== "--plain"),
        process.env,
        terminalOf(process.stdin, process.stdout),
      );
      return joined ? (await commands.run()).run(process.env, plain) : 0;
    }
    case "pause":
    case "resume":
    case "leave":
    case "status":
      await (await commands.steer()).steer(command, args, process.env, say, Date.now());
      return 0;
    case "limits":
      await (await commands.steer()).limits(args, process.env, say);
      return 0;
    case "models":
      await (await commands.steer()).models(args, process.env, say);
      return 0;
    case "gpu":
      return (await commands.gpu()).gpu(args, say);
    case "help":
    case "--help":
      say(USAGE);
      return 0;
    default:
      process.stderr.write(`There is no command “${command}”.\n\n${USAGE}\n`);
      return 1;
  }
}
