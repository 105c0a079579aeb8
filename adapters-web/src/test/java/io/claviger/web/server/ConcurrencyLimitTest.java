package io.claviger.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.accounts.User;
import io.claviger.testkit.Race;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.server.Places.ConcurrencyLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.junit.jupiter.api.Test;

class ConcurrencyLimitTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final User.Id ALICE = new User.Id(new UUID(0, 1));
  private static final User.Id BOB = new User.Id(new UUID(0, 2));
  private static final User.Id CAROL = new User.Id(new UUID(0, 3));

  @Test
  void one_user_takes_no_more_than_their_places() {
    ConcurrencyLimit<User.Id> limit = new ConcurrencyLimit<>(3, 2, Duration.ZERO);
    Runnable leave = enter(limit, ALICE);
    Runnable unused = enter(limit, ALICE);
    assertRefused(limit, ALICE, "rate_limited");
    Runnable bobs = enter(limit, BOB);
    leave.run();
    Runnable again = enter(limit, ALICE);
    assertRefused(limit, BOB, "unavailable");
    bobs.run();
    Runnable once = enter(limit, BOB);
    assertThat(unused).isNotSameAs(again).isNotSameAs(once);
  }

  @Test
  void who_finds_no_place_waits_for_one() {
    ConcurrencyLimit<User.Id> limit = new ConcurrencyLimit<>(1, 1, Duration.ofMinutes(1));
    Runnable leave = enter(limit, ALICE);
    CompletableFuture<Runnable> waiting =
        CompletableFuture.supplyAsync(() -> enter(limit, BOB), Thread::startVirtualThread);
    assertThat(waiting).isNotDone();
    leave.run();
    assertThat(waiting.join()).isNotNull();
  }

  @Test
  void the_waits_of_a_request_are_bounded_together() {
    ConcurrencyLimit<User.Id> limit = new ConcurrencyLimit<>(1, 1, Duration.ofMinutes(1));
    Runnable unused = enter(limit, ALICE);
    Completion request = new Completion(new ByteArrayEndPoint());
    Duration inAll = Duration.ofMillis(60);
    List<Duration> left = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () ->
                  request.waiting(
                      inAll,
                      most -> {
                        left.add(most);
                        return limit.enter(BOB, Optional.empty(), most);
                      }))
          .isInstanceOf(ProblemException.class);
    }
    request.waitsForCaller();
    boolean unusedToo = request.waiting(inAll, left::add);

    assertThat(left).element(0).isEqualTo(inAll);
    assertThat(left.subList(1, 3)).allMatch(most -> most.isNegative() || most.isZero());
    assertThat(left).element(3).isEqualTo(inAll);
  }

  @Test
  void a_refusal_takes_no_place() {
    ConcurrencyLimit<User.Id> limit = new ConcurrencyLimit<>(1, 2, Duration.ZERO);
    Runnable leave = enter(limit, ALICE);
    for (int i = 0; i < 10; i++) {
      assertRefused(limit, BOB, "unavailable");
    }
    leave.run();
    enter(limit, BOB).run();
    enter(limit, ALICE).run();
  }

  @Test
  void few_callers_with_many_requests_leave_places_to_others() {
    ConcurrencyLimit<Integer> limit = new ConcurrencyLimit<>(128, 32, Duration.ZERO);
    List<Runnable> taken = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      for (int caller = 0; caller < 4; caller++) {
        for (int i = 0; i < 32; i++) {
          enter(limit, caller, taken, "unavailable");
        }
      }
      assertThat(taken).hasSize(96 + 4 * 2);

      for (int caller = 4; caller < 16; caller++) {
        enter(limit, caller, taken, "unavailable");
        enter(limit, caller, taken, "unavailable");
      }
      assertThat(taken).hasSize(128);
      Collections.shuffle(taken, new Random(round));
      taken.forEach(Runnable::run);
      taken.clear();
    }
  }

  private static <K> Runnable enter(ConcurrencyLimit<K> limit, K caller) {
    return limit.enter(caller, Optional.empty(), MINUTE);
  }

  private static void enter(
      ConcurrencyLimit<Integer> limit, int caller, List<Runnable> taken, String... refusals) {
    try {
      taken.add(enter(limit, caller));
    } catch (ProblemException e) {
      assertThat(e.problem().code()).isIn((Object[]) refusals);
    }
  }

  @Test
  void permits_are_returned_whoever_leaves_and_whoever_waits_in_vain() {
    ConcurrencyLimit<Integer> limit = new ConcurrencyLimit<>(8, 6, Duration.ofMillis(1));
    List<Boolean> done =
        Race.of(
            16,
            n -> {
              Random random = new Random(n);
              List<Runnable> taken = new ArrayList<>();
              for (int i = 0; i < 60; i++) {
                enter(limit, random.nextInt(3), taken, "rate_limited", "unavailable");
                if (random.nextBoolean() && !taken.isEmpty()) {
                  taken.remove(random.nextInt(taken.size())).run();
                }
              }
              taken.forEach(Runnable::run);
              return true;
            },
            1);

    assertThat(done).hasSize(16);
    List<Runnable> taken = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      enter(limit, i < 4 ? 1 : 2, taken, "unavailable");
    }
    assertThat(taken).hasSize(8);
  }

  /** If it kept its place, a few users who read no answers would keep everybody else waiting. */
  @Test
  void an_answer_that_nobody_reads_gives_way_if_all_places_are_taken() {
    ConcurrencyLimit<User.Id> limit = new ConcurrencyLimit<>(4, 3, Duration.ofSeconds(20));
    List<CallersConnection> connections = new ArrayList<>();
    for (User.Id caller : List.of(BOB, ALICE, ALICE, ALICE)) {
      CallersConnection connection = CallersConnection.entered(limit, caller);
      // One of alice's requests is still being answered.
      if (connections.size() != 1) {
        connection.request.waitsForCaller();
      }
      connections.add(connection);
    }

    enter(limit, CAROL).run();

    assertThat(connections).extracting(EndPoint::isOpen).containsExactly(true, true, false, true);
  }

  /** If the callers of further requests read slowly, closing other connections helps nobody. */
  @Test
  void who_waits_for_a_further_request_closes_only_further_requests() {
    ConcurrencyLimit<User.Id> limit = new ConcurrencyLimit<>(32, 32, Duration.ofSeconds(20));
    List<CallersConnection> few = new ArrayList<>();
    for (User.Id caller : List.of(CAROL, CAROL, ALICE, ALICE)) {
      few.add(CallersConnection.entered(limit, caller));
      few.getLast().request.waitsForCaller();
    }
    List<CallersConnection> further = new ArrayList<>();
    for (int i = 0; i < 26; i++) {
      further.add(CallersConnection.entered(limit, BOB));
    }
    further.get(7).request.waitsForCaller();

    enter(limit, ALICE).run();

    assertThat(few).allMatch(EndPoint::isOpen);
    assertThat(further).filteredOn(EndPoint::isOpen).hasSize(25).doesNotContain(further.get(7));
  }

  @Test
  void who_waits_for_a_further_request_enters_once_one_of_the_first_has_left() {
    ConcurrencyLimit<User.Id> limit = new ConcurrencyLimit<>(16, 16, Duration.ofSeconds(3));
    List<Runnable> bobs = new ArrayList<>();
    for (int i = 0; i < 13; i++) {
      bobs.add(enter(limit, BOB));
    }
    Runnable first = enter(limit, ALICE);
    CompletableFuture<Runnable> second = new CompletableFuture<>();
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> second.completeAsync(() -> enter(limit, ALICE), Runnable::run));
    while (waiting.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    first.run();
    second.join().run();
    assertThat(bobs).hasSize(13);
  }

  /** A connection whose end is the end of its request. */
  private static final class CallersConnection extends ByteArrayEndPoint {
    private final Completion request = new Completion(this);

    static CallersConnection entered(ConcurrencyLimit<User.Id> limit, User.Id caller) {
      CallersConnection connection = new CallersConnection();
      connection.request.then(limit.enter(caller, Optional.of(connection.request), MINUTE));
      return connection;
    }

    @Override
    public void onClose(Throwable cause) {
      super.onClose(cause);
      request.over();
    }
  }

  private static void assertRefused(ConcurrencyLimit<User.Id> limit, User.Id user, String code) {
    assertThatThrownBy(() -> enter(limit, user))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().code()).isEqualTo(code));
  }
}
