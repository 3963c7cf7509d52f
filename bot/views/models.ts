import type { PoolModels } from "../../protocol/wire/http.ts";
import { counted, ENGLISH, type Words } from "../words/catalogue.ts";
import { phrasesInWords } from "../words/pool-sentences.ts";
import { bytesInWords } from "./measures.ts";
import { sanitiseLine } from "./text/sanitise.ts";
import type { ModelsView } from "./view.ts";

/** The pool's models, most capable first, with what each was made of. */
export function modelsView({ models }: PoolModels, words: Words = ENGLISH): ModelsView {
  const byDefault = models.find((model) => model.nodesOnline > 0);
  return {
    kind: "models",
    title: words.models_title,
    none: models.length === 0 ? words.models_none : null,
    models: models.map((model) => {
      const name = sanitiseLine(model.name, 120);
      const line = sanitiseLine(phrasesInWords(words, model.lineage.line), 300);
      return {
        sha256: model.sha256,
        name,
        size: model.bytes === null || model.bytes === 0 ? null : bytesInWords(model.bytes, words),
        // Without the model's name in front.
        lineage: line.startsWith(`${name} · `) ? line.slice(name.length + 3) : line,
        nodesOnline: model.nodesOnline,
        online:
          model.nodesOnline === 0
            ? words.model_offline
            : counted(words, words.model_on_nodes, model.nodesOnline),
        waiting: model.waiting,
        isDefault: model === byDefault,
        mark: model === byDefault ? words.models_default : null,
      };
    }),
  };
}
