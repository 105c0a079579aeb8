package io.claviger.application.fakes;

import io.claviger.application.connections.port.ConnectionStore;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.usage.UsageAccount;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** {@link ConnectionStore} in memory, for nodes that live. */
public final class InMemoryConnections implements ConnectionStore {
  private final Map<UUID, Line> lines = new LinkedHashMap<>();

  private record Line(UUID node, UsageAccount account, OpenConnection shown, boolean endAsked) {}

  @Override
  public synchronized Set<UUID> report(
      UUID node, String name, Collection<NodeConnection> open, Collection<UUID> ended) {
    Set<UUID> ends =
        lines.entrySet().stream()
            .filter(line -> line.getValue().node().equals(node) && line.getValue().endAsked())
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    ended.forEach(lines::remove);
    for (NodeConnection each : open) {
      Line before = lines.get(each.id());
      OpenConnection shown =
          new OpenConnection(
              each.id(),
              each.account().ref().toString(),
              each.account().project().map(of -> of.ref().toString()),
              each.account().handle(),
              before == null ? Instant.now().minus(each.age()) : before.shown().since(),
              each.counts(),
              name);
      lines.put(
          each.id(), new Line(node, each.account(), shown, before != null && before.endAsked()));
    }
    return ends;
  }

  @Override
  public synchronized List<OpenConnection> list(
      Question of, Optional<TimeCursor> after, int limit) {
    return lines.values().stream()
        .filter(line -> isAmong(line, of))
        .map(Line::shown)
        .sorted(Comparator.comparing(OpenConnection::since).thenComparing(OpenConnection::id))
        .filter(shown -> after.filter(at -> shown.since().compareTo(at.at()) <= 0).isEmpty())
        .limit(limit)
        .toList();
  }

  private static boolean isAmong(Line line, Question of) {
    UsageAccount account = line.account();
    return of.service().filter(id -> !id.equals(account.instance())).isEmpty()
        && of.caller().filter(id -> !id.equals(account.user())).isEmpty()
        && of.only()
            .filter(
                id ->
                    !id.equals(account.instance().value())
                        && account.project().filter(p -> p.id().value().equals(id)).isEmpty())
            .isEmpty();
  }

  @Override
  public synchronized boolean end(UUID id, Question among) {
    Line line = lines.get(id);
    if (line == null || !isAmong(line, among)) {
      return false;
    }
    lines.put(id, new Line(line.node(), line.account(), line.shown(), true));
    return true;
  }

  @Override
  public int removeOld() {
    return 0;
  }
}
