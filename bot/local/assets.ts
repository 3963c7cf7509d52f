import { readFile } from "node:fs/promises";
import { createRequire, stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import type { FastifyInstance } from "fastify";

const PAGE = join(import.meta.dirname, "page");
/** The package's folder: its main file for Node lies in `node/`, the browser's beside that. */
const LIT = join(dirname(createRequire(import.meta.url).resolve("lit-html")), "..");

/**
 * Serves the page's own files and lit-html as they lie on the disk: no build step. TypeScript loses its
 * types here (Node's own stripper, positions kept), and the bare name of lit-html becomes an address,
 * because an import map would be an inline script.
 */
export function serveAssets(app: FastifyInstance): void {
  silenceStripper();
  app.get<{ Params: { file: string } }>("/page/:file", async (request, reply) => {
    const { file } = request.params;
    if (/^[a-z-]+\.ts$/.test(file)) return reply.type("text/javascript").send(await script(file));
    if (file === "page.css") return reply.type("text/css").send(await readFile(join(PAGE, file)));
    if (file === "mark.svg") {
      return reply.type("image/svg+xml").send(await readFile(join(PAGE, file)));
    }
    return reply.callNotFound();
  });
  app.get<{ Params: { "*": string } }>("/lit-html/*", async (request, reply) => {
    const file = request.params["*"];
    if (!/^(directives\/)?[a-z-]+\.js$/.test(file)) return reply.callNotFound();
    return reply.type("text/javascript").send(await readFile(join(LIT, file)));
  });
}

/** The page's HTML; which people it shows is told by its address. */
export function pageHtml(): Promise<string> {
  return readFile(join(PAGE, "page.html"), "utf8");
}

/**
 * Node warns once that its stripper is experimental; a room's log is no place for that. The first call
 * gives the warning, so it is made here with the voice turned off.
 */
function silenceStripper(): void {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    stripTypeScriptTypes("");
  } finally {
    process.emitWarning = emitWarning;
  }
}

async function script(file: string): Promise<string> {
  const source = await readFile(join(PAGE, file), "utf8");
  return stripTypeScriptTypes(source).replace(
    /(from\s+")lit-html(?:\/([a-z/-]+\.js))?(")/g,
    (_, before: string, path: string | undefined, after: string) =>
      `${before}/lit-html/${path ?? "lit-html.js"}${after}`,
  );
}
