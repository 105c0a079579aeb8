package io.claviger.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TokenRateTest {
  private static final UUID FIRST = new UUID(0, 1);
  private static final UUID SECOND = new UUID(0, 2);
  private static final TokenRate FIVE = new TokenRate(FIRST, 5);

  @Test
  void a_token_passes_its_own_rate_on() {
    assertThat(TokenRate.passedOn(List.of(), FIRST, Optional.of(5))).containsExactly(FIVE);
  }

  @Test
  void a_token_without_a_rate_passes_on_what_it_inherited() {
    assertThat(TokenRate.passedOn(List.of(FIVE), SECOND, Optional.empty())).containsExactly(FIVE);
    assertThat(TokenRate.passedOn(List.of(), SECOND, Optional.empty())).isEmpty();
  }

  @Test
  void a_stricter_rate_is_passed_on_behind_what_was_inherited() {
    assertThat(TokenRate.passedOn(List.of(FIVE), SECOND, Optional.of(4)))
        .containsExactly(FIVE, new TokenRate(SECOND, 4));
  }

  @Test
  void tokens_that_replace_each_other_at_the_same_rate_make_no_longer_list() {
    List<TokenRate> rates = TokenRate.passedOn(List.of(), FIRST, Optional.of(5));
    for (int i = 0; i < 100; i++) {
      rates = TokenRate.passedOn(rates, new UUID(1, i), Optional.of(5));
    }

    assertThat(rates).containsExactly(FIVE);
  }
}
