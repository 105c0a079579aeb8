package io.claviger.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.credentials.port.CredentialMinter;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure;
import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.application.credentials.port.CredentialMinter.MintRequest;
import io.claviger.application.credentials.port.CredentialMinter.MintResult;
import io.claviger.application.credentials.port.CredentialMinter.Minted;
import io.claviger.application.credentials.port.ServiceStatement;
import io.claviger.application.credentials.port.TokenAddresses;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.CredentialBinding;
import io.claviger.domain.credentials.CredentialField;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.credentials.CredentialSettings;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.SentSettings;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.SettableClock;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A stub provider, and requests for tokens at its token URLs. */
final class Asking implements AutoCloseable {
  static final UUID SERVICE = UUID.fromString("0198a000-0000-7000-8000-000000000001");
  static final User.Id OWNER = new User.Id(UUID.fromString("0198a000-0000-7000-8000-000000000002"));
  static final Duration PATIENCE = Duration.ofMillis(600);

  final StubProvider stub = StubProvider.start();
  final SettableClock clock = new SettableClock(Instant.parse("2026-11-23T12:00:00Z"));
  private final TokenAddresses addresses =
      (url, owner, systemLevel, patience) ->
          url.port() == stub.port() ? List.of(InetAddress.getLoopbackAddress()) : List.of();

  Asking() {
    stub.tokens().clock(clock);
  }

  TokenHttp http() {
    return TokenHttp.of(addresses, clock);
  }

  MintResult ask(CredentialKind kind, Map<CredentialField, String> given, String secret) {
    return ask(http(), kind, given, secret);
  }

  /**
   * @param why the expected reason of the failure. Only a test that expects a timeout has a short
   *     timeout, so that other tests do not fail on a busy machine
   */
  MintResult askUntil(
      String why, CredentialKind kind, Map<CredentialField, String> given, String secret) {
    return ask(why.contains("in time") ? http().patientFor(PATIENCE) : http(), kind, given, secret);
  }

  static MintResult ask(
      TokenHttp http, CredentialKind kind, Map<CredentialField, String> given, String secret) {
    Map<CredentialField, String> values = new EnumMap<>(CredentialField.class);
    values.putAll(given);
    CredentialMinter minter =
        CredentialMinters.of(http, Set.of(), Map.of()).stream()
            .filter(m -> m.kind() == kind)
            .findAny()
            .orElseThrow();
    return ask(minter, kind, values, secret, "https://models.example.com/v1", false);
  }

  static MintResult ask(
      CredentialMinter minter,
      CredentialKind kind,
      Map<CredentialField, String> values,
      String secret,
      String endpoint,
      boolean systemLevel) {
    try (Secret stored = Secret.takingOver(secret.getBytes(StandardCharsets.UTF_8))) {
      return minter.mint(
          new MintRequest(
              new CredentialBinding(
                  SERVICE,
                  Endpoint.of(endpoint),
                  KeyPlacement.BEARER,
                  SentSettings.NONE,
                  CredentialSettings.stored(kind, values)),
              Optional.of(stored),
              (audience, type) -> new ServiceStatement.Statement.Unsigned("none here"),
              OWNER,
              systemLevel));
    }
  }

  /** Returns the token of a successful result. The test fails if the result is not a token. */
  static Minted token(MintResult result) {
    assertThat(result).isInstanceOf(Minted.class);
    return (Minted) result;
  }

  static String text(Secret secret) {
    return secret.lend(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  static MintFailure failure(MintResult result, String step, Cause cause) {
    assertThat(result).isInstanceOf(MintFailure.class);
    MintFailure failure = (MintFailure) result;
    assertThat(failure.reason()).isNotBlank().hasSizeLessThan(600).doesNotContain("\n");
    assertThat(failure)
        .extracting(MintFailure::step, MintFailure::cause)
        .as(failure.reason())
        .containsExactly(step, cause);
    assertThat(failure.steps().getLast().ok()).isFalse();
    assertThat(failure.steps().getLast().detail()).isEqualTo(failure.reason());
    return failure;
  }

  @Override
  public void close() {
    stub.close();
  }
}
