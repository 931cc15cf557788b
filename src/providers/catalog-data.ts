// CatalogData: the shipped models, loaded when first needed. The files are made by scripts/update-catalog.ts out of
// the catalogue of @earendil-works/pi-ai (MIT, Copyright (c) 2025 Mario Zechner).
import * as z from "zod/mini";
import { Model } from "../protocol/model.ts";

/** Vendors whose models lie in the small file that most starts need. */
const COMMON: ReadonlySet<string> = new Set(["anthropic", "openai", "google"]);

const Models = z.array(Model);

/** The vendor's models in the catalogue's order; empty for a vendor it does not know. */
export async function catalogModels(vendor: string): Promise<Model[]> {
  const rows = COMMON.has(vendor) ? await loadCommon() : await loadOthers();
  return Models.parse(rows.filter((row) => row.vendor === vendor));
}

async function loadCommon(): Promise<readonly { vendor: string }[]> {
  return (await import("./catalog-common.json", { with: { type: "json" } })).default.models;
}

async function loadOthers(): Promise<readonly { vendor: string }[]> {
  return (await import("./catalog-others.json", { with: { type: "json" } })).default.models;
}
