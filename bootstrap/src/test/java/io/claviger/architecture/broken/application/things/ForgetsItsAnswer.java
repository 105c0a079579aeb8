package io.claviger.architecture.broken.application.things;

/** Can be refused, and tells nobody. */
public interface ForgetsItsAnswer {
  void attempt();

  sealed interface Outcome {
    record Refused() implements Outcome {}
  }
}
