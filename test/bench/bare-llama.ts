import { getLlama, type Token } from "node-llama-cpp";
import type { SamplerSettings } from "../../protocol/wire/primitives.ts";

/** The yardstick: the library's own loop, no pool around it. */
export interface BareModel {
  /** Generates exactly `count` tokens after the prompt in ChatML. */
  generate(prompt: string, count: number, sampler: SamplerSettings): Promise<void>;
  dispose(): Promise<void>;
}

/** Loads a GGUF on one CPU thread. `systemPrompt`: the one that the pool sends this model; null: none. */
export async function bareModel(file: string, systemPrompt: string | null): Promise<BareModel> {
  const system = systemPrompt === null ? "" : `<|im_start|>system\n${systemPrompt}<|im_end|>\n`;
  const llama = await getLlama({ gpu: false, build: "never", maxThreads: 1 });
  const model = await llama.loadModel({ modelPath: file });
  const context = await model.createContext({
    contextSize: Math.min(2048, model.trainContextSize),
    threads: 1,
  });
  const sequence = context.getSequence();
  return {
    async generate(prompt, count, sampler) {
      await sequence.clearHistory();
      const text = `${system}<|im_start|>user\n${prompt}<|im_end|>\n<|im_start|>assistant\n`;
      const tokens: Token[] = model.tokenize(text, true);
      let made = 0;
      const options = {
        temperature: sampler.temperatureMilli / 1000,
        topK: sampler.topK,
        topP: sampler.topPMilli / 1000,
        minP: sampler.minPMilli / 1000,
        yieldEogToken: true,
      };
      for await (const _ of sequence.evaluate(tokens, options)) {
        if (++made >= count) break;
      }
    },
    async dispose() {
      await context.dispose();
      await model.dispose();
      await llama.dispose();
    },
  };
}
