// Stands in for optional packages that the bundle must not carry. Nothing calls it.
const nothing = { connectToDevTools: (): void => undefined };

// biome-ignore lint/style/noDefaultExport: Ink imports the default of react-devtools-core
export default nothing;
