// node serve.mjs MODEL.gguf PORT: inference-server's OpenAI routes at http://127.0.0.1:PORT/openai/v1
// over node-llama-cpp, as its README shows. The model is called "tiny".
import { InferenceServer, createExpressServer } from 'inference-server';

const [model, port] = process.argv.slice(2);
const server = new InferenceServer({
  log: 'warn',
  concurrency: 1,
  models: {
    tiny: {
      task: 'text-completion',
      engine: 'node-llama-cpp',
      location: model,
      url: 'file://' + model,  // required, never used: the file is there
      contextSize: 4096,
      minInstances: 1,
      maxInstances: 1,
      prepare: 'blocking',
      // A request's 0 does not reach the engine, and the engine's own default punishes repetition.
      completionDefaults: { temperature: 0, repeatPenaltyNum: 0 },
      device: { gpu: false, cpuThreads: 1 },
    },
  },
});
await server.start();
createExpressServer(server).listen(Number(port), '127.0.0.1');
