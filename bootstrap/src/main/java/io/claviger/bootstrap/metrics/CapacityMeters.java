package io.claviger.bootstrap.metrics;

import io.claviger.application.capacity.port.CapacityRecords.BusyCapacity;
import io.claviger.domain.fairness.CapacityKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The metrics about the use of the providers' limits, and about calls that wait for capacity. Only
 * the services with the most calls have their own labels. The waits and refusals of all other
 * services are counted together.
 */
final class CapacityMeters {
  private static final String OTHER = "other";

  private final MeterRegistry registry;
  private final MultiGauge used;
  private final MultiGauge waiting;
  private final Map<String, Timer> waits = new ConcurrentHashMap<>();
  private final Map<String, Counter> refused = new ConcurrentHashMap<>();
  private final Map<Refusals, Counter> refusals = new ConcurrentHashMap<>();
  private volatile Set<String> shown = Set.of();

  /** The labels of the counter that counts providers' 429 answers. */
  private record Refusals(String service, boolean stated) {}

  CapacityMeters(MeterRegistry registry) {
    this.registry = registry;
    this.used =
        MultiGauge.builder("claviger.capacity.used")
            .description("Fraction of a provider's limit that calls used in the last whole minute")
            .register(registry);
    this.waiting =
        MultiGauge.builder("claviger.queue.length")
            .description("Calls on all nodes that wait because of a provider's limits")
            .register(registry);
  }

  /**
   * Returns the id of the service, or the name of the group of services that share one capacity.
   */
  private static String name(CapacityKey capacity) {
    String prefix = "service:";
    String value = capacity.value();
    return value.startsWith(prefix) ? value.substring(prefix.length()) : value;
  }

  void show(List<BusyCapacity> busiest) {
    used.register(
        busiest.stream()
            .flatMap(
                each ->
                    each.used().entrySet().stream()
                        .map(
                            part ->
                                Row.of(
                                    Tags.of("service", name(each.capacity()))
                                        .and("limit", part.getKey()),
                                    part.getValue())))
            .collect(Collectors.toList()),
        true);
    waiting.register(
        busiest.stream()
            .map(each -> Row.of(Tags.of("service", name(each.capacity())), each.waiting()))
            .collect(Collectors.toList()),
        true);
    shown =
        busiest.stream().map(each -> name(each.capacity())).collect(Collectors.toUnmodifiableSet());
    removeHidden(waits, Function.identity());
    removeHidden(refused, Function.identity());
    removeHidden(refusals, Refusals::service);
  }

  private <K> void removeHidden(Map<K, ? extends Meter> meters, Function<K, String> service) {
    for (K key : List.copyOf(meters.keySet())) {
      Meter removed = isHidden(service.apply(key)) ? meters.remove(key) : null;
      if (removed != null) {
        registry.remove(removed);
      }
    }
  }

  private boolean isHidden(String service) {
    return !shown.contains(service) && !service.equals(OTHER);
  }

  private String shownName(CapacityKey capacity) {
    String service = name(capacity);
    return shown.contains(service) ? service : OTHER;
  }

  void recordWait(CapacityKey capacity, Duration waited) {
    waits.computeIfAbsent(shownName(capacity), this::timer).record(waited);
  }

  /**
   * Counts a call that was refused because no capacity became free during its maximum waiting time.
   */
  void countRefused(CapacityKey capacity) {
    refused.computeIfAbsent(shownName(capacity), this::refusedCounter).increment();
  }

  private Counter refusedCounter(String service) {
    return Counter.builder("claviger.capacity.refused")
        .description("Calls refused because a provider's limits left no room in time")
        .tag("service", service)
        .register(registry);
  }

  /**
   * Counts an answer with status 429, by which a provider says that the account calls too often.
   *
   * @param stated whether the service's owner has stated the provider's limits
   */
  void countRateLimited(CapacityKey capacity, boolean stated) {
    refusals.computeIfAbsent(new Refusals(shownName(capacity), stated), this::counter).increment();
  }

  private Counter counter(Refusals of) {
    return Counter.builder("claviger.provider.rate.limited")
        .description(
            "429 answers of providers to calls with lent keys, because of an account's pace")
        .tag("service", of.service)
        .tag("stated", Boolean.toString(of.stated))
        .register(registry);
  }

  private Timer timer(String service) {
    return Timer.builder("claviger.wait")
        .description("Time that calls waited because of a provider's limits")
        .tag("service", service)
        .serviceLevelObjectives(
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(2))
        .register(registry);
  }
}
