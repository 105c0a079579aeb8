package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.domain.accounts.User;
import io.claviger.testkit.Race;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What {@link ChangeFeed} promises. */
public abstract class ChangeFeedContract extends ChangesContract {
  @Test
  void who_begins_is_told_that_everything_may_have_changed() {
    assertThat(ports.changes().since(OptionalLong.empty()).everything()).isTrue();
  }

  @Test
  void where_nothing_was_changed_nothing_is_told_and_the_point_stays() {
    long point = point();

    assertThat(since(point)).isEqualTo(new ChangeFeed.Since(point, Set.of(), false));
  }

  @Test
  void a_point_that_was_never_reached_is_worth_nothing() {
    assertThat(since(point() + 1_000).everything()).isTrue();
  }

  @Test
  void what_was_told_is_not_told_again() {
    long before = point();
    update(alice);
    ChangeFeed.Since first = since(before);
    update(bob);

    assertThat(first.subjects()).containsExactly(alice.id().value());
    assertThat(since(first.point()).subjects()).containsExactly(bob.id().value());
    assertThat(since(before).subjects())
        .containsExactlyInAnyOrder(alice.id().value(), bob.id().value());
  }

  @Test
  void nothing_is_told_while_a_transaction_is_open() {
    long before = point();

    ChangeFeed.Since within =
        ports
            .transactions()
            .inTransaction(
                () -> {
                  update(alice);
                  return since(before);
                });

    assertThat(within).isEqualTo(new ChangeFeed.Since(before, Set.of(), false));
    assertThat(since(before).subjects()).containsExactly(alice.id().value());
  }

  @Test
  void one_transaction_is_one_point() {
    long before = point();

    boolean unused =
        ports
            .transactions()
            .inTransaction(
                () -> {
                  update(alice);
                  update(bob);
                  return true;
                });

    assertThat(since(before))
        .isEqualTo(
            new ChangeFeed.Since(before + 1, Set.of(alice.id().value(), bob.id().value()), false));
  }

  @Test
  void what_is_rolled_back_is_not_told() {
    long before = point();

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                ports
                    .transactions()
                    .inTransaction(
                        () -> {
                          update(alice);
                          throw new IllegalStateException("no");
                        }));

    assertThat(since(before)).isEqualTo(new ChangeFeed.Since(before, Set.of(), false));
  }

  @Test
  void who_changed_something_is_told_of_it_at_once_in_any_company() {
    List<User> users = users(16);

    List<Boolean> told =
        Race.of(
            16,
            n -> {
              long before = point();
              update(users.get(n));
              return since(before).subjects().contains(users.get(n).id().value());
            },
            10);

    assertThat(told).hasSize(160).containsOnly(true);
  }

  /**
   * If points were not given in the order of the commits, a reader that has passed a point could
   * miss a change with an earlier point.
   */
  @Test
  void who_read_up_to_a_point_has_missed_nothing_before_it() {
    int writers = 15;
    int each = 20;
    List<User> users = users(writers * each);
    AtomicInteger next = new AtomicInteger();
    AtomicInteger writing = new AtomicInteger(writers);
    Set<UUID> told = new HashSet<>();
    AtomicBoolean everything = new AtomicBoolean();
    long begin = point();

    List<Boolean> unused =
        Race.of(
            writers + 1,
            n -> {
              if (n < writers) {
                for (int i = 0; i < each; i++) {
                  update(users.get(next.getAndIncrement()));
                }
                return writing.decrementAndGet() >= 0;
              }
              long point = begin;
              boolean last;
              do {
                last = writing.get() == 0;
                ChangeFeed.Since since = since(point);
                told.addAll(since.subjects());
                everything.compareAndSet(false, since.everything());
                point = since.point();
              } while (!last);
              return true;
            },
            1);

    assertThat(everything).isFalse();
    assertThat(told)
        .containsExactlyInAnyOrderElementsOf(users.stream().map(u -> u.id().value()).toList());
    assertThat(point() - begin).isEqualTo(users.size());
  }

  private List<User> users(int count) {
    List<User> users = new ArrayList<>();
    boolean unused =
        ports
            .transactions()
            .inTransaction(
                () -> {
                  for (int i = 0; i < count; i++) {
                    users.add(user("user-" + i));
                  }
                  return true;
                });
    return users;
  }
}
