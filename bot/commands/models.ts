import { modelsView } from "../views/models.ts";
import { type Command, privately, wordsOf } from "./command.ts";

/** Lists the models, their licences and what their training data is known to be. */
export const models: Command = {
  name: "models",
  summary: "Models you can ask, their licences and training data",
  options: [],
  async run(context) {
    return privately(modelsView(await context.pool.models(), wordsOf(context)));
  },
};
