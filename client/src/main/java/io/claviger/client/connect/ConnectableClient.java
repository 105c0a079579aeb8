package io.claviger.client.connect;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;

enum ConnectableClient {
  CLAUDE_CODE("anthropic"),
  CLAUDE_CODE_BEDROCK("bedrock", CLAUDE_CODE),
  CLAUDE_CODE_VERTEX("vertex", CLAUDE_CODE),
  CODEX("openai"),
  GEMINI("gemini"),
  OPENCODE("openai"),
  OPENAI_SDK("openai"),
  ANTHROPIC_SDK("anthropic"),
  GEMINI_SDK("gemini"),
  COHERE_SDK("cohere"),
  BEDROCK_SDK("bedrock"),
  VERTEX_SDK("vertex");

  private final String format;
  private final ConnectableClient program;

  ConnectableClient(String format) {
    this.format = format;
    this.program = this;
  }

  /**
   * A mode of another program. The program keeps the settings of all its modes in the same files.
   */
  ConnectableClient(String format, ConnectableClient program) {
    this.format = format;
    this.program = program;
  }

  /** Returns the program itself, without its mode. */
  ConnectableClient program() {
    return program;
  }

  /** Returns the API that the program speaks in this mode. */
  String format() {
    return format;
  }

  /** Returns the path at which this API lists its models, to be appended to the base URL. */
  String listPath() {
    return format.equals("openai") ? "/models" : "/v1/models";
  }

  static Optional<ConnectableClient> of(String name) {
    for (ConnectableClient client : values()) {
      if (client.handle().equals(name)) {
        return Optional.of(client);
      }
    }
    return Optional.empty();
  }

  /** The names that a shell offers for the completion of an argument. */
  static final class Handles implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(values()).map(ConnectableClient::handle).iterator();
    }
  }

  String handle() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
