import type { PoolModels } from "../../protocol/wire/http.ts";
import { bytesInWords, counted } from "./measures.ts";
import { sanitiseLine } from "./text/sanitise.ts";
import type { ModelsView } from "./view.ts";

/** The pool's models, most capable first, with what each was made of. */
export function modelsView({ models }: PoolModels): ModelsView {
  const byDefault = models.find((model) => model.nodesOnline > 0);
  return {
    kind: "models",
    models: models.map((model) => ({
      sha256: model.sha256,
      name: sanitiseLine(model.name, 120),
      size: model.bytes === null || model.bytes === 0 ? null : bytesInWords(model.bytes),
      lineage: lineageWords(sanitiseLine(model.lineage.line, 300), sanitiseLine(model.name, 120)),
      nodesOnline: model.nodesOnline,
      online:
        model.nodesOnline === 0 ? "no node online" : `on ${counted(model.nodesOnline, "node")}`,
      waiting: model.waiting,
      isDefault: model === byDefault,
    })),
  };
}

/** The lineage line without the model's name in front. */
function lineageWords(line: string, name: string): string {
  return line.startsWith(`${name} · `) ? line.slice(name.length + 3) : line;
}
