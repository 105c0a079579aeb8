package io.claviger.application.activity;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.activity.port.ActivityStore;
import io.claviger.application.activity.port.ActivityStore.AccountActivity;
import io.claviger.application.activity.port.ActivityStore.Used;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeActivityTest {
  private final AtomicLong now = new AtomicLong(Duration.ofSeconds(100).toNanos());
  private final NodeActivity activity = new NodeActivity(now::get);
  private final Store store = new Store();

  /** Remembers the last report of a node. */
  private static final class Store implements ActivityStore {
    private final List<List<AccountActivity>> told = new ArrayList<>();
    private int asked;
    private boolean watched = true;

    @Override
    public boolean isWatched() {
      asked++;
      return watched;
    }

    @Override
    public void report(UUID node, List<AccountActivity> accounts) {
      told.add(accounts);
    }

    @Override
    public Seen look(Question of, int limit) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int removeOld() {
      throw new UnsupportedOperationException();
    }
  }

  private static UsageAccount account(int number) {
    return new UsageAccount(
        new User.Id(new UUID(1, number)),
        new Handle("u" + number),
        new Instance.Id(new UUID(2, 1)),
        Instance.Ref.of("alice/chat"),
        new User.Id(new UUID(1, 0)),
        Optional.empty());
  }

  private static UsageRow row(int number, long calls) {
    return new UsageRow(
        LocalDate.EPOCH,
        account(number),
        KeySource.CENTRAL,
        CountedModel.of(UsageModel.UNKNOWN),
        PriceVersions.NONE,
        new UsageCounts(calls, 0, 0, 0, 3 * calls, 5 * calls));
  }

  private void pass(int seconds) {
    long unused = now.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  private List<AccountActivity> told() {
    activity.report(store);
    return store.told.getLast();
  }

  @Test
  void an_idle_node_does_not_ask_the_database() {
    activity.report(store);

    assertThat(store.asked).isZero();
  }

  @Test
  void nothing_is_told_while_nobody_looks() {
    store.watched = false;
    activity.ended(List.of(row(1, 1)));
    activity.report(store);

    assertThat(store.told).isEmpty();
  }

  @Test
  void a_node_that_is_idle_again_does_not_ask_whether_somebody_still_looks() {
    activity.ended(List.of(row(1, 1)));
    activity.report(store);
    store.watched = false;
    pass(61);
    activity.report(store);
    int asked = store.asked;
    activity.report(store);

    assertThat(store.asked).isEqualTo(asked);
  }

  @Test
  void calls_that_run_on_all_event_loops_are_summed_up() {
    Object loop = new Object();
    activity.running(loop, Map.of(account(1), 2));
    activity.running(new Object(), Map.of(account(1), 3, account(2), 1));

    assertThat(told()).extracting(AccountActivity::running).containsExactly(5, 1);

    activity.running(loop, Map.of());

    assertThat(told()).extracting(AccountActivity::running).containsExactly(3, 1);
  }

  @Test
  void what_ended_counts_for_a_minute() {
    activity.ended(List.of(row(1, 1), row(1, 1)));
    pass(30);
    activity.ended(List.of(row(1, 4)));

    assertThat(told())
        .containsExactly(
            new AccountActivity(account(1), 0, new Used(6, 0, 18, 30, Optional.empty())));

    pass(31);

    assertThat(told().getFirst().minute().calls()).isEqualTo(4);

    pass(31);

    assertThat(told()).isEmpty();
    int asked = store.asked;
    activity.report(store);
    assertThat(store.asked).isEqualTo(asked);
  }

  @Test
  void only_the_busiest_accounts_are_told() {
    activity.ended(IntStream.range(0, 6_000).mapToObj(n -> row(n, n + 1)).toList());
    activity.running(new Object(), Map.of(account(5_900), 1));

    assertThat(told()).hasSize(500);
    assertThat(told().getFirst().account()).isEqualTo(account(5_900));
    assertThat(told().get(1).minute().calls()).isEqualTo(5_000);
  }
}
