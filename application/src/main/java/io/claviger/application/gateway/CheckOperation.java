package io.claviger.application.gateway;

import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.standards.WireFormat;
import java.util.List;

/**
 * Which operation a connection check counts as: the list of models, whatever it is that a certain
 * provider is really asked for.
 */
final class CheckOperation {
  private CheckOperation() {}

  /** Whether somebody's limits let them call it. */
  static boolean isWithin(CallLimits limits, WireFormat format) {
    return paths(format).stream().anyMatch(path -> limits.allow("GET", path));
  }

  /** Gemini's version may stand in the endpoint or in the path. */
  private static List<String> paths(WireFormat format) {
    return switch (format) {
      case OPENAI -> List.of("models");
      case COHERE, ANTHROPIC -> List.of("v1/models");
      case OLLAMA -> List.of("api/tags");
      case GEMINI -> List.of("models", "v1beta/models");
    };
  }
}
