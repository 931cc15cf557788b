import { describe, expect, it } from "vitest";
import { Exchange } from "../../../src/runtimes/claude-code/exchange.ts";

describe("one prompt with what is steered into it", () => {
  it("is over with the first end when nothing else was sent", () => {
    const exchange = new Exchange("p");
    expect(exchange.heard("p", "queued")).toEqual({ steered: null, over: false });
    exchange.heard("p", "taken");
    expect(exchange.isOver()).toBe(true);
  });

  it("is over with the first end of a program that tells nothing of its messages", () => {
    expect(new Exchange("p").isOver()).toBe(true);
  });

  it("an end before its prompt was taken in is another's", () => {
    const exchange = new Exchange("p");
    exchange.heard("p", "queued");
    expect(exchange.isOver()).toBe(false);
    exchange.heard("p", "taken");
    expect(exchange.isOver()).toBe(true);
  });

  it("goes on until every steer was taken in, and tells each once", () => {
    const exchange = new Exchange("p");
    exchange.heard("p", "taken");
    exchange.steer("s", "ours");
    exchange.heard("s", "queued");
    expect(exchange.isOver()).toBe(false);
    expect(exchange.heard("s", "taken").steered).toBe("ours");
    expect(exchange.heard("s", "taken").steered).toBeNull();
    expect(exchange.isOver()).toBe(true);
    expect(exchange.left()).toEqual([]);
  });

  it("is over when its prompt was cancelled before it began: there is no end then", () => {
    const exchange = new Exchange("p");
    exchange.heard("p", "queued");
    exchange.stop();
    expect(exchange.heard("p", "cancelled").over).toBe(true);
  });

  it("told to stop it is over with the next end, and names what was never taken in", () => {
    const exchange = new Exchange("p");
    exchange.heard("p", "taken");
    exchange.steer("s", "ours");
    exchange.stop();
    expect(exchange.isOver()).toBe(true);
    expect(exchange.left()).toEqual(["s"]);
  });

  it("knows nothing of messages that are not its own", () => {
    expect(new Exchange("p").heard("x", "taken")).toEqual({ steered: null, over: false });
  });
});
