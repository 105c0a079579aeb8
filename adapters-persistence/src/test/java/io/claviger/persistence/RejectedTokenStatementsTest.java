package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AUser;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the database is asked about an access token. */
final class RejectedTokenStatementsTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();
  private static final StatementRecorder STATEMENTS = new StatementRecorder(PORTS.dataSource());

  private final AccessTokens tokens = new RacingUseCases(PORTS.through(STATEMENTS)).accessTokens;
  private final TokenText good = TokenText.of(new byte[64]);

  @BeforeEach
  void begin() {
    PostgresPorts unused = PORTS.emptied();
    STATEMENTS.forget();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clv_0000000000000000000000000000000000000000000000000",
        "clv_000000000000000000000000000000000000000000000000",
        "sk-proj-0123456789012345678901234567890123456789012345",
        "ghp_0123456789012345678901234567890123456789",
        ""
      })
  void what_is_mistyped_or_foreign_is_never_looked_up(String text) {
    for (int n = 0; n < 30; n++) {
      present(TokenText.presented(text));
    }

    assertThat(STATEMENTS.count()).isZero();
  }

  @Test
  void each_typing_error_in_a_character_of_a_good_one_is_one() {
    String text = good.reveal();
    for (int at = 0; at < text.length(); at++) {
      char other = text.charAt(at) == 'x' ? 'y' : 'x';
      present(TokenText.presented(text.substring(0, at) + other + text.substring(at + 1)));
    }

    assertThat(STATEMENTS.count()).isZero();
  }

  @Test
  void a_good_one_is_looked_up_each_time_and_its_use_written_once() {
    User alice = AUser.called("alice").build();
    AccessToken token = AToken.of(alice).build();
    PORTS.users().insert(alice);
    PORTS.accessTokens().save(token, good.hash());
    for (int n = 0; n < 5; n++) {
      present(good);
    }

    assertThat(STATEMENTS.count()).isEqualTo(5 + 1);
  }

  private void present(TokenText text) {
    AccessTokens.Authentication unused = tokens.authenticate(text, "192.0.2.1", "r");
  }
}
