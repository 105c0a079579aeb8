package io.claviger.domain.credentials;

import io.claviger.domain.InvalidValue;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who exchanges a signed statement about a service for a token. */
public enum FederationProvider {
  OPENAI,
  ANTHROPIC,
  AWS,
  GOOGLE,
  AZURE,
  /** Any server that speaks the token exchange of RFC 8693. */
  RFC8693;

  /**
   * @throws InvalidValue naming the allowed values
   */
  public static FederationProvider of(String text) {
    return Stream.of(values())
        .filter(provider -> provider.wireName().equals(text))
        .findAny()
        .orElseThrow(
            () ->
                new InvalidValue(
                    "provider",
                    Stream.of(values())
                        .map(FederationProvider::wireName)
                        .collect(Collectors.joining(", "))));
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
