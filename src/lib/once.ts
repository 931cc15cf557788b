// Once: a value that is made when it is first asked for, and only then.

/** Gives what `make` gave the first time; a promise that rejected stays rejected. */
export function once<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
