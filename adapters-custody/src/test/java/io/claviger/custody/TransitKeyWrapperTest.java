package io.claviger.custody;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.domain.keys.KeyUri;
import io.claviger.testkit.TlsIdentity;
import io.claviger.testkit.http.LocalHttp;
import io.claviger.testkit.http.TransitServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The tests expect the calls that <i>Transit secrets engine (API)</i> on developer.hashicorp.com
 * describes.
 */
class TransitKeyWrapperTest {
  private static final byte[] KEY = "first-encryption-key-of-32-characters".getBytes(UTF_8);
  private static final KeyUri WITH = KeyUri.of("transit:claviger");

  @AutoClose
  private final TransitServer vault = TransitServer.start("transit/claviger", "team/keys/other");

  TransitKeyWrapperTest() throws IOException {}

  @Test
  void a_key_is_wrapped_and_unwrapped_by_two_calls() {
    byte[] wrapped = wrapper().wrap(KEY, WITH);
    assertThat(new String(wrapped, UTF_8)).startsWith("vault:v1:");
    assertThat(wrapper().unwrap(wrapped, WITH)).isEqualTo(KEY);
    assertThat(vault.calls())
        .containsExactly("POST /v1/transit/encrypt/claviger", "POST /v1/transit/decrypt/claviger");
    KeyUri other = KeyUri.of("transit:team/keys/other");
    assertThat(wrapper().unwrap(wrapper().wrap(KEY, other), other)).isEqualTo(KEY);
    assertThat(failure(wrapper(), wrapped, other)).hasMessageContaining("wrapped with another key");
  }

  @Test
  void the_token_is_read_anew_for_each_call() {
    String[] token = {"hvs.expired"};
    TransitKeyWrapper wrapper =
        new TransitKeyWrapper(
            new Vault(address(vault.address()), () -> Optional.of(token[0]), Optional.empty()));
    assertThat(failure(wrapper, new byte[] {'x'}, WITH).isAway()).isFalse();
    token[0] = TransitServer.TOKEN;
    assertThat(wrapper.wrap(KEY, WITH)).isNotEmpty();
    int calls = vault.calls().size();
    for (String none : List.of("hvs.first\nhvs.second", "hvs.canary\u0000", "hvs.cänary")) {
      token[0] = none;
      OutsideKeyFailure refused = failure(wrapper, new byte[] {'x'}, WITH);
      assertThat(refused).hasMessageContaining("VAULT_TOKEN_FILE");
      assertThat(refused.getMessage()).doesNotContain("hvs");
      assertThat(refused.isAway()).isFalse();
    }
    assertThat(vault.calls()).hasSize(calls);
  }

  @ParameterizedTest
  @CsvSource({
    "301, false",
    "307, true",
    "400, false",
    "403, false",
    "404, false",
    "412, true",
    "429, true",
    "472, true",
    "473, true",
    "500, true",
    "502, true",
    "503, true",
    "204, false"
  })
  void whether_a_later_call_may_help_depends_on_the_status(int status, boolean away) {
    vault.answer(status, status == 204 ? "" : "{\"errors\":[\"canary-of-an-error\"]}");
    OutsideKeyFailure failure = failure(wrapper(), new byte[] {'x'}, WITH);
    assertThat(failure.isAway()).isEqualTo(away);
    assertThat(failure).hasMessageContaining("Vault answers " + status);
    assertThat(failure.getMessage()).doesNotContain("canary");
    assertThat(vault.calls()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''",
        "[]",
        "not JSON",
        "{}",
        "{\"data\":null}",
        "{\"data\":{}}",
        "{\"data\":{\"plaintext\":1}}",
        "{\"data\":{\"plaintext\":null}}",
        "{\"data\":{\"plaintext\":\"%\"}}",
        "{\"plaintext\":\"YQ==\"}",
        "{\"auth\":{\"data\":{\"plaintext\":\"YQ==\"}}}",
      })
  void an_answer_that_is_not_understood_is_refused(String body) {
    vault.answer(200, body);
    OutsideKeyFailure failure = failure(wrapper(), new byte[] {'x'}, WITH);
    assertThat(failure).hasMessageContaining("lacks the plaintext");
    assertThat(failure.isAway()).isFalse();
  }

  @Test
  void a_huge_answer_is_not_read_and_a_wrong_value_not_sent() {
    vault.answer(200, "{\"data\":{\"plaintext\":\"" + "YWFh".repeat(30_000) + "\"}}");
    assertThat(failure(wrapper(), new byte[] {'x'}, WITH)).hasMessageContaining("too large");
    int calls = vault.calls().size();
    assertThat(failure(wrapper(), "a\"b".getBytes(UTF_8), WITH))
        .hasMessageContaining("not a ciphertext");
    assertThat(vault.calls()).hasSize(calls);
  }

  @Test
  void a_server_that_is_away_may_come_back_and_a_missing_address_is_a_mistake() throws IOException {
    int closed = LocalHttp.freePort();
    OutsideKeyFailure away =
        failure(
            new TransitKeyWrapper(
                new Vault(
                    address("http://127.0.0.1:" + closed), Optional::empty, Optional.empty())),
            new byte[] {'x'},
            WITH);
    assertThat(away.isAway()).isTrue();
    assertThat(away).hasMessageContaining("can't be reached");
    OutsideKeyFailure missing =
        failure(
            new TransitKeyWrapper(new Vault(Optional.empty(), Optional::empty, Optional.empty())),
            new byte[] {'x'},
            WITH);
    assertThat(missing.isAway()).isFalse();
    assertThat(missing).hasMessageContaining("VAULT_ADDR");
  }

  @Test
  void a_server_that_accepts_and_stays_silent_is_given_up() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TransitKeyWrapper wrapper =
          new TransitKeyWrapper(
              new Vault(
                  address("http://127.0.0.1:" + silent.getLocalPort()),
                  Optional::empty,
                  Optional.empty(),
                  Duration.ofMillis(200)));
      assertThat(failure(wrapper, new byte[] {'x'}, WITH).isAway()).isTrue();
    }
  }

  @Test
  void a_certificate_of_the_operators_own_authority_is_trusted_if_it_is_named() throws Exception {
    TlsIdentity identity = TlsIdentity.shared();
    try (TransitServer secure = TransitServer.startSecurely(identity, "transit/claviger")) {
      assertThat(failure(wrapper(secure, Optional.empty()), new byte[] {'x'}, WITH))
          .hasMessageContaining("certificate is not trusted");
      byte[] pem = identity.certificate().getBytes(UTF_8);
      assertThat(wrapper(secure, Optional.of(pem)).wrap(KEY, WITH)).isNotEmpty();
      assertThat(failure(wrapper(secure, Optional.of("no PEM".getBytes(UTF_8))), KEY, WITH))
          .hasMessageContaining("VAULT_CACERT");
    }
  }

  private static TransitKeyWrapper wrapper(TransitServer server, Optional<byte[]> authorities) {
    return new TransitKeyWrapper(
        new Vault(address(server.address()), () -> Optional.of(TransitServer.TOKEN), authorities));
  }

  private TransitKeyWrapper wrapper() {
    return new TransitKeyWrapper(
        new Vault(
            address(vault.address() + "/"),
            () -> Optional.of(TransitServer.TOKEN),
            Optional.empty()));
  }

  private static Optional<URI> address(String url) {
    return Optional.of(URI.create(url));
  }

  private static OutsideKeyFailure failure(TransitKeyWrapper wrapper, byte[] value, KeyUri with) {
    return catchThrowableOfType(OutsideKeyFailure.class, () -> wrapper.unwrap(value, with));
  }
}
