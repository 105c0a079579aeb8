package io.claviger.custody;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.application.issuer.port.StatementSigner.NewKey;
import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.domain.keys.KeyUri;
import io.claviger.testkit.SoftHsm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests wrapping with SoftHSM 2 in this process. The tests are skipped if SoftHSM 2 is not
 * installed.
 */
@Tag("slow")
class Pkcs11KeyWrapperTest {
  private static final byte[] KEY = "first-encryption-key-of-32-characters".getBytes(UTF_8);

  /** The label of a token that gets a wrong PIN. */
  private static final String REFUSING = "refusing";

  private static SoftHsm hsm = new SoftHsm(Path.of(""));

  private final Pkcs11KeyWrapper wrapper = new Pkcs11KeyWrapper(SoftHsm.PIN.toCharArray());
  private final KeyUri with = KeyUri.of(hsm.uri(SoftHsm.KEY));

  @BeforeAll
  static void create() throws IOException, InterruptedException {
    assumeTrue(SoftHsm.isInstalled(), SoftHsm.missing());
    // The library reads its configuration only once, from the file that an environment variable of
    // the tests names.
    Path directory = Path.of(System.getenv("SOFTHSM2_CONF")).toAbsolutePath().getParent();
    if (Files.exists(directory)) {
      try (Stream<Path> old = Files.walk(directory)) {
        for (Path each : old.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
    hsm = SoftHsm.in(directory);
    hsm.addAesKey("another key");
    hsm.addToken(REFUSING);
  }

  @Test
  void a_key_is_unwrapped_by_the_token_that_wrapped_it() {
    byte[] wrapped = wrapper.wrap(KEY, with);
    assertThat(new String(wrapped, UTF_8)).doesNotContain("first-encryption");
    assertThat(wrapper.wrap(KEY, with)).isNotEqualTo(wrapped);
    assertThat(wrapper.unwrap(wrapped, with)).isEqualTo(KEY);
  }

  @Test
  void a_changed_or_cut_value_and_another_key_are_refused() {
    byte[] wrapped = wrapper.wrap(KEY, with);
    for (int at = 0; at < wrapped.length; at++) {
      byte[] changed = wrapped.clone();
      changed[at] ^= 1;
      assertRefused(() -> wrapper.unwrap(changed, with), "wrapped with another key");
    }
    assertRefused(() -> wrapper.unwrap(new byte[28], with), "incomplete");
    assertRefused(
        () -> wrapper.unwrap(wrapped, KeyUri.of(hsm.uri("another key"))),
        "wrapped with another key");
    assertRefused(() -> wrapper.wrap(KEY, KeyUri.of(hsm.uri("no key"))), "no key with that label");
    assertRefused(
        () -> wrapper.wrap(KEY, uri(";object=", ";type=private;object=")), "type=secret-key");
  }

  @Test
  void a_token_is_found_by_what_it_says_of_itself() {
    byte[] wrapped = wrapper.wrap(KEY, uri(";object=", ";model=SoftHSM%20v2;object="));
    assertThat(wrapper.unwrap(wrapped, with)).isEqualTo(KEY);
    for (String other : List.of("pkcs11:token=other;", "pkcs11:serial=0;", "pkcs11:slot-id=1;")) {
      assertThatThrownBy(() -> wrapper.wrap(KEY, uri("pkcs11:token=claviger%20tests;", other)))
          .isInstanceOf(OutsideKeyFailure.class)
          .satisfies(e -> assertThat(((OutsideKeyFailure) e).isAway()).isTrue());
    }
    assertRefused(
        () -> wrapper.wrap(KEY, uri("/usr/lib/softhsm/", "/usr/lib/nowhere/")), "is missing");
  }

  @Test
  void the_key_of_the_issuer_signs_in_the_token() throws Exception {
    hsm.addRsaKey("issuer", 2048);
    OutsideStatementSigner signer = signer("issuer");
    NewKey key = signer.make();
    OutsideStatementSignerTest.assertSigns(signer, key);
    assertThat(signer.verification(key.signing())).contains(key.verification());
    assertThat(key.verification().modulus().bitLength()).isEqualTo(2048);
    assertRefused(signer(SoftHsm.KEY)::make, "no private key with a certificate");
    hsm.addRsaKey("larger", 3072);
    assertRefused(signer("larger")::make, "2048 bits");
  }

  /**
   * The token would accept the right PIN. So the second refusal shows that this process sent no
   * PIN.
   */
  @Test
  void after_a_wrong_pin_the_token_gets_no_further_pin() {
    KeyUri refusing = uri(SoftHsm.TOKEN.replace(" ", "%20"), REFUSING);
    Pkcs11KeyWrapper wrong = new Pkcs11KeyWrapper("0815".toCharArray());
    for (Pkcs11KeyWrapper each : List.of(wrong, wrong, wrapper)) {
      assertRefused(() -> each.wrap(KEY, refusing), "refuses the PIN (CKR_PIN_INCORRECT)");
    }
    assertThat(wrapper.wrap(KEY, with)).isNotEmpty();
  }

  private static OutsideStatementSigner signer(String label) {
    return new OutsideStatementSigner(
        KeyUri.of(hsm.uri(label)),
        SoftHsm.PIN.toCharArray(),
        new Vault(Optional.empty(), Optional::empty, Optional.empty()));
  }

  private static KeyUri uri(String part, String other) {
    return KeyUri.of(hsm.uri(SoftHsm.KEY).replace(part, other));
  }

  private static void assertRefused(Runnable attempt, String why) {
    assertThatThrownBy(attempt::run)
        .isInstanceOf(OutsideKeyFailure.class)
        .hasMessageContaining(why)
        .satisfies(e -> assertThat(((OutsideKeyFailure) e).isAway()).isFalse());
  }
}
