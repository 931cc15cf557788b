// Stands in for packages that the bundle must not carry.
export const connectToDevTools = (): void => undefined;
