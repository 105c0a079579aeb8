package io.claviger.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import io.claviger.domain.issuer.VerificationKey;
import io.claviger.oidc.trust.IssuerServer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Tests that the issuer's key set is read in the same way as providers read it. */
final class PublishedKeySetsTest {
  @AutoClose private final IssuerServer server = new IssuerServer();
  @AutoClose private final PublishedKeySets sets = new PublishedKeySets(Duration.ofSeconds(5));

  @Test
  void it_is_found_by_the_metadata_and_holds_the_keys_themselves() {
    RSAKey key = IssuerServer.key(0, "any");
    server.publish(key.toPublicJWK());

    assertThat(sets.read(server.issuer()))
        .contains(
            Set.of(
                new VerificationKey(
                    key.getModulus().decodeToBigInteger(),
                    key.getPublicExponent().decodeToBigInteger())));
  }

  @Test
  void what_providers_could_not_read_is_no_key_set() {
    server.publish();
    assertThat(sets.read(server.issuer())).contains(Set.of());

    server.sayKeys("no json");
    assertThat(sets.read(server.issuer())).isEqualTo(Optional.empty());
    server.sayKeys("{\"keys\":[]}");
    server.sayMetadata("{\"issuer\":\"http://localhost\",\"jwks_uri\":\"http://localhost\"}");
    assertThat(sets.read(server.issuer())).isEqualTo(Optional.empty());
    server.sayMetadata("{\"issuer\":\"" + server.address() + "\"}");
    assertThat(sets.read(server.issuer())).isEqualTo(Optional.empty());
    server.answerWith(503);
    assertThat(sets.read(server.issuer())).isEqualTo(Optional.empty());
  }
}
