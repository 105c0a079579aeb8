package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.ARequest;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.requests.port.BorrowRequestStore;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.MutedAskers;
import io.claviger.domain.requests.RequestSide;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link BorrowRequestStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class BorrowRequestsContract extends PortContract {
  private static final RequestedTerms ALL =
      new RequestedTerms(
          Optional.of(Role.OWNER),
          Set.of(new ModelPattern("gpt-*"), new ModelPattern("o3")),
          Set.of(new Operation("POST embeddings")),
          Optional.of(
              new Budget(
                  5_000_000_000L,
                  BudgetUnit.USD,
                  BudgetWindow.MONTH,
                  new BudgetZone("Europe/Berlin"),
                  BudgetBound.STRICT,
                  true)),
          Optional.of(NOW.plusSeconds(1)));

  private BorrowRequestStore requests;
  private User alice;
  private User bob;
  private User carol;
  private Instance x;

  @BeforeEach
  void fill() {
    requests = ports.borrowRequests();
    alice = user("alice");
    bob = user("bob");
    carol = user("carol");
    x = stored(AnInstance.of(alice, "x").build());
  }

  private BorrowRequest asked(ARequest request) {
    BorrowRequest built = request.build();
    assertThat(requests.insert(built)).isTrue();
    return built;
  }

  private static RequestedTerms model(String name) {
    return RequestedTerms.of(new ModelPattern(name));
  }

  private List<BorrowRequest> listed(User user) {
    return requests.list(user.id(), none(), none(), none(), NOW, none(), 99);
  }

  @Test
  void a_request_is_found_as_stored() {
    BorrowRequest full = asked(ARequest.of(bob, x).asking(ALL).saying("Please.\n🙂"));
    BorrowRequest least = asked(ARequest.of(carol, x));

    assertThat(requests.find(full.id())).contains(full);
    assertThat(requests.lock(full.id())).contains(full);
    assertThat(requests.find(least.id())).contains(least);
  }

  @Test
  void the_same_is_asked_for_once_a_day_whatever_became_of_it() {
    BorrowRequest first = asked(ARequest.of(bob, x));
    requests.end(first.ended(RequestState.DECLINED, alice.handle(), NOW), alice.id());

    assertThat(requests.insert(ARequest.of(bob, x).build())).isFalse();
    assertThat(listed(bob)).hasSize(1);
    BorrowRequest ofAnother = asked(ARequest.of(carol, x));
    BorrowRequest another = asked(ARequest.of(bob, x).asking(model("m")));
    assertThat(listed(alice)).contains(ofAnother, another).hasSize(3);
  }

  @Test
  void an_ended_request_says_how_and_by_whom() {
    BorrowRequest granted =
        asked(ARequest.of(bob, x)).ended(RequestState.GRANTED, alice.handle(), NOW);
    requests.end(granted, alice.id());

    assertThat(requests.find(granted.id())).contains(granted);
  }

  @Test
  void a_request_ends_once_and_alone() {
    BorrowRequest first = asked(ARequest.of(bob, x));
    BorrowRequest other = asked(ARequest.of(carol, x));
    BorrowRequest granted = first.ended(RequestState.GRANTED, alice.handle(), NOW);
    requests.end(granted, alice.id());

    assertLost(
        ConcurrencyConflict.How.REFERENCE_GONE,
        () -> requests.end(first.ended(RequestState.WITHDRAWN, bob.handle(), NOW), bob.id()));
    assertThat(requests.find(first.id())).contains(granted);
    assertThat(requests.find(other.id())).contains(other);
  }

  @Test
  void askers_and_owners_list_their_requests_by_time() {
    BorrowRequest later = asked(ARequest.of(bob, x).at(NOW.plusSeconds(5)));
    BorrowRequest earlier = asked(ARequest.of(bob, x).asking(model("m")).at(NOW));
    Instance own = stored(AnInstance.of(bob, "own").build());
    BorrowRequest ofBob = asked(ARequest.of(carol, own).at(NOW.plusSeconds(9)));

    assertThat(listed(bob)).containsExactly(earlier, later, ofBob);
    assertThat(listed(alice)).containsExactly(earlier, later);
    assertThat(listed(carol)).containsExactly(ofBob);
    TimeCursor after = new TimeCursor(NOW, earlier.id().value());
    assertThat(requests.list(bob.id(), none(), none(), none(), NOW, Optional.of(after), 1))
        .containsExactly(later);
  }

  @Test
  void a_list_shows_one_side_or_one_state() {
    BorrowRequest open = asked(ARequest.of(bob, x));
    BorrowRequest declined =
        asked(ARequest.of(bob, x).asking(model("m")))
            .ended(RequestState.DECLINED, alice.handle(), NOW);
    requests.end(declined, alice.id());
    Instance own = stored(AnInstance.of(bob, "own").build());
    BorrowRequest ofBob = asked(ARequest.of(carol, own).at(NOW.plusSeconds(9)));

    assertThat(sided(bob, RequestSide.OF_ME)).containsExactly(ofBob);
    assertThat(sided(bob, RequestSide.BY_ME)).containsExactlyInAnyOrder(open, declined);
    assertThat(
            requests.list(
                bob.id(), none(), Optional.of(RequestState.DECLINED), none(), NOW, none(), 99))
        .containsExactly(declined);
  }

  @Test
  void a_list_shows_what_ended_after_a_time() {
    Instant longAgo = NOW.minusSeconds(60);
    BorrowRequest late = ended(ARequest.of(bob, x), NOW);
    ended(ARequest.of(bob, x).asking(model("m")), longAgo);
    asked(ARequest.of(bob, x).asking(model("n")));

    for (User each : List.of(bob, alice)) {
      assertThat(requests.list(each.id(), none(), none(), Optional.of(longAgo), NOW, none(), 99))
          .containsExactly(late);
    }
    assertThat(requests.list(bob.id(), none(), none(), Optional.of(NOW), NOW, none(), 99))
        .isEmpty();
  }

  private BorrowRequest ended(ARequest request, Instant at) {
    BorrowRequest ended = asked(request).ended(RequestState.DECLINED, alice.handle(), at);
    requests.end(ended, alice.id());
    return ended;
  }

  private List<BorrowRequest> sided(User user, RequestSide side) {
    return requests.list(user.id(), Optional.of(side), none(), none(), NOW, none(), 99);
  }

  @Test
  void co_owners_are_asked_while_their_share_lasts() {
    BorrowRequest open = asked(ARequest.of(bob, x));
    Instant end = NOW.plusSeconds(60);
    shared(x, AShare.with(carol).role(Role.OWNER).expiresAt(end).givenBy(alice).build(), alice);
    User dave = user("dave");
    shared(x, AShare.with(dave).role(Role.WRITER).givenBy(alice).build(), alice);

    assertThat(listed(carol)).containsExactly(open);
    assertThat(requests.list(carol.id(), none(), none(), none(), end, none(), 99)).isEmpty();
    assertThat(listed(dave)).isEmpty();
  }

  @Test
  void open_requests_are_counted_for_askers_and_owners() {
    BorrowRequest first = asked(ARequest.of(bob, x));
    asked(ARequest.of(bob, x).asking(model("m")));
    asked(ARequest.of(carol, x));

    assertThat(counted(() -> requests.lockAndCountOpenOf(bob.id(), 9))).isEqualTo(2);
    assertThat(counted(() -> requests.lockAndCountOpenFor(alice.id(), 9))).isEqualTo(3);
    assertThat(counted(() -> requests.lockAndCountOpenFor(alice.id(), 2))).isEqualTo(2);
    requests.end(first.ended(RequestState.WITHDRAWN, bob.handle(), NOW), bob.id());
    assertThat(counted(() -> requests.lockAndCountOpenOf(bob.id(), 9))).isEqualTo(1);
    assertThat(counted(() -> requests.lockAndCountOpenFor(bob.id(), 9))).isZero();
  }

  private int counted(Supplier<Integer> count) {
    return ports.transactions().inTransaction(count);
  }

  @Test
  void the_requests_of_a_day_are_counted_whatever_became_of_them() {
    BorrowRequest first = asked(ARequest.of(bob, x));
    requests.end(first.ended(RequestState.WITHDRAWN, bob.handle(), NOW), bob.id());
    BorrowRequest second = asked(ARequest.of(bob, x).asking(model("m")));
    BorrowRequest other = asked(ARequest.of(carol, x));

    assertThat(requests.countOfSameDay(second, 9)).isEqualTo(2);
    assertThat(requests.countOfSameDay(second, 1)).isEqualTo(1);
    assertThat(requests.countOfSameDay(other, 9)).isEqualTo(1);
  }

  @Test
  void requests_go_with_their_service_and_their_asker() {
    asked(ARequest.of(bob, x));
    asked(ARequest.of(carol, x));
    ports.users().delete(bob.id());
    assertThat(listed(alice)).hasSize(1);
    ports.instances().delete(x.id());
    assertThat(listed(carol)).isEmpty();
  }

  @Test
  void a_service_or_asker_that_is_gone_gets_no_request() {
    User gone = user("gone");
    Instance unstored = AnInstance.of(alice, "unstored").build();
    ports.users().delete(gone.id());

    assertLost(
        ConcurrencyConflict.How.REFERENCE_GONE,
        () -> requests.insert(ARequest.of(gone, x).build()));
    assertLost(
        ConcurrencyConflict.How.REFERENCE_GONE,
        () -> requests.insert(ARequest.of(bob, unstored).build()));
  }

  @Test
  void old_requests_are_deleted_ended_or_not() {
    Instant asked = databaseNow().minusSeconds(2_000);
    BorrowRequest open = asked(ARequest.of(bob, x).at(asked));
    BorrowRequest ended = asked(ARequest.of(carol, x).at(asked));
    requests.end(
        ended.ended(RequestState.DECLINED, alice.handle(), asked.plusSeconds(1_000)), alice.id());

    assertThat(requests.deleteOlderThan(Duration.ofSeconds(3_000))).isZero();
    assertThat(requests.deleteOlderThan(Duration.ofSeconds(1_500))).isEqualTo(1);
    assertThat(requests.find(open.id())).isEmpty();
    assertThat(requests.deleteOlderThan(Duration.ofSeconds(500))).isEqualTo(1);
  }

  @Test
  void an_owner_was_asked_by_those_who_made_a_request_open_or_ended() {
    assertThat(requests.hasAsked(alice.id(), bob.handle())).isFalse();
    BorrowRequest asked = asked(ARequest.of(bob, x));
    assertThat(requests.hasAsked(alice.id(), bob.handle())).isTrue();
    requests.end(asked.ended(RequestState.DECLINED, alice.handle(), NOW), alice.id());

    assertThat(requests.hasAsked(alice.id(), bob.handle())).isTrue();
    assertThat(requests.hasAsked(alice.id(), carol.handle())).isFalse();
    assertThat(requests.hasAsked(carol.id(), bob.handle())).isFalse();
    assertThat(requests.hasAsked(alice.id(), handle("unknown"))).isFalse();
  }

  @Test
  void owners_mute_some_or_everybody() {
    assertThat(requests.mutedBy(alice.id())).isEqualTo(MutedAskers.NOBODY);
    MutedAskers some = new MutedAskers(false, Set.of(bob.handle()));
    assertThat(requests.mute(alice.id(), some)).isTrue();
    assertThat(requests.mutedBy(alice.id())).isEqualTo(some);
    assertThat(requests.isMuted(alice.id(), bob.id())).isTrue();
    assertThat(requests.isMuted(alice.id(), carol.id())).isFalse();
    assertThat(requests.isMuted(bob.id(), alice.id())).isFalse();

    MutedAskers ofCarol = new MutedAskers(false, Set.of(alice.handle(), bob.handle()));
    assertThat(requests.mute(carol.id(), ofCarol)).isTrue();
    assertThat(requests.mutedBy(alice.id())).isEqualTo(some);

    MutedAskers all = new MutedAskers(true, Set.of(carol.handle()));
    assertThat(requests.mute(alice.id(), all)).isTrue();
    assertThat(requests.mutedBy(alice.id())).isEqualTo(all);
    assertThat(requests.isMuted(alice.id(), bob.id())).isTrue();
    assertThat(requests.mute(alice.id(), MutedAskers.NOBODY)).isTrue();
    assertThat(requests.isMuted(alice.id(), carol.id())).isFalse();
    assertThat(requests.mute(alice.id(), new MutedAskers(false, Set.of(handle("unknown")))))
        .isFalse();
    assertThat(requests.mutedBy(carol.id())).isEqualTo(ofCarol);
  }
}
