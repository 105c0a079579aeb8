package io.claviger.application.gateway;

import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.standards.WireFormat;
import java.util.List;

/**
 * The operation that a connection check counts as. It is the list of models, even if the check
 * calls another operation of the provider.
 */
final class CheckOperation {
  private CheckOperation() {}

  /** Whether these limits allow the operation. */
  static boolean isWithin(CallLimits limits, WireFormat format) {
    return paths(format).stream().anyMatch(path -> limits.allow("GET", path));
  }

  /** Gemini's version, and {@code openai} at Azure, may be in the endpoint or in the path. */
  private static List<String> paths(WireFormat format) {
    return switch (format) {
      case OPENAI -> List.of("models", "openai/models");
      case COHERE, ANTHROPIC -> List.of("v1/models");
      case OLLAMA -> List.of("api/tags");
      case GEMINI -> List.of("models", "v1beta/models");
    };
  }
}
