// Models to choose from: those there is a key for, on request those of every vendor.
import { listModels } from "../../app/commands/model.ts";
import { formatTokens } from "../../app/format.ts";
import type { Model } from "../../protocol/model.ts";
import { type PreviewLine, previewFact } from "../components/picker-preview.ts";
import type { PickerItem } from "../components/picker-state.ts";
import type { Desk } from "../desk.ts";
import type { PickerSource } from "./source.ts";

const NOTHING = {
  native: "There is no key of any vendor: /model VENDOR/ID still takes a name.",
  agent: "This agent does not let its model be chosen from here.",
};

type Offered = NonNullable<Awaited<ReturnType<Desk["app"]["models"]["offered"]>>>;

export function modelSource(desk: Desk): PickerSource {
  const { app } = desk;
  const models = new Map<string, Model>();
  const isAgents = app.conversation.state().runtime !== "native";
  return {
    nothing: NOTHING[isAgents ? "agent" : "native"],
    items: async ({ all }) => {
      const offered = await app.models.offered();
      if (offered) return agentsItems(offered);
      const current = app.conversation.state().model;
      for (const model of await listModels(app, { all })) models.set(`${model.vendor}/${model.id}`, model);
      return [...models]
        .filter(([, { vendor }]) => all || app.models.key(vendor).isSet)
        .map(([value, model]) => ({
          value,
          label: value,
          detail: detailOf(model),
          path: true,
          current: value === current,
        }));
    },
    choose: (value) => desk.command(`/model ${value}`),
    previewHeight: 5,
    preview: (value) => {
      const model = models.get(value);
      return model ? describeModel(model, app.models.key(model.vendor)) : [];
    },
    keys: (control) =>
      isAgents
        ? []
        : [
            {
              action: "picker_other",
              label: control.all ? "with a key" : "all vendors",
              run: () => control.toggleAll(),
            },
          ],
  };
}

/** Of an external agent only the names are known. */
function agentsItems({ agent, current, values }: Offered): PickerItem<string>[] {
  return values.map((value) => ({
    value,
    label: value,
    detail: `a model of ${agent}`,
    path: true,
    current: value === current,
  }));
}

function detailOf({ name, contextWindow, price }: Model): string {
  const cost = price === null ? "" : `  $${price.input} in, $${price.output} out`;
  return `${name}  ${formatTokens(contextWindow)}${cost}`;
}

function describeModel(
  { name, vendor, api, contextWindow, maxOutput, price, thinking, input }: Model,
  key: { variables: readonly string[]; isSet: boolean },
): PreviewLine[] {
  return [
    {
      spans: [
        { text: name, token: "heading" },
        { text: `  ${keyWords(vendor, key)}`, token: key.isSet ? "dim" : "warning" },
      ],
      rows: 2,
    },
    previewFact("context", `${formatTokens(contextWindow)} tokens, answers up to ${formatTokens(maxOutput)}`),
    previewFact("price", priceOf(price)),
    previewFact("thinking", thinking.length === 0 ? "it cannot think" : thinking.join(", ")),
    previewFact("takes", `${input.join(" and ")}, over ${api}`),
  ];
}

function priceOf(price: Model["price"]): string {
  if (price === null) return "not known";
  const { input, output, cacheRead, tiers = [] } = price;
  const dearer = tiers.map((tier) => `, more above ${formatTokens(tier.inputTokensAbove)}`);
  return `$${input} in, $${output} out, $${cacheRead} from cache, a million tokens${dearer.join("")}`;
}

function keyWords(
  vendor: string,
  { variables, isSet }: { variables: readonly string[]; isSet: boolean },
): string {
  if (!isSet) return `no key: ${variables.join(" or ")} is not set`;
  return variables.length === 0 ? `${vendor} needs no key` : "its key is there";
}
