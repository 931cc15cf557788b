// `hearth models [filter]`: what can be asked, with limits and prices.
import { formatTokens } from "../../app/format.ts";
import { EXIT } from "../exit.ts";
import { openApp } from "../open-app.ts";

export async function modelsCommand(
  filter: string | undefined,
  options: { json?: boolean },
): Promise<number> {
  const app = await openApp({ session: false }, { interactive: false });
  try {
    const models = (await app.models.list()).filter((model) =>
      `${model.vendor}/${model.id} ${model.name}`.toLowerCase().includes((filter ?? "").toLowerCase()),
    );
    if (options.json) process.stdout.write(`${JSON.stringify(models, null, 2)}\n`);
    else {
      for (const { vendor, id, contextWindow, maxOutput, price } of models) {
        const cost =
          price === null ? "price not known" : `$${price.input} in, $${price.output} out per million tokens`;
        const limits = `${formatTokens(contextWindow)} context, ${formatTokens(maxOutput)} out`;
        process.stdout.write(`${`${vendor}/${id}`.padEnd(44)} ${limits.padEnd(30)} ${cost}\n`);
      }
    }
    if (models.length === 0)
      process.stderr.write("No model. hint: models of vendors without a key are not listed.\n");
    return EXIT.completed;
  } finally {
    await app.close();
  }
}
