package io.claviger.domain.credentials;

import static io.claviger.domain.credentials.CredentialField.AUDIENCE;
import static io.claviger.domain.credentials.CredentialField.CLIENT_ID;
import static io.claviger.domain.credentials.CredentialField.FEDERATION_RULE_ID;
import static io.claviger.domain.credentials.CredentialField.IDENTITY_PROVIDER_ID;
import static io.claviger.domain.credentials.CredentialField.IMPERSONATION_URL;
import static io.claviger.domain.credentials.CredentialField.ORGANIZATION_ID;
import static io.claviger.domain.credentials.CredentialField.PROVIDER;
import static io.claviger.domain.credentials.CredentialField.REGION;
import static io.claviger.domain.credentials.CredentialField.ROLE_ARN;
import static io.claviger.domain.credentials.CredentialField.SCOPE;
import static io.claviger.domain.credentials.CredentialField.SERVICE_ACCOUNT;
import static io.claviger.domain.credentials.CredentialField.SERVICE_ACCOUNT_ID;
import static io.claviger.domain.credentials.CredentialField.STS_URL;
import static io.claviger.domain.credentials.CredentialField.TENANT;
import static io.claviger.domain.credentials.CredentialField.TOKEN_URL;
import static io.claviger.domain.credentials.CredentialField.WORKSPACE_ID;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import io.claviger.domain.definitions.Provider;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A provider that exchanges a signed statement about a service for a token. */
public enum FederationProvider implements WireNamed {
  OPENAI(
      "OpenAI",
      "openai",
      Audience.stated(AUDIENCE),
      Set.of(SERVICE_ACCOUNT_ID),
      CredentialShape.requiring(PROVIDER, IDENTITY_PROVIDER_ID, SERVICE_ACCOUNT_ID, AUDIENCE)
          .allowing(TOKEN_URL)
          .withDefault(TOKEN_URL, "https://auth.openai.com/oauth/token")),
  ANTHROPIC(
      "Anthropic",
      "anthropic",
      Audience.stated(AUDIENCE),
      Set.of(FEDERATION_RULE_ID),
      CredentialShape.requiring(
              PROVIDER, FEDERATION_RULE_ID, ORGANIZATION_ID, SERVICE_ACCOUNT_ID, AUDIENCE)
          .allowing(WORKSPACE_ID, TOKEN_URL)
          .withDefault(TOKEN_URL, "https://api.anthropic.com/v1/oauth/token")),
  AWS(
      "AWS",
      "bedrock",
      Audience.fixed("sts.amazonaws.com"),
      Set.of(ROLE_ARN),
      CredentialShape.requiring(PROVIDER, ROLE_ARN, REGION).allowing(STS_URL).withRegionsSts()),
  GOOGLE(
      "Google",
      "vertex",
      Audience.stated(AUDIENCE),
      Set.of(AUDIENCE, SERVICE_ACCOUNT),
      CredentialShape.requiring(PROVIDER, AUDIENCE)
          .allowing(SERVICE_ACCOUNT, SCOPE, TOKEN_URL, IMPERSONATION_URL)
          .explaining(
              AUDIENCE,
              "//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL"
                  + "/providers/PROVIDER")
          .withDefault(TOKEN_URL, "https://sts.googleapis.com/v1/token")
          .withDefault(SCOPE, CredentialShape.GOOGLE_SCOPE)
          .withDefault(
              IMPERSONATION_URL,
              given ->
                  Optional.ofNullable(given.get(SERVICE_ACCOUNT))
                      .map(
                          account ->
                              "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
                                  + account
                                  + ":generateAccessToken"))),
  AZURE(
      "Azure (Microsoft Entra)",
      "azure",
      Audience.fixed("api://AzureADTokenExchange"),
      Set.of(CLIENT_ID),
      CredentialShape.requiring(PROVIDER, TENANT, CLIENT_ID)
          .allowing(SCOPE, TOKEN_URL)
          .withDefault(
              TOKEN_URL,
              given ->
                  Optional.ofNullable(given.get(TENANT))
                      .map(
                          tenant ->
                              "https://login.microsoftonline.com/" + tenant + "/oauth2/v2.0/token"))
          .withDefault(SCOPE, "https://cognitiveservices.azure.com/.default")),
  /**
   * Any server that exchanges tokens according to RFC 8693. The audience is the token URL itself.
   * So somebody who receives the statement can't use it at another URL.
   */
  RFC8693(
      "another server (RFC 8693)",
      "readme",
      Audience.stated(TOKEN_URL),
      Set.of(TOKEN_URL),
      CredentialShape.requiring(PROVIDER, TOKEN_URL)
          .allowing(SCOPE, AUDIENCE)
          .explaining(TOKEN_URL, CredentialField.NEEDED_URL));

  private final String label;
  private final String page;
  private final Audience audience;
  private final Set<CredentialField> identity;
  private final CredentialShape shape;

  FederationProvider(
      String label,
      String page,
      Audience audience,
      Set<CredentialField> identity,
      CredentialShape shape) {
    this.label = label;
    this.page = page;
    this.audience = audience;
    this.identity = identity;
    this.shape = shape;
  }

  /** Returns the name that people see. */
  public String label() {
    return label;
  }

  /** Returns the page of {@code docs/providers} that says what to enter at this provider. */
  public String page() {
    return page;
  }

  /** Returns the audience of statements for this provider. */
  public String audience(CredentialSettings settings) {
    return fixedAudience().orElseGet(() -> settings.require(audience.setting));
  }

  /** Returns the audience of all statements for this provider; empty if a setting states it. */
  public Optional<String> fixedAudience() {
    return audience.fixed;
  }

  /** Returns the settings that determine a service's identity at this provider. */
  public Set<CredentialField> identity() {
    return identity;
  }

  /**
   * The names and values of headers that each call with a token of this provider needs. A service
   * that calls this provider can have another provider's name, for example one that administrators
   * have defined.
   */
  public Map<String, String> headersWithToken() {
    return this == ANTHROPIC ? Provider.ANTHROPIC.headersWithToken() : Map.of();
  }

  CredentialShape shape() {
    return shape;
  }

  /**
   * @throws InvalidValue if the text is not a provider; the exception names the allowed values
   */
  public static FederationProvider of(String text) {
    return WireNamed.find(values(), text)
        .orElseThrow(
            () -> new InvalidValue("provider", String.join(", ", WireNamed.names(values()))));
  }

  /**
   * @param setting the setting that states the audience, if none is fixed
   */
  private record Audience(Optional<String> fixed, CredentialField setting) {
    static Audience fixed(String text) {
      return new Audience(Optional.of(text), AUDIENCE);
    }

    static Audience stated(CredentialField setting) {
      return new Audience(Optional.empty(), setting);
    }
  }
}
