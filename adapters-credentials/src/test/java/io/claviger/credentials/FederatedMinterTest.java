package io.claviger.credentials;

import static io.claviger.credentials.Asking.failure;
import static io.claviger.credentials.Asking.text;
import static io.claviger.credentials.Asking.token;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.credentials.port.CredentialMinter.CheckStep;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.application.credentials.port.CredentialMinter.MintRequest;
import io.claviger.application.credentials.port.CredentialMinter.MintResult;
import io.claviger.application.credentials.port.CredentialMinter.Minted;
import io.claviger.application.credentials.port.ServiceStatement;
import io.claviger.application.credentials.port.ServiceStatement.Statement;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.credentials.CredentialBinding;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.issuer.ServiceClaims;
import io.claviger.domain.issuer.VerificationKey;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.stub.TokenUrls.Lie;
import io.claviger.testkit.RsaKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the exchange of statements about services for tokens, as the providers' documentation
 * describes the exchange. The tests are based on excerpts of the documentation, read on 2026-11-23
 * (OpenAI, Anthropic, Google's STS and Entra again on 2026-11-24). No real provider was called. The
 * pages are
 *
 * <ul>
 *   <li>for {@code openai}: "Workload identity token exchange" (developers.openai.com, API
 *       reference), the table of the request's parameters
 *   <li>for {@code anthropic}: "WIF reference" (platform.claude.com), the tables of request and
 *       response
 *   <li>for {@code aws}: "AssumeRoleWithWebIdentity" in the references of AWS's SDKs (API version
 *       2011-06-15), its parameters
 *   <li>for {@code google}: "Method: token" of the Security Token Service API, the body of the
 *       request, and "Method: projects.serviceAccounts.generateAccessToken" (both cloud.google.com)
 *   <li>for {@code azure}: "Microsoft identity platform and the OAuth 2.0 client credentials flow"
 *       (learn.microsoft.com), its beginning; the third case is known only from quotations on other
 *       pages
 *   <li>for {@code rfc8693}: RFC 8693 of January 2020, its beginning
 * </ul>
 */
@SuppressWarnings("NullAway.Init") // set before all tests
class FederatedMinterTest {
  private static final String ISSUER = "https://claviger.example.org";
  private static final String SUBJECT = "service:" + Asking.SERVICE;
  private static final String ROLE = "arn:aws:iam::123456789012:role/bedrock";
  private static final String POOL =
      "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/c";

  private static KeyPair key;
  private static KeyPair other;

  private final Asking asking = new Asking();
  private KeyPair published;

  @BeforeAll
  static void makeKeys() {
    key = RsaKeys.pair(0);
    other = RsaKeys.pair(1);
  }

  @BeforeEach
  void trust() {
    published = key;
    asking.stub.tokens().issuer(ISSUER, () -> keySet(published));
    rule("openai", "https://api.openai.com/v1", "identity_provider_id", "idp_1");
    rule("anthropic", "https://api.anthropic.com", "federation_rule_id", "fdrl_1");
    rule(ROLE, "sts.amazonaws.com", "RoleSessionName", Asking.SERVICE.toString());
    rule("google-sts", POOL, "audience", POOL);
    rule("azure", "api://AzureADTokenExchange", "client_id", "app-1");
    rule("exchange", url("exchange"), "scope", "models");
  }

  private void rule(String at, String audience, String field, String value) {
    asking.stub.tokens().rule(at, SUBJECT, audience, Map.of(field, value));
  }

  @AfterEach
  void close() {
    asking.close();
  }

  private String url(String path) {
    return asking.stub.baseUrl() + "/tokens/" + path;
  }

  private static VerificationKey verification(KeyPair pair) {
    RSAPublicKey half = (RSAPublicKey) pair.getPublic();
    return new VerificationKey(half.getModulus(), half.getPublicExponent());
  }

  private static String keySet(KeyPair pair) {
    VerificationKey half = verification(pair);
    return "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}]}"
        .formatted(half.kid(), half.n(), half.e());
  }

  private Map<CredentialField, String> settings(String provider) {
    Map<CredentialField, String> settings = new EnumMap<>(CredentialField.class);
    settings.put(CredentialField.PROVIDER, provider);
    switch (provider) {
      case "openai" -> {
        settings.put(CredentialField.TOKEN_URL, url("openai"));
        settings.put(CredentialField.AUDIENCE, "https://api.openai.com/v1");
        settings.put(CredentialField.IDENTITY_PROVIDER_ID, "idp_1");
        settings.put(CredentialField.SERVICE_ACCOUNT_ID, "sa_1");
      }
      case "anthropic" -> {
        settings.put(CredentialField.TOKEN_URL, url("anthropic"));
        settings.put(CredentialField.AUDIENCE, "https://api.anthropic.com");
        settings.put(CredentialField.FEDERATION_RULE_ID, "fdrl_1");
        settings.put(CredentialField.ORGANIZATION_ID, "org_1");
        settings.put(CredentialField.SERVICE_ACCOUNT_ID, "svac_1");
      }
      case "aws" -> {
        settings.put(CredentialField.STS_URL, url("sts"));
        settings.put(CredentialField.ROLE_ARN, ROLE);
        settings.put(CredentialField.REGION, "eu-central-1");
      }
      case "google" -> {
        settings.put(CredentialField.TOKEN_URL, url("google-sts"));
        settings.put(CredentialField.AUDIENCE, POOL);
        settings.put(CredentialField.SCOPE, "https://www.googleapis.com/auth/cloud-platform");
      }
      case "azure" -> {
        settings.put(CredentialField.TOKEN_URL, url("azure"));
        settings.put(CredentialField.TENANT, "contoso.example");
        settings.put(CredentialField.CLIENT_ID, "app-1");
        settings.put(CredentialField.SCOPE, "https://cognitiveservices.azure.com/.default");
      }
      default -> {
        settings.put(CredentialField.TOKEN_URL, url("exchange"));
        settings.put(CredentialField.SCOPE, "models");
      }
    }
    return settings;
  }

  private Statement signed(UUID service, String audience, ServiceStatement.Type type) {
    String input =
        new ServiceClaims(
                new Issuer(ISSUER),
                ServiceClaims.subject(new Instance.Id(service)),
                new Instance.Ref(new Handle("alice"), new Handle("mine")),
                audience,
                asking.clock.instant(),
                UUID.randomUUID())
            .signingInput(verification(key).kid(), type.wireName());
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key.getPrivate());
      signature.update(input.getBytes(StandardCharsets.US_ASCII));
      String jwt =
          input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
      return new Statement.Signed(Secret.takingOver(jwt.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private MintResult ask(String provider) {
    return ask(settings(provider), (audience, type) -> signed(Asking.SERVICE, audience, type));
  }

  private MintResult ask(Map<CredentialField, String> settings, ServiceStatement signer) {
    return new FederatedMinter(asking.http())
        .mint(
            new MintRequest(
                new CredentialBinding(
                    Asking.SERVICE,
                    Endpoint.of("https://models.example.com/v1"),
                    KeyPlacement.BEARER,
                    SentSettings.NONE,
                    CredentialSettings.stored(CredentialKind.FEDERATED, settings)),
                Optional.empty(),
                signer,
                Asking.OWNER,
                false));
  }

  @ParameterizedTest
  @CsvSource({
    "openai, 300, statement token_url",
    "anthropic, 600, statement token_url",
    "aws, 900, statement assume_role sign",
    "google, 3600, statement token_url",
    "azure, 3600, statement token_url",
    "rfc8693, 600, statement token_url"
  })
  void a_statement_becomes_a_token_that_lives_as_long_as_the_provider_says(
      String provider, int seconds, String steps) {
    Minted minted = token(ask(provider));

    assertThat(minted.lifetime()).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(minted.steps())
        .allMatch(CheckStep::ok)
        .extracting(CheckStep::step)
        .containsExactly(steps.split(" "));
    assertThat(text(minted.token()))
        .startsWith(provider.equals("aws") ? "bedrock-api-key-" : "stub-token-");
  }

  @Test
  void a_service_account_of_google_is_impersonated_for_15_minutes() {
    Map<CredentialField, String> settings = settings("google");
    settings.put(CredentialField.SERVICE_ACCOUNT, "a@p.iam.gserviceaccount.com");
    settings.put(CredentialField.IMPERSONATION_URL, url("google-impersonation"));

    Minted minted =
        token(ask(settings, (audience, type) -> signed(Asking.SERVICE, audience, type)));

    assertThat(minted.lifetime()).isEqualTo(Duration.ofMinutes(15));
    assertThat(minted.steps())
        .extracting(CheckStep::step)
        .containsExactly("statement", "token_url", "impersonation_url");
    settings.put(CredentialField.IMPERSONATION_URL, url("nowhere"));
    failure(
        ask(settings, (audience, type) -> signed(Asking.SERVICE, audience, type)),
        "impersonation_url",
        Cause.MISCONFIGURED);
  }

  /**
   * The scopes apply to the account's token. The first token needs the scope for requesting the
   * account's token.
   */
  @Test
  void the_token_of_a_service_account_of_google_has_each_scope() {
    Map<CredentialField, String> settings = settings("google");
    settings.put(CredentialField.SCOPE, "https://a.example/one https://a.example/two");
    settings.put(CredentialField.SERVICE_ACCOUNT, "a@p.iam.gserviceaccount.com");
    settings.put(CredentialField.IMPERSONATION_URL, url("google-impersonation"));

    token(ask(settings, (audience, type) -> signed(Asking.SERVICE, audience, type)));

    assertThat(asking.stub.requests().getFirst().text())
        .contains("&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2Fcloud-platform")
        .doesNotContain("a.example");
    assertThat(asking.stub.requests().getLast().text())
        .contains("\"scope\":[\"https://a.example/one\",\"https://a.example/two\"]");
  }

  @Test
  void anthropic_is_told_that_this_is_a_federation() {
    token(ask("anthropic"));

    assertThat(asking.stub.requests().getFirst().headers("anthropic-beta"))
        .containsExactly("oauth-2025-04-20,oidc-federation-2026-04-01");
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai", "anthropic", "aws", "google", "azure", "rfc8693"})
  void a_statement_about_one_service_never_serves_another_and_none_serves_twice(String provider) {
    String step = provider.equals("aws") ? "assume_role" : "token_url";
    failure(
        ask(settings(provider), (audience, type) -> signed(UUID.randomUUID(), audience, type)),
        step,
        Cause.REFUSED);
    failure(
        ask(
            settings(provider),
            (audience, type) -> signed(Asking.SERVICE, "https://elsewhere.example", type)),
        step,
        Cause.REFUSED);

    Statement.Signed once =
        (Statement.Signed) signed(Asking.SERVICE, audience(provider), ServiceStatement.Type.JWT);
    byte[] jwt = once.jwt().lend(byte[]::clone);
    ServiceStatement replaying =
        (audience, type) -> new Statement.Signed(Secret.takingOver(jwt.clone()));
    assertThat(token(ask(settings(provider), replaying)).steps()).isNotEmpty();
    failure(ask(settings(provider), replaying), step, Cause.REFUSED);
    assertThat(token(ask(provider)).steps()).isNotEmpty();
  }

  private String audience(String provider) {
    return switch (provider) {
      case "openai" -> "https://api.openai.com/v1";
      case "anthropic" -> "https://api.anthropic.com";
      case "aws" -> "sts.amazonaws.com";
      case "google" -> POOL;
      case "azure" -> "api://AzureADTokenExchange";
      default -> url("exchange");
    };
  }

  @Test
  void what_is_signed_by_a_key_that_is_not_published_is_refused() {
    published = other;

    assertThat(failure(ask("openai"), "token_url", Cause.REFUSED).reason())
        .contains("The key set has no key of this id");
  }

  @Test
  void an_installation_that_is_no_issuer_asks_nobody() {
    assertThat(
            failure(
                    ask(settings("aws"), (audience, type) -> new Statement.Unsigned("No issuer.")),
                    "statement",
                    Cause.MISCONFIGURED)
                .reason())
        .isEqualTo("No issuer.");
    assertThat(asking.stub.requests()).isEmpty();
  }

  @Test
  void a_clock_five_minutes_ahead_is_named() {
    asking.stub.tokens().clock(() -> asking.clock.instant().minus(Duration.ofMinutes(5)));

    assertThat(failure(ask("azure"), "token_url", Cause.REFUSED).reason())
        .contains("This node's clock is 300 seconds ahead of the other side's clock");
  }

  @ParameterizedTest
  @EnumSource(
      value = Lie.class,
      names = {
        "EXPIRED",
        "YEAR",
        "LIFETIME_IN_WORDS",
        "NO_LIFETIME",
        "OTHER_TYPE",
        "NO_TOKEN",
        "PAGE"
      })
  void a_lying_answer_gives_no_token(Lie lie) {
    asking.stub.tokens().lie(lie);
    for (String provider : List.of("openai", "google", "azure")) {
      failure(ask(provider), "token_url", Cause.MISCONFIGURED);
    }
  }

  @Test
  void an_error_that_repeats_the_statement_is_not_shown() {
    asking.stub.tokens().lie(Lie.SECRET_IN_ERROR);
    for (String provider : List.of("openai", "anthropic", "google", "azure", "rfc8693")) {
      assertThat(failure(ask(provider), "token_url", Cause.REFUSED).reason())
          .contains("left out because it repeats the secret")
          .doesNotContain("eyJ");
    }
    assertThat(failure(ask("aws"), "assume_role", Cause.REFUSED).reason()).doesNotContain("eyJ");
  }

  @Test
  void the_type_is_told_where_it_is_not_looked_at() {
    assertThat(token(ask("rfc8693")).steps()).isNotEmpty();
    assertThat(token(ask("openai")).steps()).isNotEmpty();

    assertThat(asking.stub.requests().get(0).text())
        .contains(
            "subject_token="
                + Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                        "{\"alg\":\"RS256\",\"typ\":\"claviger-federation+jwt\""
                            .getBytes(StandardCharsets.US_ASCII))
                    .substring(0, 50));
    assertThat(asking.stub.requests().get(1).text())
        .contains("\"grant_type\":\"urn:ietf:params:oauth:grant-type:token-exchange\"")
        .contains("\"service_account_id\":\"sa_1\"");
  }
}
