package io.claviger.sdks;

/** What is done with each framework. */
enum FrameworkCase {
  ANSWERS("answer", "Hello"),
  /** The model's name says which service it is of, with slashes. */
  ANSWERS_BY_REFERENCE("answer", "Hello"),
  STREAMS("stream", "Hello"),
  /** The stub provider has the model call the tool. */
  CALLS_A_TOOL("tool", "stub:call weather {\"city\": \"Rome\"}"),
  /** A call by a user who may not use the service. */
  REFUSED("answer", "Hello"),
  /** A call by a user whose budget has no room for the call. */
  BUDGET_EXHAUSTED("answer", "Hello"),
  STREAM_REFUSED("stream", "Hello");

  private final String call;
  private final String prompt;

  FrameworkCase(String call, String prompt) {
    this.call = call;
    this.prompt = prompt;
  }

  /** The call by the name that all files for Node give it. */
  String call() {
    return call;
  }

  String prompt() {
    return prompt;
  }

  boolean permitted() {
    return this != REFUSED && this != STREAM_REFUSED;
  }
}
