package io.claviger.console.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.application.builders.AUser;
import io.claviger.console.accounts.AccountReader.ServiceAccountsView;
import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How old the oldest token of a service account is, in words. */
class ServiceAccountsViewTest {
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

  @ParameterizedTest
  @CsvSource({
    "PT0S, less than a day",
    "PT23H, less than a day",
    "P1D, 1 day",
    "P1234D, '1,234 days'"
  })
  void the_age_is_told_in_whole_days(Duration age, String words) {
    User bot = AUser.called("bot").serviceAccountOf(AUser.called("ann").build()).build();
    ServiceAccount account =
        new ServiceAccount(bot, 1, Optional.of(NOW.minus(age)), Optional.empty());

    assertThat(ServiceAccountsView.Line.of(account, NOW).oldestToken()).isEqualTo(words);
  }
}
