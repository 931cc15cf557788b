// EventStream: a queue that one side pushes to and the other iterates. Nothing is dropped.

/** An async iterable fed by `push`, closed by `end`. One consumer; values wait until it asks. */
export class EventStream<T> implements AsyncIterable<T> {
  #values: T[] = [];
  #waiting: ((result: IteratorResult<T>) => void) | null = null;
  #ended = false;

  /** Ignored after `end`, so that a late producer does no harm. */
  push(value: T): void {
    if (this.#ended) return;
    if (this.#waiting) {
      const resolve = this.#waiting;
      this.#waiting = null;
      resolve({ value, done: false });
    } else {
      this.#values.push(value);
    }
  }

  end(): void {
    this.#ended = true;
    this.#waiting?.({ value: undefined, done: true });
    this.#waiting = null;
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: () => {
        const [value] = this.#values;
        if (this.#values.length > 0) {
          this.#values.shift();
          return Promise.resolve({ value: value as T, done: false });
        }
        if (this.#ended) return Promise.resolve({ value: undefined, done: true });
        return new Promise((resolve) => {
          this.#waiting = resolve;
        });
      },
      return: () => {
        this.#ended = true;
        this.#values = [];
        return Promise.resolve({ value: undefined, done: true });
      },
    };
  }
}
