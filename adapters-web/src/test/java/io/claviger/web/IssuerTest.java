package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.served.Served;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What providers read without a token, and what administrators do with the keys. */
final class IssuerTest {
  @AutoClose private final Served served = Served.start();

  @Test
  void a_library_for_openid_connect_reads_the_metadata_and_the_key_set() throws Exception {
    String kid = served.root().post("/v1/issuer/_revoke", Map.of()).text("/keys/0/kid");

    TestResponse metadata = served.nobody().get("/.well-known/openid-configuration").isStatus(200);
    TestResponse keys = served.nobody().get("/oauth/keys").isStatus(200);

    assertThat(OIDCProviderMetadata.parse(metadata.body()).getJWKSetURI())
        .hasToString("https://claviger.example.org/oauth/keys");
    assertThat(JWKSet.parse(keys.body()).getKeyByKeyId(kid).isPrivate()).isFalse();
    assertThat(metadata.header("Cache-Control")).isEqualTo("public, max-age=300");
    assertThat(keys.header("Cache-Control")).isEqualTo("public, max-age=300");
  }

  @Test
  void a_set_without_a_key_is_not_published() {
    TestResponse keys = served.nobody().get("/oauth/keys").isStatus(503);

    assertThat(keys.header("Cache-Control")).isEqualTo("no-store");
    assertThat(keys.header("Retry-After")).isEqualTo("5");
  }

  @Test
  void a_node_without_the_encryption_key_sends_readers_to_another_node() {
    Problem problem =
        Problems.of(new MissingEncryptionKey(new EncryptionKeyId("0a1b2c3d"))).orElseThrow();

    assertThat(problem.status()).isEqualTo(503);
    assertThat(problem.code()).isEqualTo("unavailable");
    assertThat(problem.headers()).containsEntry("Retry-After", "5");
  }

  @Test
  void the_rule_of_a_service_compares_its_id() {
    String id =
        served
            .root()
            .put("/v1/llm-services/root/mine", Map.of("definition", "_system/openai-small"))
            .isStatus(201)
            .text("/id");

    assertThat(served.root().get("/v1/issuer?service=root/mine").isStatus(200).body())
        .contains("service:" + id, "arn:aws:iam::ACCOUNT_ID", "api://AzureADTokenExchange");
    served.root().get("/v1/issuer?service=root/gone").isStatus(404);
    served.root().get("/v1/issuer?service=nonsense").isStatus(422);
    served.root().post("/v1/issuer/_rotate", Map.of("uploaded", "yes")).isStatus(422);
    served.root().post("/v1/issuer/_rotate", Map.of("other", true)).isStatus(422);
  }
}
