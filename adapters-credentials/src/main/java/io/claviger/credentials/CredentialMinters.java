package io.claviger.credentials;

import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.TokenAddresses;
import java.time.InstantSource;
import java.util.List;

/** The minters of all kinds of credentials. */
public final class CredentialMinters {
  private CredentialMinters() {}

  /**
   * @param addresses decides which addresses may be asked for tokens
   * @param clock says when what is signed was signed
   */
  public static List<CredentialMinter> of(TokenAddresses addresses, InstantSource clock) {
    return of(TokenHttp.of(addresses, clock));
  }

  static List<CredentialMinter> of(TokenHttp http) {
    return List.of(
        new OauthClientMinter(http), new GoogleServiceAccountMinter(http), new AwsMinter(http));
  }
}
