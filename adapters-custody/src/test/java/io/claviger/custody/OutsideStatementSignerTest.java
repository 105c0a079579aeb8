package io.claviger.custody;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.issuer.port.StatementSigner.NewKey;
import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.domain.keys.KeyUri;
import io.claviger.domain.keys.Secret;
import io.claviger.testkit.http.TransitServer;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Tests signing with Transit, as described in <i>Transit secrets engine (API)</i> on
 * developer.hashicorp.com, read in November 2026. {@link Pkcs11KeyWrapperTest} tests signing in a
 * token.
 */
@Tag("slow")
class OutsideStatementSignerTest {
  private static final byte[] CONTENT = "head.claims".getBytes(UTF_8);
  private static final KeyUri KEY = KeyUri.of("transit:issuer");

  @AutoClose private final TransitServer vault = TransitServer.start("transit/aes");
  private final OutsideStatementSigner signer = signer(KEY);

  OutsideStatementSignerTest() throws IOException {}

  @Test
  void vault_signs_with_the_version_that_was_published() throws GeneralSecurityException {
    vault.rotateRsaKey("transit/issuer");
    NewKey first = signer.make();
    vault.rotateRsaKey("transit/issuer");
    NewKey second = signer.make();

    assertThat(second.verification().kid()).isNotEqualTo(first.verification().kid());
    for (NewKey key : new NewKey[] {first, second}) {
      assertSigns(signer, key);
      assertThat(signer.verification(key.signing())).contains(key.verification());
      assertThat(key.signing().<String>lend(bytes -> new String(bytes, UTF_8)))
          .startsWith("outside:v1:")
          .endsWith(":transit:issuer");
    }
  }

  static void assertSigns(OutsideStatementSigner signer, NewKey key)
      throws GeneralSecurityException {
    Signature check = Signature.getInstance("SHA256withRSA");
    check.initVerify(
        KeyFactory.getInstance("RSA")
            .generatePublic(
                new RSAPublicKeySpec(key.verification().modulus(), key.verification().exponent())));
    check.update(CONTENT);
    assertThat(check.verify(signer.sign(key.signing(), CONTENT))).isTrue();
  }

  @Test
  void a_key_that_took_the_name_of_the_published_one_signs_nothing() throws IOException {
    vault.rotateRsaKey("transit/issuer");
    NewKey published = signer.make();
    try (TransitServer other = TransitServer.start()) {
      other.rotateRsaKey("transit/issuer");
      OutsideStatementSigner elsewhere = signer(KEY, other.address());
      assertThatThrownBy(() -> elsewhere.sign(published.signing(), CONTENT))
          .isInstanceOf(OutsideKeyFailure.class)
          .hasMessageContaining("is not the published key");
    }
  }

  @Test
  void keys_that_were_sealed_before_go_on_signing() throws GeneralSecurityException {
    NewKey sealed = new RsaStatementSigner().make();
    assertSigns(signer, sealed);
    assertThat(signer.verification(sealed.signing())).contains(sealed.verification());
    assertThat(signer.verification(Secret.takingOver("outside:v2:1:A:B:transit:x".getBytes(UTF_8))))
        .isEmpty();
  }

  /** A node without the setting must not publish a key set that lacks the other nodes' key. */
  @Test
  void a_node_without_the_setting_publishes_the_key_and_does_not_sign() {
    vault.rotateRsaKey("transit/issuer");
    NewKey key = signer.make();
    RsaStatementSigner without = new RsaStatementSigner();

    assertThat(without.verification(key.signing())).contains(key.verification());
    assertThatThrownBy(() -> without.sign(key.signing(), CONTENT))
        .isInstanceOf(OutsideKeyFailure.class)
        .hasMessageContaining("CLAVIGER_ISSUER_KEY is not set");
  }

  @Test
  void the_key_set_is_known_while_vault_is_away_and_nothing_is_signed_with_another_key() {
    vault.rotateRsaKey("transit/issuer");
    NewKey key = signer.make();
    vault.answer(503, "");
    assertThat(signer.verification(key.signing())).contains(key.verification());
    assertThatThrownBy(() -> signer.sign(key.signing(), CONTENT))
        .isInstanceOf(OutsideKeyFailure.class)
        .hasMessageContaining("503");
    for (String lie :
        new String[] {
          "{}",
          "{\"data\":{\"signature\":\"\"}}",
          "{\"data\":{\"signature\":\"vault:v1:%%\"}}",
          "{\"data\":{\"signature\":\"vault:v1:AAAA\"}}"
        }) {
      vault.answer(200, lie);
      assertThatThrownBy(() -> signer.sign(key.signing(), CONTENT))
          .isInstanceOf(OutsideKeyFailure.class);
    }
  }

  @Tag("thorough")
  @Test
  void only_rsa_keys_of_2048_bits_are_published() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(3072);
    vault.rotateRsaKey("transit/issuer", generator.generateKeyPair());
    assertThatThrownBy(signer::make).hasMessageContaining("2048 bits");
    for (String lie :
        new String[] {
          "{\"data\":{}}",
          "{\"data\":{\"latest_version\":1,\"keys\":{\"1\":1700000000}}}",
          "{\"data\":{\"latest_version\":1,\"keys\":{\"1\":{\"public_key\":\"AAAA\"}}}}"
        }) {
      vault.answer(200, lie);
      assertThatThrownBy(signer::make).isInstanceOf(OutsideKeyFailure.class);
    }
  }

  private OutsideStatementSigner signer(KeyUri key) {
    return signer(key, vault.address());
  }

  private static OutsideStatementSigner signer(KeyUri key, String address) {
    return new OutsideStatementSigner(
        key,
        null,
        new Vault(
            Optional.of(URI.create(address)),
            () -> Optional.of(TransitServer.TOKEN),
            Optional.empty()));
  }
}
