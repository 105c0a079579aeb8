package io.claviger.gateway.errors;

import io.claviger.domain.standards.WireFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * Guesses from a request which API it is for. Until a caller may know the service, errors have the
 * guessed format: that of the service would reveal something about it.
 */
public final class GuessedFormat {
  private GuessedFormat() {}

  /** The header or parameter that contained a credential, or seems to. */
  public enum CredentialPlacement {
    BEARER,
    X_API_KEY,
    GOOGLE,
    NONE
  }

  /**
   * @param path below the service, without a leading slash and query
   */
  public static WireFormat of(String method, String path, CredentialPlacement credential) {
    List<WireFormat> lending = new ArrayList<>();
    for (WireFormat format : WireFormat.values()) {
      if (format.operations().stream().anyMatch(o -> o.matches(method, path))) {
        lending.add(format);
      }
    }
    WireFormat usual = usual(credential);
    return lending.isEmpty() || lending.contains(usual) ? usual : lending.get(0);
  }

  private static WireFormat usual(CredentialPlacement credential) {
    return switch (credential) {
      case X_API_KEY -> WireFormat.ANTHROPIC;
      case GOOGLE -> WireFormat.GEMINI;
      case BEARER, NONE -> WireFormat.OPENAI;
    };
  }
}
