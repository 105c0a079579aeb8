package io.claviger.domain.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.instances.Instance;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class ServiceClaimsTest {
  private static final Instance.Id SERVICE =
      new Instance.Id(UUID.fromString("0198c0de-0000-7000-8000-000000000001"));

  private static String[] parts(String audience) {
    return new ServiceClaims(
            new Issuer("https://claviger.example.org"),
            ServiceClaims.subject(SERVICE),
            new Instance.Ref(new Handle("alice"), new Handle("my-openai")),
            audience,
            Instant.ofEpochSecond(1_795_000_000L, 999_999_999),
            new UUID(0, 7))
        .signingInput("the-kid", "claviger-federation+jwt")
        .split("\\.", -1);
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  @Test
  void it_says_who_the_service_is_and_to_whom_for_five_minutes() {
    String[] parts = parts("https://provider.example/pool");

    assertThat(parts).hasSize(2);
    assertThat(decoded(parts[0]))
        .isEqualTo("{\"alg\":\"RS256\",\"typ\":\"claviger-federation+jwt\",\"kid\":\"the-kid\"}");
    assertThat(decoded(parts[1]))
        .isEqualTo(
            "{\"iss\":\"https://claviger.example.org\","
                + "\"sub\":\"service:0198c0de-0000-7000-8000-000000000001\","
                + "\"aud\":\"https://provider.example/pool\",\"iat\":1795000000,\"exp\":1795000300,"
                + "\"jti\":\"00000000-0000-0000-0000-000000000007\","
                + "\"claviger/owner\":\"alice\",\"claviger/handle\":\"my-openai\"}");
  }

  @Test
  void an_audience_can_not_write_claims() {
    assertThat(decoded(parts("x\",\"sub\":\"service:other")[1]))
        .contains("\"aud\":\"x\\\",\\\"sub\\\":\\\"service:other\",\"iat\"");
  }
}
