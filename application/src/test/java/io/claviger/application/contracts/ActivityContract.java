package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.activity.port.ActivityStore;
import io.claviger.application.activity.port.ActivityStore.AccountActivity;
import io.claviger.application.activity.port.ActivityStore.Line;
import io.claviger.application.activity.port.ActivityStore.Question;
import io.claviger.application.activity.port.ActivityStore.Used;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.ActivitySight;
import io.claviger.domain.usage.UsageAccount;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What {@link ActivityStore} promises. */
public abstract class ActivityContract extends CalledServiceContract {
  private static final UUID ONE = new UUID(1, 1);
  private static final UUID OTHER = new UUID(1, 2);

  private static AccountActivity activity(UsageAccount account, int running, long calls) {
    return new AccountActivity(
        account, running, new Used(calls, 1, 10, 20, Optional.of(7L).filter(any -> calls > 1)));
  }

  private ActivityStore store() {
    return ports.activity();
  }

  private List<Line> seen(User viewer, ActivitySight sight) {
    return store().look(new Question(viewer.id(), sight, Optional.empty()), 10).lines();
  }

  @Test
  void nodes_are_asked_to_tell_something_once_somebody_looks() {
    assertThat(store().isWatched()).isFalse();

    assertThat(seen(alice, ActivitySight.OWN)).isEmpty();

    assertThat(store().isWatched()).isTrue();
  }

  @Test
  void what_nodes_tell_is_summed_up_and_the_busiest_come_first() {
    store()
        .report(
            ONE,
            List.of(activity(account(bob, false), 1, 2), activity(account(alice, false), 2, 1)));
    store().report(OTHER, List.of(activity(account(bob, false), 3, 4)));

    assertThat(seen(alice, ActivitySight.OWNED))
        .containsExactly(
            new Line(
                "alice/chat",
                Optional.empty(),
                bob.handle(),
                4,
                new Used(6, 2, 20, 40, Optional.of(14L))),
            new Line(
                "alice/chat",
                Optional.empty(),
                alice.handle(),
                2,
                new Used(1, 1, 10, 20, Optional.empty())));
  }

  @Test
  void a_node_replaces_what_it_told_before() {
    store()
        .report(
            ONE, List.of(activity(account(bob, false), 1, 2), activity(account(bob, true), 1, 2)));
    store().report(ONE, List.of(activity(account(bob, true), 0, 1)));

    assertThat(seen(alice, ActivitySight.ALL))
        .hasSize(1)
        .first()
        .extracting(Line::running)
        .isEqualTo(0L);

    store().report(ONE, List.of());

    assertThat(seen(alice, ActivitySight.ALL)).isEmpty();
  }

  @Test
  void callers_see_their_own_owners_all_of_their_services_and_administrators_everything() {
    store()
        .report(
            ONE,
            List.of(activity(account(bob, true), 1, 2), activity(account(alice, false), 1, 1)));
    User carol = user("carol");

    assertThat(users(bob, ActivitySight.OWN)).containsExactly(bob.handle());
    assertThat(users(bob, ActivitySight.OWNED)).containsExactly(bob.handle());
    assertThat(users(alice, ActivitySight.OWN)).containsExactly(alice.handle());
    assertThat(users(alice, ActivitySight.OWNED)).containsExactly(bob.handle(), alice.handle());
    assertThat(users(carol, ActivitySight.OWNED)).isEmpty();
    assertThat(users(carol, ActivitySight.ALL)).hasSize(2);
  }

  private List<Handle> users(User viewer, ActivitySight sight) {
    return seen(viewer, sight).stream().map(Line::user).toList();
  }

  @Test
  void a_token_for_a_project_shows_only_calls_through_it() {
    store()
        .report(
            ONE, List.of(activity(account(bob, true), 1, 2), activity(account(bob, false), 1, 1)));

    assertThat(
            store()
                .look(
                    new Question(bob.id(), ActivitySight.OWN, Optional.of(project.id().value())),
                    10)
                .lines())
        .hasSize(1)
        .first()
        .extracting(Line::project)
        .isEqualTo(Optional.of("alice/p"));
  }

  @Test
  void what_does_not_fit_is_counted() {
    store()
        .report(
            ONE, List.of(activity(account(bob, true), 1, 2), activity(account(bob, false), 2, 1)));

    ActivityStore.Seen seen =
        store().look(new Question(alice.id(), ActivitySight.OWNED, Optional.empty()), 1);

    assertThat(seen.accounts()).isEqualTo(2);
    assertThat(seen.lines()).hasSize(1).first().extracting(Line::running).isEqualTo(2L);
  }

  @Test
  void what_was_told_just_now_is_not_removed() {
    store().report(ONE, List.of(activity(account(bob, false), 1, 2)));

    assertThat(store().removeOld()).isZero();
  }
}
