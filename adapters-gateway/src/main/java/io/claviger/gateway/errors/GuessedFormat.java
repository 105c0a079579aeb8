package io.claviger.gateway.errors;

import io.claviger.domain.standards.WireFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * Which API a request looks like. Until a caller is entitled to a service, errors follow this look
 * and not the service, of which they would tell something otherwise.
 */
public final class GuessedFormat {
  private GuessedFormat() {}

  /** The header or parameter a credential came in, or the nearest there is to it. */
  public enum Credential {
    BEARER,
    X_API_KEY,
    GOOGLE,
    NONE
  }

  /**
   * @param path below the service, without a leading slash and query
   */
  public static WireFormat of(String method, String path, Credential credential) {
    List<WireFormat> lending = new ArrayList<>();
    for (WireFormat format : WireFormat.values()) {
      if (format.operations().stream().anyMatch(o -> o.matches(method, path))) {
        lending.add(format);
      }
    }
    WireFormat usual = usual(credential);
    return lending.isEmpty() || lending.contains(usual) ? usual : lending.get(0);
  }

  private static WireFormat usual(Credential credential) {
    return switch (credential) {
      case X_API_KEY -> WireFormat.ANTHROPIC;
      case GOOGLE -> WireFormat.GEMINI;
      case BEARER, NONE -> WireFormat.OPENAI;
    };
  }
}
