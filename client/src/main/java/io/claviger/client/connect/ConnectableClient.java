package io.claviger.client.connect;

import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;

/** The programs that can be connected. */
enum ConnectableClient {
  CLAUDE_CODE,
  CODEX,
  GEMINI,
  OPENCODE,
  OPENAI_SDK,
  ANTHROPIC_SDK,
  GEMINI_SDK,
  COHERE_SDK;

  static Optional<ConnectableClient> of(String name) {
    for (ConnectableClient client : values()) {
      if (client.handle().equals(name)) {
        return Optional.of(client);
      }
    }
    return Optional.empty();
  }

  /** What a shell completes. */
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
