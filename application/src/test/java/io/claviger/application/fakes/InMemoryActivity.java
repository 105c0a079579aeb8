package io.claviger.application.fakes;

import io.claviger.application.activity.port.ActivityStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.ActivitySight;
import io.claviger.domain.usage.UsageAccount;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * {@link ActivityStore} in memory. All nodes are alive, and once somebody has looked, nodes always
 * report.
 */
public final class InMemoryActivity implements ActivityStore {
  private final Map<UUID, List<AccountActivity>> told = new LinkedHashMap<>();
  private boolean watched;

  @Override
  public synchronized boolean isWatched() {
    return watched;
  }

  @Override
  public synchronized void report(UUID node, List<AccountActivity> accounts) {
    told.put(node, List.copyOf(accounts));
  }

  @Override
  public synchronized Seen look(Question of, int limit) {
    boolean before = watched;
    watched = true;
    Map<UsageAccount, Line> lines = new LinkedHashMap<>();
    told.values().stream()
        .flatMap(List::stream)
        .filter(each -> isSeen(each.account(), of))
        .forEach(each -> lines.merge(each.account(), line(each), InMemoryActivity::plus));
    return new Seen(
        before,
        lines.size(),
        lines.values().stream()
            .sorted(
                Comparator.comparingLong(Line::running)
                    .thenComparingLong(line -> line.minute().calls())
                    .thenComparingLong(line -> line.minute().refused())
                    .reversed())
            .limit(limit)
            .toList());
  }

  private static boolean isSeen(UsageAccount account, Question of) {
    User.Id viewer = of.viewer();
    boolean owned =
        account.owner().equals(viewer)
            || account.project().filter(p -> p.owner().equals(viewer)).isPresent();
    boolean within =
        of.only()
            .filter(
                id ->
                    !id.equals(account.instance().value())
                        && account.project().filter(p -> p.id().value().equals(id)).isEmpty())
            .isEmpty();
    return within
        && (of.sight() == ActivitySight.ALL
            || account.user().equals(viewer)
            || (of.sight() == ActivitySight.OWNED && owned));
  }

  private static Line line(AccountActivity each) {
    return new Line(
        each.account().ref().toString(),
        each.account().project().map(of -> of.ref().toString()),
        each.account().handle(),
        each.running(),
        each.minute());
  }

  private static Line plus(Line one, Line other) {
    Used a = one.minute();
    Used b = other.minute();
    return new Line(
        one.service(),
        one.project(),
        one.user(),
        one.running() + other.running(),
        new Used(
            a.calls() + b.calls(),
            a.refused() + b.refused(),
            a.inputTokens() + b.inputTokens(),
            a.outputTokens() + b.outputTokens(),
            Stream.of(a.cost(), b.cost()).flatMap(Optional::stream).reduce(Long::sum)));
  }

  @Override
  public synchronized int removeOld() {
    return 0;
  }
}
