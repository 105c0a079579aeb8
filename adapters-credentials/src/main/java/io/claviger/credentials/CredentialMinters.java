package io.claviger.credentials;

import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.TokenAddresses;
import io.claviger.domain.credentials.Cloud;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The minters of all kinds of credentials. */
public final class CredentialMinters {
  private CredentialMinters() {}

  /**
   * @param addresses decides which addresses may be asked for tokens
   * @param clock says when what is signed was signed
   */
  public static List<CredentialMinter> of(TokenAddresses addresses, InstantSource clock) {
    return of(addresses, clock, Set.of(), Map.of());
  }

  /**
   * @param ambient the clouds whose identity this node may use for services of the system level
   * @param environment the variables in which they say where they give it
   */
  public static List<CredentialMinter> of(
      TokenAddresses addresses,
      InstantSource clock,
      Set<Cloud> ambient,
      Map<String, String> environment) {
    return of(TokenHttp.of(addresses, clock), ambient, environment);
  }

  static List<CredentialMinter> of(
      TokenHttp http, Set<Cloud> ambient, Map<String, String> environment) {
    return List.of(
        new OauthClientMinter(http),
        new GoogleServiceAccountMinter(http),
        new AwsMinter(http),
        new FederatedMinter(http),
        new AmbientMinter(http, ambient, environment));
  }
}
