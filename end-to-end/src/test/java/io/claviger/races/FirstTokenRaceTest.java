package io.claviger.races;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.AccountCommands;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.AccessToken;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirstTokenRaceTest {
  private static final AccessTokens.NewToken FIRST = AccountCommands.token("first");

  @Test
  void deleting_a_users_tokens_makes_no_room_for_a_first_one() {
    try (RaceFixture fixture = RaceFixture.lend()) {
      Actor ruth = fixture.person("ruth", true).actor();
      for (int round = 0; round < RaceFixture.ROUNDS; round++) {
        Actor alice = fixture.user("alice-" + round);
        AccessToken.Id only = tokens(fixture, alice).get(0).id();
        List<Object> outcomes =
            SimultaneousThreads.sixteen(
                n ->
                    n % 2 == 0
                        ? fixture
                            .context()
                            .get(AccessTokens.class)
                            .revoke(n % 4 == 0 ? ruth : alice, alice.handle(), only)
                        : fixture
                            .context()
                            .get(AccessTokens.class)
                            .issue(ruth, alice.handle(), FIRST));

        assertThat(outcomes)
            .noneMatch(
                o ->
                    o instanceof Outcome.Done<?> done
                        && done.value() instanceof AccessTokens.IssuedToken);
        assertThat(tokens(fixture, alice)).isEmpty();
      }
    }
  }

  private static List<AccessToken> tokens(RaceFixture fixture, Actor user) {
    Outcome<Page<AccessToken, TimeCursor>> outcome =
        fixture
            .context()
            .get(AccessTokens.class)
            .list(user, user.handle(), new PageRequest<>(Optional.empty(), 10));
    return outcome.orThrow().items();
  }
}
