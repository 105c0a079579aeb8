package io.claviger.domain.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TokenBarTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  /**
   * All combinations. Times are relative to the present; an empty time means that there is no such
   * time.
   */
  @ParameterizedTest
  @CsvSource({
    "     ,      ,                ",
    "     ,  PT1S,                ",
    "     ,  PT0S, sign_in_required",
    "     , PT-1S, sign_in_required",
    "PT-1H,      , user_suspended",
    "PT-1H,  PT1S, user_suspended",
    "PT-1H,  PT0S, user_suspended",
    "PT-1H, PT-1S, user_suspended",
    " PT0S,      , user_suspended",
    " PT1S,      , user_suspended",
  })
  void suspension_comes_before_a_sign_in_that_is_due(
      Duration suspended, Duration due, String code) {
    assertThat(TokenBar.of(at(suspended), at(due), NOW).map(TokenBar::code))
        .isEqualTo(Optional.ofNullable(code));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TOKEN_BOUND")
  void each_bar_tells_what_to_do(TokenBar bar) {
    assertThat(bar.sentence()).contains("Sign in again");
  }

  @Test
  void the_codes_do_not_change() {
    assertThat(TokenBar.values())
        .extracting(TokenBar::code)
        .containsExactly("user_suspended", "sign_in_required", "token_bound");
  }

  private static Optional<Instant> at(Duration fromNow) {
    return Optional.ofNullable(fromNow).map(NOW::plus);
  }
}
