package io.claviger.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.accounts.User;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.server.Places.ConcurrencyLimit;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
  private static final User.Id ALICE = new User.Id(new UUID(0, 1));
  private static final User.Id BOB = new User.Id(new UUID(0, 2));

  @Test
  void one_user_takes_no_more_than_their_places() {
    ConcurrencyLimit<User.Id> limit = new ConcurrencyLimit<>(3, 2, Duration.ZERO);
    Runnable leave = limit.enter(ALICE);
    Runnable unused = limit.enter(ALICE);
    assertRefused(limit, ALICE, "rate_limited");
    Runnable bobs = limit.enter(BOB);
    leave.run();
    Runnable again = limit.enter(ALICE);
    assertRefused(limit, BOB, "unavailable");
    bobs.run();
    Runnable once = limit.enter(BOB);
    assertThat(unused).isNotSameAs(again).isNotSameAs(once);
  }

  @Test
  void who_finds_no_place_waits_for_one() {
    ConcurrencyLimit<User.Id> limit = new ConcurrencyLimit<>(1, 1, Duration.ofMinutes(1));
    Runnable leave = limit.enter(ALICE);
    CompletableFuture<Runnable> waiting =
        CompletableFuture.supplyAsync(() -> limit.enter(BOB), Thread::startVirtualThread);
    assertThat(waiting).isNotDone();
    leave.run();
    assertThat(waiting.join()).isNotNull();
  }

  @Test
  void a_refusal_takes_no_place() {
    ConcurrencyLimit<User.Id> limit = new ConcurrencyLimit<>(1, 2, Duration.ZERO);
    Runnable leave = limit.enter(ALICE);
    for (int i = 0; i < 10; i++) {
      assertRefused(limit, BOB, "unavailable");
    }
    leave.run();
    limit.enter(BOB).run();
    limit.enter(ALICE).run();
  }

  private static void assertRefused(ConcurrencyLimit<User.Id> limit, User.Id user, String code) {
    assertThatThrownBy(() -> limit.enter(user))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().code()).isEqualTo(code));
  }
}
