package io.claviger.credentials;

import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.TokenAddresses;
import io.claviger.domain.credentials.Cloud;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Creates the minters for all kinds of credentials. */
public final class CredentialMinters {
  /** The environment variables in which clouds state the addresses of their token endpoints. */
  public static final Set<String> CLOUD_VARIABLES =
      Set.of(
          "AWS_CONTAINER_AUTHORIZATION_TOKEN",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
          "AWS_CONTAINER_CREDENTIALS_FULL_URI",
          "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
          "AWS_ENDPOINT_URL_STS",
          "AWS_ROLE_ARN",
          "AWS_WEB_IDENTITY_TOKEN_FILE",
          "AZURE_AUTHORITY_HOST",
          "AZURE_CLIENT_ID",
          "AZURE_FEDERATED_TOKEN_FILE",
          "AZURE_POD_IDENTITY_AUTHORITY_HOST",
          "AZURE_TENANT_ID",
          "GCE_METADATA_HOST",
          "IDENTITY_ENDPOINT",
          "IDENTITY_HEADER");

  private CredentialMinters() {}

  /**
   * @param addresses the addresses from which tokens may be requested
   * @param clock the clock for times in signatures
   * @param ambient the clouds whose identity this node may use for system-level services
   * @param environment the environment variables in which clouds state the addresses of their token
   *     endpoints
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
