package io.claviger.credentials;

import static io.claviger.credentials.Asking.failure;
import static io.claviger.credentials.Asking.text;
import static io.claviger.credentials.Asking.token;
import static io.claviger.domain.credentials.CredentialField.ACCESS_KEY_ID;
import static io.claviger.domain.credentials.CredentialField.REGION;
import static io.claviger.domain.credentials.CredentialField.ROLE_ARN;
import static io.claviger.domain.credentials.CredentialField.STS_URL;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.application.credentials.port.CredentialMinter.MintResult;
import io.claviger.application.credentials.port.CredentialMinter.Minted;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.stub.Behaviour;
import io.claviger.stub.TokenUrls.Lie;
import io.claviger.testkit.http.TestClient;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests short-term keys as described in "API keys - Amazon Bedrock" (docs.aws.amazon.com, read on
 * 2026-11-23) and as created by AWS's own aws-bedrock-token-generator-java 1.1.0 (2025-07-24).
 * Tests roles as described in "AssumeRole - AWS Security Token Service" (API version 2011-06-15).
 * The stub verifies every signature with AWS's signer.
 */
class AwsMinterTest {
  private static final String ID = "AKIAIOSFODNN7EXAMPLE";
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  private static final String ROLE = "arn:aws:iam::123456789012:role/models/lender";

  private final Asking asking = new Asking();
  private final TestClient caller = TestClient.of(URI.create(asking.stub.baseUrl()));

  @BeforeEach
  void know() {
    asking.stub.tokens().accessKey(ID, SECRET);
    asking.stub.tokens().role(ROLE, ID);
  }

  @AfterEach
  void close() {
    asking.close();
  }

  private static Map<CredentialField, String> settings() {
    Map<CredentialField, String> settings = new EnumMap<>(CredentialField.class);
    settings.put(ACCESS_KEY_ID, ID);
    settings.put(REGION, "eu-central-1");
    return settings;
  }

  private MintResult askForRole(String secret) {
    return askForRole("", secret);
  }

  private MintResult askForRole(String why, String secret) {
    Map<CredentialField, String> settings = settings();
    settings.put(ROLE_ARN, ROLE);
    settings.put(STS_URL, asking.stub.baseUrl() + "/tokens/sts");
    return asking.askUntil(why, CredentialKind.AWS, settings, secret);
  }

  private int call(Minted minted) {
    return caller
        .send(
            "POST",
            "/v1/chat/completions",
            BodyPublishers.ofString("{\"model\": \"parrot\", \"messages\": []}"),
            "Authorization",
            "Bearer " + text(minted.token()))
        .status();
  }

  private static String request(Minted minted) {
    String key = text(minted.token());
    assertThat(key).startsWith("bedrock-api-key-");
    return new String(Base64.getDecoder().decode(key.substring(16)), UTF_8);
  }

  @Test
  void an_access_key_signs_a_key_of_15_minutes_without_asking_anybody() {
    Minted minted = token(asking.ask(CredentialKind.AWS, settings(), SECRET));
    assertThat(minted.lifetime()).isEqualTo(Duration.ofMinutes(10));
    assertThat(minted.steps()).singleElement().matches(step -> step.step().equals("sign"));
    assertThat(request(minted))
        .startsWith("bedrock.amazonaws.com/?Action=CallWithBearerToken&")
        .contains("X-Amz-Expires=900", ID + "%2F20261123%2Feu-central-1%2Fbedrock%2Faws4_request")
        .endsWith("&Version=1");
    assertThat(asking.stub.requests()).isEmpty();

    asking.stub.tokens().bedrockRegion("eu-central-1");
    assertThat(call(minted)).isEqualTo(200);
    asking.clock.advance(Duration.ofMinutes(15));
    assertThat(call(minted)).isEqualTo(401);
  }

  @Test
  void a_key_that_is_signed_within_a_second_lives_from_the_beginning_of_it() {
    asking.clock.advance(Duration.ofMillis(400));

    assertThat(token(askForRole(SECRET)).lifetime()).isEqualTo(Duration.ofMillis(899_600));
  }

  /** AWS ends a key by its own clock, and accepts requests from clocks that differ by less. */
  @ParameterizedTest
  @CsvSource({"true, 240", "true, -240", "false, 240", "false, 0", "true, 0"})
  void a_key_is_accepted_until_its_lifetime_ends_if_this_nodes_clock_is_wrong(
      boolean role, int ahead) {
    asking.clock.advance(Duration.ofMillis(600));
    asking.stub.tokens().clock(() -> asking.clock.instant().plusSeconds(ahead));
    Minted minted =
        token(role ? askForRole(SECRET) : asking.ask(CredentialKind.AWS, settings(), SECRET));

    assertThat(minted.lifetime())
        .isBetween(Duration.ofMinutes(role ? 14 : 9), Duration.ofMinutes(role ? 15 : 10));
    assertThat(call(minted)).isEqualTo(200);
    asking.clock.advance(minted.lifetime().minusMillis(1));
    assertThat(call(minted)).isEqualTo(200);
  }

  @Test
  void who_signs_is_printed_without_the_secret() {
    assertThat(new AwsSignature.Identity(ID, SECRET, Optional.of("session")))
        .hasToString("Identity[" + ID + "]");
  }

  @Test
  void a_key_is_good_for_its_region_and_by_its_secret_alone() {
    assertThat(call(token(asking.ask(CredentialKind.AWS, settings(), SECRET)))).isEqualTo(200);
    assertThat(call(token(asking.ask(CredentialKind.AWS, settings(), SECRET + "x"))))
        .isEqualTo(401);
    asking.stub.tokens().bedrockRegion("us-east-1");
    assertThat(call(token(asking.ask(CredentialKind.AWS, settings(), SECRET)))).isEqualTo(401);
  }

  @Test
  void a_role_is_assumed_and_signs() {
    Minted minted = token(askForRole(SECRET));
    assertThat(minted.steps())
        .extracting(step -> step.step())
        .containsExactly("assume_role", "sign");
    assertThat(request(minted)).contains("X-Amz-Security-Token=").doesNotContain(ID);
    assertThat(call(minted)).isEqualTo(200);
    assertThat(asking.stub.requests().getFirst().text())
        .contains("RoleSessionName=" + Asking.SERVICE)
        .contains("DurationSeconds=900")
        .doesNotContain("wJalr");
  }

  @Test
  void a_role_that_may_not_be_assumed_is_refused_in_the_words_of_aws() {
    asking.stub.tokens().role(ROLE, "AKIAANOTHER");
    assertThat(failure(askForRole(SECRET), "assume_role", Cause.REFUSED).reason())
        .isEqualTo(
            "It answered with 403: AccessDenied User: arn:aws:iam::123456789012:user/"
                + ID
                + " is not authorized to perform: sts:AssumeRole on resource: "
                + ROLE);
  }

  @Test
  void a_wrong_secret_or_clock_is_refused() {
    assertThat(failure(askForRole("another secret"), "assume_role", Cause.REFUSED).reason())
        .contains("SignatureDoesNotMatch");
    asking.stub.tokens().clock(() -> asking.clock.instant().minus(Duration.ofMinutes(5)));
    assertThat(failure(askForRole(SECRET), "assume_role", Cause.REFUSED).reason())
        .contains("clock is 300 seconds ahead");
  }

  @ParameterizedTest
  @CsvSource({
    "EXPIRED, MISCONFIGURED, already expired",
    "LIFETIME_IN_WORDS, MISCONFIGURED, does not say when",
    "NO_LIFETIME, MISCONFIGURED, does not say when",
    "NO_TOKEN, MISCONFIGURED, no access key",
    "PAGE, MISCONFIGURED, no access key",
    "ENTITIES, MISCONFIGURED, no access key",
    "SECRET_IN_ERROR, REFUSED, left out because it repeats the secret"
  })
  void a_lie_gives_no_key(Lie lie, Cause cause, String why) {
    asking.stub.tokens().lie(lie);
    assertThat(failure(askForRole(SECRET), "assume_role", cause).reason())
        .contains(why)
        .doesNotContain("wJalr");
  }

  @ParameterizedTest
  @CsvSource({"SHORT, 10", "YEAR, 900"})
  void a_key_never_lives_longer_than_the_role_or_15_minutes(Lie lie, int seconds) {
    asking.stub.tokens().lie(lie);
    Minted minted = token(askForRole(SECRET));
    assertThat(minted.lifetime()).isEqualTo(Duration.ofSeconds(seconds));
    assertThat(request(minted)).contains("X-Amz-Expires=" + seconds + "&");
  }

  @ParameterizedTest
  @CsvSource({
    "stub-redirect, MISCONFIGURED, redirect",
    "stub-big-10485760, UNAVAILABLE, more than 64 KiB",
    "stub-stall-after-headers, UNAVAILABLE, did not answer in time",
    "stub-status-503, UNAVAILABLE, It answered with 503"
  })
  void a_service_that_misbehaves_gives_no_key(String behaviour, Cause cause, String why) {
    asking.stub.respondNextWith(Behaviour.named(behaviour));
    assertThat(failure(askForRole(why, SECRET), "assume_role", cause).reason()).contains(why);
  }
}
