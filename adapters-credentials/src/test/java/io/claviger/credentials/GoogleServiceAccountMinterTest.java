package io.claviger.credentials;

import static io.claviger.credentials.Asking.failure;
import static io.claviger.credentials.Asking.text;
import static io.claviger.credentials.Asking.token;
import static io.claviger.domain.credentials.CredentialField.SCOPE;
import static io.claviger.domain.credentials.CredentialField.TOKEN_URL;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.credentials.port.CredentialMinter.Inspection;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.application.credentials.port.CredentialMinter.MintResult;
import io.claviger.application.credentials.port.CredentialMinter.Minted;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.keys.Secret;
import io.claviger.stub.TokenUrls.Lie;
import io.claviger.testkit.RsaKeys;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests statements as described in "Using OAuth 2.0 for Server to Server Applications"
 * (developers.google.com, read on 2026-11-23): issuer, scope, audience and times of at most an
 * hour.
 */
@SuppressWarnings("NullAway.Init") // set before all tests
class GoogleServiceAccountMinterTest {
  private static final String ADDRESS = "lender@project.iam.gserviceaccount.com";
  private static KeyPair keys;

  private final Asking asking = new Asking();

  @BeforeAll
  static void makeKeys() throws Exception {
    keys = RsaKeys.pair(0);
  }

  @AfterEach
  void close() {
    asking.close();
  }

  private MintResult ask(String file) {
    return asking.ask(
        CredentialKind.GOOGLE_SERVICE_ACCOUNT,
        Map.of(
            TOKEN_URL,
            asking.stub.baseUrl() + "/tokens/google",
            SCOPE,
            "https://www.googleapis.com/auth/cloud-platform"),
        file);
  }

  private static String file() {
    return """
    {"type": "service_account", "project_id": "project", "private_key_id": "abc123",
     "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n",
     "client_email": "%s", "client_id": "1", "token_uri": "https://elsewhere.example/token",
     "universe": {"domain": ["googleapis.com"]}}
    """
        .formatted(Base64.getEncoder().encodeToString(keys.getPrivate().getEncoded()), ADDRESS);
  }

  @Test
  void a_file_becomes_a_token_of_15_minutes() {
    asking.stub.tokens().serviceAccount(ADDRESS, keys.getPublic());
    Minted minted = token(ask(file()));
    assertThat(text(minted.token())).startsWith("stub-token-");
    assertThat(minted.lifetime()).isEqualTo(Duration.ofMinutes(15));
    assertThat(minted.steps())
        .extracting(step -> step.step() + ": " + step.detail())
        .containsExactly(
            "key: The key of " + ADDRESS + ".", "token_url: A token that lives for 900 seconds.");
    assertThat(asking.stub.requests())
        .singleElement()
        .matches(each -> !each.text().contains("KEY"));
  }

  @Test
  void an_account_that_is_not_known_or_has_another_key_is_refused() throws Exception {
    assertThat(failure(ask(file()), "token_url", Cause.REFUSED).reason())
        .contains("account not found");
    assertThat(
            failure(
                    ask(file().replace("\"project\"", "\"Invalid grant: account\"")),
                    "token_url",
                    Cause.REFUSED)
                .reason())
        .as("what the file says besides the key is no secret")
        .contains("account not found");
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    asking.stub.tokens().serviceAccount(ADDRESS, generator.generateKeyPair().getPublic());
    assertThat(failure(ask(file()), "token_url", Cause.REFUSED).reason())
        .isEqualTo("It answered with 400: invalid_grant Invalid JWT Signature.");
  }

  @Test
  void a_clock_that_is_five_minutes_off_is_named() {
    asking.stub.tokens().serviceAccount(ADDRESS, keys.getPublic());
    asking.stub.tokens().clock(() -> asking.clock.instant().plus(Duration.ofMinutes(20)));
    assertThat(failure(ask(file()), "token_url", Cause.REFUSED).reason())
        .contains("clock is 1,200 seconds behind");
  }

  @ParameterizedTest
  @CsvSource({
    "'', it is not a JSON object",
    "not json, it is not a JSON object",
    "[], it is not a JSON object",
    "{'type': 'service_account'} {}, it is not a JSON object",
    "{'type': 'external_account'}, 'its type is external_account, and only service_account'",
    "{'type': 'authorized_user'}, 'its type is authorized_user, and only service_account'",
    "{'type': '<b>'}, it has no type",
    "{'type': 'service_account'}, client_email",
    "'{''type'': ''service_account'', ''client_email'': ''a b''}', client_email",
    "'{''type'': ''service_account'', ''client_email'': ''a@b.example''}', private_key is missing",
  })
  void a_file_that_can_not_be_used_says_what_to_change(String file, String why) {
    String json = file.replace('\'', '"');
    assertThat(failure(ask(json), "key", Cause.MISCONFIGURED).reason()).contains(why);
    assertThat(inspected(json).fault().orElseThrow()).contains(why);
    assertThat(asking.stub.requests()).isEmpty();
  }

  @Test
  void a_file_names_its_token_url_before_it_is_stored() {
    assertThat(inspected(file()))
        .isEqualTo(
            new Inspection(Optional.empty(), Optional.of("https://elsewhere.example/token")));
    assertThat(asking.stub.requests()).isEmpty();
  }

  private static Inspection inspected(String file) {
    try (Secret secret = Secret.takingOver(file.getBytes(StandardCharsets.UTF_8))) {
      return new GoogleServiceAccountMinter(
              TokenHttp.of((url, owner, system, patience) -> List.of(), InstantSource.system()))
          .inspect(secret);
    }
  }

  @Test
  void a_broken_key_says_so_without_repeating_it() {
    String broken = file().replaceFirst("MII[A-Za-z0-9+/]{40}", "MIIAAAA");
    assertThat(failure(ask(broken), "key", Cause.MISCONFIGURED).reason())
        .isEqualTo(
            "The key can't be used: it is damaged, or it is neither an RSA key nor a key of an"
                + " elliptic curve.");
    assertThat(inspected(broken).fault().orElseThrow()).startsWith("The key can't be used");
  }

  @ParameterizedTest
  @CsvSource({
    "EXPIRED, MISCONFIGURED, already expired",
    "YEAR, MISCONFIGURED, 'lasts 8,760 hours'",
    "OTHER_TYPE, MISCONFIGURED, is not Bearer",
    "SECRET_IN_ERROR, REFUSED, left out because it repeats the secret"
  })
  void a_lie_gives_no_token(Lie lie, Cause cause, String why) {
    asking.stub.tokens().serviceAccount(ADDRESS, keys.getPublic());
    asking.stub.tokens().lie(lie);
    assertThat(failure(ask(file()), "token_url", cause).reason()).contains(why);
  }
}
