package io.claviger.application.fakes;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.claviger.application.capacity.port.CapacityRecords;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.PaceUse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;

/** What a test says that nodes recorded of capacities. */
public final class InMemoryCapacityRecords implements CapacityRecords {
  private final List<Entry> entries = new ArrayList<>();
  private final Map<CapacityKey, List<RecordedLimit>> limits = new LinkedHashMap<>();
  private final Map<CapacityKey, WaitingCalls> waiting = new LinkedHashMap<>();

  /**
   * What a borrower used in a minute.
   *
   * @param name empty for somebody who has left
   */
  public record Entry(
      CapacityKey capacity,
      Instant minute,
      UUID borrower,
      Optional<String> name,
      PaceUse used,
      Waits waits) {}

  public synchronized void add(Entry entry) {
    entries.add(entry);
  }

  public synchronized void set(
      CapacityKey capacity, WaitingCalls calls, List<RecordedLimit> known) {
    waiting.put(capacity, calls);
    limits.put(capacity, known);
  }

  @Override
  public synchronized List<RecordedLimit> limits(CapacityKey capacity) {
    return limits.getOrDefault(capacity, List.of());
  }

  @Override
  public synchronized WaitingCalls waiting(CapacityKey capacity) {
    return waiting.getOrDefault(capacity, WaitingCalls.NONE);
  }

  @Override
  public synchronized List<MinuteRecord> minutes(CapacityKey capacity, Optional<UUID> borrower) {
    return of(capacity, borrower).stream()
        .collect(groupingBy(Entry::minute, TreeMap::new, toList()))
        .entrySet()
        .stream()
        .map(each -> new MinuteRecord(each.getKey(), used(each.getValue()), waits(each.getValue())))
        .toList();
  }

  @Override
  public synchronized List<BorrowerRecord> borrowers(
      CapacityKey capacity, Optional<UUID> borrower) {
    return of(capacity, borrower).stream().collect(groupingBy(Entry::borrower)).values().stream()
        .map(
            each ->
                new BorrowerRecord(
                    each.getFirst().name(), OptionalInt.of(10), used(each), waits(each), 1))
        .sorted((one, other) -> Long.compare(other.used().calls(), one.used().calls()))
        .toList();
  }

  @Override
  public List<BusyCapacity> busiest(int most) {
    return List.of();
  }

  private List<Entry> of(CapacityKey capacity, Optional<UUID> borrower) {
    return entries.stream()
        .filter(each -> each.capacity.equals(capacity))
        .filter(each -> borrower.isEmpty() || borrower.get().equals(each.borrower))
        .toList();
  }

  private static PaceUse used(List<Entry> of) {
    return of.stream().map(Entry::used).reduce(PaceUse.NONE, PaceUse::plus);
  }

  private static Waits waits(List<Entry> of) {
    return of.stream()
        .map(Entry::waits)
        .reduce(
            new Waits(0, Duration.ZERO, 0),
            (one, other) ->
                new Waits(
                    one.calls() + other.calls(),
                    one.time().plus(other.time()),
                    one.refused() + other.refused()));
  }
}
