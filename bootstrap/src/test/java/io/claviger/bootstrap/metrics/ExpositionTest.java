package io.claviger.bootstrap.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.Gateway.ProviderConnections;
import io.claviger.gateway.events.GatewayEvents.Bound;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.claviger.host.Build;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The text that Prometheus reads, by the rules of {@code promtool check metrics}. */
class ExpositionTest {
  private static final Set<String> ABBREVIATIONS =
      Set.of("s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d");
  private static final Set<String> NO_BASE_UNITS =
      Set.of(
          "milliseconds",
          "microseconds",
          "nanoseconds",
          "minutes",
          "hours",
          "days",
          "bits",
          "kilobytes",
          "megabytes",
          "gigabytes");
  private static final Set<String> TYPES = Set.of("counter", "gauge", "histogram", "summary");

  private final Metrics metrics = new Metrics();
  private final HikariDataSource pool = unconnected();

  @BeforeEach
  void measure() {
    metrics.watch(pool);
    metrics.watch(() -> new ProviderConnections(2, 1));
    metrics.connectionRefused(Bound.IDLE);
    metrics.callFinished(
        new FinishedCall(
            Optional.of(WireFormat.OPENAI),
            200,
            Optional.of(KeySource.CENTRAL),
            Optional.empty(),
            1_000,
            1_000,
            0,
            Optional.empty()));
  }

  @AfterEach
  void close() {
    metrics.close();
    pool.close();
  }

  @Test
  void no_metric_breaks_a_rule_of_promtool() {
    List<String> faults = new ArrayList<>();
    Map<String, String> types = families("# TYPE ");
    Map<String, String> helps = families("# HELP ");
    assertThat(types).hasSizeGreaterThan(20);
    types.forEach(
        (name, type) -> {
          if (helps.getOrDefault(name, "").isBlank()) {
            faults.add(name + ": no help text");
          }
          if (type.equals("counter") != name.endsWith("_total")) {
            faults.add(name + ": is a " + type);
          }
          boolean distribution = type.equals("histogram") || type.equals("summary");
          if (!distribution && name.matches(".*_(bucket|count|sum)")) {
            faults.add(name + ": has a suffix that is reserved");
          }
          if (!name.matches("[a-z][a-z0-9_]*")) {
            faults.add(name + ": is not in snake case");
          }
          for (String word : Arrays.asList(name.split("_"))) {
            if (ABBREVIATIONS.contains(word) || NO_BASE_UNITS.contains(word)) {
              faults.add(name + ": has the unit " + word);
            }
            if (TYPES.contains(word)) {
              faults.add(name + ": has a type in its name");
            }
          }
        });
    assertThat(faults).isEmpty();
  }

  @Test
  void the_build_the_collector_and_the_processor_time_are_told() {
    System.gc();

    assertThat(metrics.scrape())
        .contains("claviger_build_info{java=\"" + Runtime.version().feature())
        .contains(",version=\"" + Build.current().version() + "\"} 1")
        .contains(
            "jvm_gc_max_data_size_bytes ", "# TYPE jvm_gc_memory_allocated_bytes_total counter")
        .containsPattern("(?m)^process_cpu_seconds_total [0-9.]+")
        .containsPattern("(?m)^system_cpus [0-9.]+");
  }

  private Map<String, String> families(String begin) {
    Map<String, String> families = new LinkedHashMap<>();
    metrics
        .scrape()
        .lines()
        .filter(line -> line.startsWith(begin))
        .map(line -> line.substring(begin.length()).split(" ", 2))
        .forEach(parts -> families.put(parts[0], parts.length > 1 ? parts[1] : ""));
    return families;
  }

  private static HikariDataSource unconnected() {
    HikariConfig config = new HikariConfig();
    config.setPoolName("claviger");
    config.setJdbcUrl("jdbc:postgresql://127.0.0.1:1/none");
    config.setMinimumIdle(0);
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }
}
