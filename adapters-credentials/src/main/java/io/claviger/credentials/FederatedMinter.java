package io.claviger.credentials;

import static io.claviger.domain.formats.JsonText.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.application.credentials.port.ServiceStatement;
import io.claviger.application.credentials.port.ServiceStatement.Statement;
import io.claviger.credentials.Attempt.Failed;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.credentials.CredentialShape;
import io.claviger.domain.credentials.FederationProvider;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.keys.Secret;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Gets tokens from a service's provider, in exchange for a signed statement about the service. A
 * service with such a credential stores no secret. For each provider, there is a class that knows
 * the form of the token request.
 */
final class FederatedMinter implements CredentialMinter {
  private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
  private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";
  private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

  private final TokenHttp http;

  FederatedMinter(TokenHttp http) {
    this.http = http;
  }

  @Override
  public CredentialKind kind() {
    return CredentialKind.FEDERATED;
  }

  @Override
  public MintResult mint(MintRequest request) {
    return Attempt.run(attempt -> mint(attempt, request));
  }

  private MintResult mint(Attempt attempt, MintRequest request) throws Failed {
    CredentialSettings settings = request.settings();
    FederationProvider provider = FederationProvider.of(settings.require(CredentialField.PROVIDER));
    StatementExchange exchange = exchange(provider);
    String audience = provider.audience(settings);
    attempt.begin("statement");
    // The signer can be outside of this process, so its time counts toward the timeout of the
    // exchange.
    TokenHttp.Exchange requests = http.begin(request);
    String statement = signed(request.signer(), audience, exchange.type());
    attempt.done("A statement about the service, for " + audience + ".");
    return exchange.mint(
        new Presented(
            attempt,
            requests,
            settings,
            request.binding().service().toString(),
            statement,
            http.clock().instant()));
  }

  private static StatementExchange exchange(FederationProvider provider) {
    return switch (provider) {
      case OPENAI -> new OpenAi();
      case ANTHROPIC -> new Anthropic();
      case AWS -> new Aws();
      case GOOGLE -> new Google();
      case AZURE -> new Azure();
      case RFC8693 -> new Standard();
    };
  }

  private static String signed(ServiceStatement signer, String audience, ServiceStatement.Type type)
      throws Failed {
    return switch (signer.sign(audience, type)) {
      case Statement.Unsigned unsigned ->
          throw new Failed(
              unsigned.away() ? Cause.UNAVAILABLE : Cause.MISCONFIGURED, unsigned.reason());
      case Statement.Signed signed -> {
        try (Secret jwt = signed.jwt()) {
          yield CredentialSecrets.text(jwt);
        }
      }
    };
  }

  /** How a provider exchanges a statement for a token. */
  private interface StatementExchange {
    /**
     * Returns the type for the statement's header. The default is the type {@code JWT}, because no
     * provider documents that it accepts any other type.
     */
    default ServiceStatement.Type type() {
      return ServiceStatement.Type.JWT;
    }

    MintResult mint(Presented presented) throws Failed;
  }

  /** A statement, with all values that are needed to send it to the provider. */
  private record Presented(
      Attempt attempt,
      TokenHttp.Exchange exchange,
      CredentialSettings settings,
      String service,
      String statement,
      Instant now) {
    @Override
    public String toString() {
      return "Presented[" + service + "]";
    }

    TokenUrl url(CredentialField field) {
      return TokenUrl.of(settings.require(field));
    }

    MintResult form(Map<String, String> fields) throws Failed {
      attempt.begin("token_url");
      TokenUrl url = url(CredentialField.TOKEN_URL);
      return AnsweredToken.minted(
          attempt, exchange.form(url, TokenHttp.encoded(fields), null), Undisclosed.of(statement));
    }

    MintResult json(Map<String, String> fields, Map<String, String> headers) throws Failed {
      attempt.begin("token_url");
      return AnsweredToken.minted(
          attempt,
          exchange.post(
              url(CredentialField.TOKEN_URL),
              "application/json",
              object(fields).getBytes(UTF_8),
              headers),
          Undisclosed.of(statement));
    }

    private static String object(Map<String, String> fields) {
      return fields.entrySet().stream()
          .map(each -> quoted(each.getKey()) + ":" + quoted(each.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }

    /** Returns the fields of a token request, as RFC 8693 (2.1) defines them. */
    Map<String, String> standardFields() {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("grant_type", EXCHANGE);
      fields.put("subject_token_type", JWT);
      fields.put("subject_token", statement);
      return fields;
    }

    void add(Map<String, String> fields, CredentialField... optional) {
      for (CredentialField field : optional) {
        Optional<String> value = settings.get(field);
        value.ifPresent(text -> fields.put(field.wireName(), text));
      }
    }
  }

  /** OpenAI's token exchange. OpenAI's token never outlives the statement. */
  private static final class OpenAi implements StatementExchange {
    @Override
    public MintResult mint(Presented presented) throws Failed {
      Map<String, String> fields = presented.standardFields();
      presented.add(
          fields, CredentialField.IDENTITY_PROVIDER_ID, CredentialField.SERVICE_ACCOUNT_ID);
      return presented.json(fields, Map.of());
    }
  }

  /** Anthropic's variant of the JWT bearer grant (RFC 7523), which uses JSON. */
  private static final class Anthropic implements StatementExchange {
    /**
     * Headers that Anthropic's SDKs also send. Comments in the SDKs say that the exchange requires
     * them.
     */
    private static final Map<String, String> BETA =
        Map.of("anthropic-beta", "oauth-2025-04-20,oidc-federation-2026-04-01");

    @Override
    public MintResult mint(Presented presented) throws Failed {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
      fields.put("assertion", presented.statement());
      presented.add(
          fields,
          CredentialField.FEDERATION_RULE_ID,
          CredentialField.ORGANIZATION_ID,
          CredentialField.SERVICE_ACCOUNT_ID,
          CredentialField.WORKSPACE_ID);
      return presented.json(fields, BETA);
    }
  }

  /**
   * AWS's exchange. AWS issues a role's temporary access key, from which Claviger creates a
   * short-term key for Bedrock.
   */
  private static final class Aws implements StatementExchange {
    @Override
    public MintResult mint(Presented presented) throws Failed {
      String role = presented.settings().require(CredentialField.ROLE_ARN);
      presented.attempt().begin("assume_role");
      AwsSts.Temporary temporary =
          new AwsSts(presented.url(CredentialField.STS_URL), presented.exchange(), presented.now())
              .assumeRoleWithWebIdentity(presented.statement(), role, presented.service());
      presented.attempt().done("Assumed " + role + ".");
      return AwsMinter.bedrockKey(
          presented.attempt(),
          temporary,
          presented.settings().require(CredentialField.REGION),
          presented.now());
    }
  }

  /**
   * Google's token exchange. Usually, the service acts under its own identity. If the settings name
   * a Google service account, the service acts as that account. The token is then valid for 15
   * minutes.
   */
  private static final class Google implements StatementExchange {
    @Override
    public MintResult mint(Presented presented) throws Failed {
      boolean impersonates = presented.settings().get(CredentialField.SERVICE_ACCOUNT).isPresent();
      Map<String, String> fields = presented.standardFields();
      fields.put("requested_token_type", ACCESS_TOKEN);
      presented.add(fields, CredentialField.AUDIENCE, CredentialField.SCOPE);
      if (impersonates) {
        fields.put(CredentialField.SCOPE.wireName(), CredentialShape.GOOGLE_SCOPE);
      }
      MintResult own = presented.form(fields);
      return own instanceof Minted minted && impersonates ? impersonated(presented, minted) : own;
    }

    /** Returns the scopes of the service account's token, as elements of a JSON array. */
    private static String scopes(Presented presented) {
      String scopes = presented.settings().require(CredentialField.SCOPE);
      return Arrays.stream(scopes.strip().split(" +"))
          .map(scope -> quoted(scope))
          .collect(Collectors.joining(","));
    }

    private static MintResult impersonated(Presented presented, Minted own) throws Failed {
      presented.attempt().begin("impersonation_url");
      try (Secret token = own.token()) {
        String text = CredentialSecrets.text(token);
        String body =
            "{\"scope\":[%s],\"lifetime\":\"%ss\"}"
                .formatted(scopes(presented), AwsSts.LIFETIME.toSeconds());
        TokenHttp.Answer answer =
            presented
                .exchange()
                .post(
                    presented.url(CredentialField.IMPERSONATION_URL),
                    "application/json",
                    body.getBytes(UTF_8),
                    Map.of("Authorization", "Bearer " + text));
        return AnsweredToken.minted(
            presented.attempt(), answer, Undisclosed.of(text, presented.statement()));
      }
    }
  }

  /**
   * Microsoft Entra's client credentials grant, with the statement as the client's proof of
   * identity.
   */
  private static final class Azure implements StatementExchange {
    @Override
    public MintResult mint(Presented presented) throws Failed {
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("grant_type", "client_credentials");
      presented.add(fields, CredentialField.CLIENT_ID, CredentialField.SCOPE);
      fields.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
      fields.put("client_assertion", presented.statement());
      return presented.form(fields);
    }
  }

  /** The token exchange of RFC 8693. */
  private static final class Standard implements StatementExchange {
    /** The request states the token's type, so the type in the token's header does not matter. */
    @Override
    public ServiceStatement.Type type() {
      return ServiceStatement.Type.FEDERATION;
    }

    @Override
    public MintResult mint(Presented presented) throws Failed {
      Map<String, String> fields = presented.standardFields();
      fields.put("requested_token_type", ACCESS_TOKEN);
      presented.add(fields, CredentialField.AUDIENCE, CredentialField.SCOPE);
      return presented.form(fields);
    }
  }
}
