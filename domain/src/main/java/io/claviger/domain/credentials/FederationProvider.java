package io.claviger.domain.credentials;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import java.util.Set;

/** A provider that exchanges a signed statement about a service for a token. */
public enum FederationProvider implements WireNamed {
  OPENAI,
  ANTHROPIC,
  AWS,
  GOOGLE,
  AZURE,
  /** Any server that exchanges tokens according to RFC 8693. */
  RFC8693;

  /** Returns the settings that determine a service's identity at this provider. */
  public Set<CredentialField> identity() {
    return switch (this) {
      case OPENAI -> Set.of(CredentialField.SERVICE_ACCOUNT_ID);
      case ANTHROPIC -> Set.of(CredentialField.FEDERATION_RULE_ID);
      case AWS -> Set.of(CredentialField.ROLE_ARN);
      case GOOGLE -> Set.of(CredentialField.AUDIENCE, CredentialField.SERVICE_ACCOUNT);
      case AZURE -> Set.of(CredentialField.CLIENT_ID);
      case RFC8693 -> Set.of(CredentialField.TOKEN_URL);
    };
  }

  /**
   * @throws InvalidValue if the text is not a provider; the exception names the allowed values
   */
  public static FederationProvider of(String text) {
    return WireNamed.find(values(), text)
        .orElseThrow(
            () -> new InvalidValue("provider", String.join(", ", WireNamed.names(values()))));
  }
}
