package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.instances.Instance;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CacheRegionTest {
  /** With equal hashes, each look-up would compare the key with those of all other names. */
  @Test
  void names_that_are_called_with_one_token_have_different_hashes() {
    TokenHash token = new TokenHash(new byte[32]);
    assertThat(
            IntStream.range(0, 2_000)
                .mapToObj(i -> Instance.Ref.of("alice/service-" + i))
                .map(name -> new CacheRegion.CacheKey<>(token, name).hashCode()))
        .doesNotHaveDuplicates();
  }
}
