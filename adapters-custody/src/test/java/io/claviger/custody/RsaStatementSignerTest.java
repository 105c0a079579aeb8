package io.claviger.custody;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.issuer.port.StatementSigner.NewKey;
import io.claviger.domain.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.RSAPublicKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class RsaStatementSignerTest {
  private static final byte[] CONTENT = "head.claims".getBytes(StandardCharsets.US_ASCII);

  private final RsaStatementSigner signer = new RsaStatementSigner();

  @Tag("slow")
  @Test
  void it_signs_as_rs256_with_2048_bits() throws GeneralSecurityException {
    NewKey made = signer.make();
    Signature check = Signature.getInstance("SHA256withRSA");
    check.initVerify(
        KeyFactory.getInstance("RSA")
            .generatePublic(
                new RSAPublicKeySpec(
                    made.verification().modulus(), made.verification().exponent())));
    check.update(CONTENT);

    assertThat(check.verify(signer.sign(made.signing(), CONTENT))).isTrue();
    assertThat(made.verification().modulus().bitLength()).isEqualTo(2048);
    assertThat(signer.verification(made.signing())).contains(made.verification());
  }

  @Test
  void what_is_no_such_key_has_no_public_half() {
    assertThat(signer.verification(Secret.takingOver(CONTENT.clone()))).isEmpty();
  }
}
