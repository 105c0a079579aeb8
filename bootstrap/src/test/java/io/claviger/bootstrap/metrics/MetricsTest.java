package io.claviger.bootstrap.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.audit.AuditKeys;
import io.claviger.application.audit.AuditSealer;
import io.claviger.application.capacity.port.CapacityRecords.BusyCapacity;
import io.claviger.application.fakes.InMemoryHeadSigner;
import io.claviger.application.fakes.InMemoryPorts;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.health.NodeHealth;
import io.claviger.application.health.Readiness.ReadinessCheck;
import io.claviger.application.health.TaskRecords;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.CapacityKey;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.fairness.ProviderLimits;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.projects.Project;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.gateway.events.GatewayEvents.Bound;
import io.claviger.gateway.events.GatewayEvents.FinishedCall;
import io.claviger.gateway.events.GatewayEvents.RecordedUse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final Pattern LABEL = Pattern.compile("[{,](\\w+)=\"");

  private final Metrics metrics = new Metrics();

  @Test
  void calls_are_told_apart_by_format_status_source_and_code_and_by_nobodys_name() {
    for (WireFormat format : WireFormat.values()) {
      for (KeySource source : KeySource.values()) {
        metrics.callFinished(through(format, 200, source, Optional.empty()));
        metrics.callFinished(through(format, 502, source, Optional.of("provider_broke_off")));
      }
    }
    String ours = gateways();

    for (WireFormat format : WireFormat.values()) {
      for (KeySource source : KeySource.values()) {
        assertThat(ours)
            .contains(
                "claviger_gateway_calls_total{code=\"none\",format=\"%s\",key_source=\"%s\",status=\"200\"} 1.0"
                    .formatted(format.wireName(), source.wireName()))
            .contains(
                "claviger_gateway_calls_total{code=\"provider_broke_off\",format=\"%s\",key_source=\"%s\",status=\"502\"} 1.0"
                    .formatted(format.wireName(), source.wireName()));
      }
    }
    assertThat(ours).doesNotContain("canary");
    assertThat(LABEL.matcher(ours).results().map(MatchResult::group).distinct())
        .containsExactlyInAnyOrder(
            "{bound=\"",
            "{code=\"",
            ",format=\"",
            "{format=\"",
            ",key_source=\"",
            ",status=\"",
            ",le=\"");
  }

  @Test
  void calls_that_the_database_did_not_decide_are_counted_from_the_start() {
    assertThat(metrics.scrape()).contains("claviger_gateway_calls_undecided_total 0.0");
    metrics.callUndecided();
    assertThat(metrics.scrape()).contains("claviger_gateway_calls_undecided_total 1.0");
  }

  @Test
  void what_a_node_finds_when_it_looks_at_itself_is_no_number_until_it_has_looked() {
    NodeHealth health =
        new NodeHealth(
            () ->
                List.of(new ReadinessCheck("database", true), new ReadinessCheck("schema", false)),
            () -> Instant.EPOCH.plusSeconds(7),
            () -> Instant.EPOCH);
    metrics.watchHealth(health);
    assertThat(metrics.scrape())
        .contains("claviger_ready{check=\"database\"} NaN", "claviger_clock_offset_seconds NaN");

    health.look();
    assertThat(metrics.scrape())
        .contains(
            "claviger_ready{check=\"database\"} 1.0",
            "claviger_ready{check=\"schema\"} 0.0",
            "claviger_ready{check=\"encryption_keys\"} NaN",
            "claviger_clock_offset_seconds 7.0");
  }

  @Test
  void the_end_of_the_certificate_follows_its_replacement() {
    AtomicReference<Instant> end = new AtomicReference<>(Instant.parse("2026-11-28T12:00:00Z"));
    metrics.watchCertificate(end::get);
    assertThat(metrics.scrape()).contains("claviger_tls_certificate_end_seconds 1.7958672E9");

    end.set(Instant.parse("2027-11-28T12:00:00Z"));
    assertThat(metrics.scrape()).contains("claviger_tls_certificate_end_seconds 1.8274032E9");
  }

  @Test
  void periodic_tasks_are_told_apart_by_name() {
    TaskRecords tasks = new TaskRecords();
    tasks.add("usage");
    tasks.add("heartbeat");
    metrics.watchTasks(tasks);
    tasks.failed("usage");
    tasks.failed("usage");
    tasks.succeeded("heartbeat", Instant.ofEpochMilli(1_700_000_000_500L));

    assertThat(metrics.scrape())
        .contains(
            "claviger_task_failures_total{task=\"usage\"} 2.0",
            "claviger_task_failures_total{task=\"heartbeat\"} 0.0",
            "claviger_task_last_success_seconds{task=\"usage\"} NaN",
            "claviger_task_last_success_seconds{task=\"heartbeat\"} 1.7000000005E9");
  }

  @Test
  void what_waits_in_the_audit_trail_is_no_number_until_it_was_read() {
    InMemoryPorts ports = new InMemoryPorts();
    AuditSealer seal =
        new AuditSealer(
            ports.auditChain(),
            new AuditKeys(
                ports.auditChain(),
                new InMemoryHeadSigner(),
                InMemorySealer.withOneKey(),
                Instant::now,
                Instant::now),
            ports.transactions(),
            Instant::now,
            Instant::now);
    metrics.watchAuditSeal(seal);
    assertThat(metrics.scrape())
        .contains(
            "claviger_audit_unsealed_events NaN",
            "claviger_audit_unsealed_seconds NaN",
            "claviger_audit_head_lag_seconds NaN");

    seal.look();
    assertThat(metrics.scrape())
        .contains(
            "claviger_audit_unsealed_events 0.0",
            "claviger_audit_unsealed_seconds 0.0",
            "claviger_audit_head_lag_seconds 0.0");
  }

  @Test
  void what_is_unexplained_of_bills_is_told_by_service_and_no_longer_than_it_is_shown() {
    Instance.Id first = new Instance.Id(new UUID(1, 1));
    metrics.showUnexplained(Map.of(first, 2_500_000_000L, new Instance.Id(new UUID(1, 2)), 0L));
    metrics.showUnexplained(Map.of(first, 1_500_000_000L));

    assertThat(metrics.scrape().lines().filter(line -> line.startsWith("claviger_bill")))
        .containsExactly(
            "claviger_bill_unexplained{service=\"00000000-0000-0001-0000-000000000001\"} 1.5");
  }

  @Test
  void only_services_with_the_most_calls_are_named_in_what_is_used_and_waited_for() {
    UUID known = new UUID(1, 1);
    CapacityKey busy = CapacityKey.ofService(known);
    CapacityKey group = CapacityKey.ofGroup(new UUID(2, 2), "house");
    metrics.showCapacities(
        List.of(
            new BusyCapacity(busy, 3, Map.of("requests_per_minute", 0.5)),
            new BusyCapacity(group, 0, Map.of())));
    metrics.turnAwaited(terms(busy), Duration.ofSeconds(2));
    metrics.rateLimitedByProvider(terms(busy));
    metrics.rateLimitedByProvider(terms(busy));
    metrics.turnRefused(terms(busy));
    metrics.turnAwaited(terms(CapacityKey.ofService(new UUID(1, 2))), Duration.ofSeconds(4));

    assertThat(metrics.scrape())
        .contains(
            "claviger_capacity_used{limit=\"requests_per_minute\",service=\"%s\"} 0.5"
                .formatted(known))
        .contains("claviger_queue_length{service=\"%s\"} 3.0".formatted(known))
        .contains("claviger_queue_length{service=\"%s\"} 0.0".formatted(group.value()))
        .contains(
            "claviger_provider_rate_limited_total{service=\"%s\",stated=\"false\"} 2.0"
                .formatted(known))
        .contains("claviger_capacity_refused_total{service=\"%s\"} 1.0".formatted(known))
        .contains("claviger_wait_seconds_sum{service=\"%s\"} 2.0".formatted(known))
        .contains("claviger_wait_seconds_sum{service=\"other\"} 4.0");

    metrics.showCapacities(List.of());
    metrics.turnAwaited(terms(busy), Duration.ofSeconds(1));
    assertThat(metrics.scrape())
        .contains("claviger_wait_seconds_sum{service=\"other\"} 5.0")
        .doesNotContain(known.toString(), group.value());
  }

  private static CapacityTerms terms(CapacityKey capacity) {
    return new CapacityTerms(
        capacity,
        new UUID(1, 1),
        new UUID(2, 2),
        ProviderLimits.NONE,
        Duration.ofSeconds(10),
        true,
        new UUID(3, 3),
        10);
  }

  @Test
  void statuses_that_a_provider_makes_up_are_told_as_other() {
    for (int status = 100; status < 1_000; status++) {
      metrics.callFinished(through(WireFormat.OPENAI, status, KeySource.USER, Optional.empty()));
    }

    assertThat(gateways())
        .contains("status=\"101\"} 1.0")
        .contains("status=\"429\"} 1.0")
        .contains("status=\"529\"} 1.0")
        .contains("status=\"other\"}");
    assertThat(gateways().lines().filter(line -> line.startsWith("claviger_gateway_calls_total{")))
        .hasSizeLessThan(70);
  }

  @Test
  void what_claviger_adds_is_told_apart_from_the_providers_time() {
    metrics.callFinished(through(WireFormat.OPENAI, 200, KeySource.USER, Optional.empty()));

    assertThat(gateways())
        .contains("claviger_gateway_provider_seconds_sum{format=\"openai\"} 2.0")
        .contains("claviger_gateway_added_seconds_sum{format=\"openai\"} 0.003");
  }

  /**
   * Prometheus takes the first value of a counter for its beginning. If the counter appeared only
   * when it is above 0, the alert for closed connections would not fire.
   */
  @Test
  void every_bound_of_connections_is_counted_from_the_start() {
    for (Bound bound : Bound.values()) {
      assertThat(metrics.scrape())
          .contains(
              "claviger_gateway_connections_refused_total{bound=\"%s\"} 0.0"
                  .formatted(bound.name().toLowerCase(Locale.ROOT)));
    }
  }

  @Test
  void connections_that_were_closed_are_counted_by_the_bound_that_was_reached() {
    metrics.connectionRefused(Bound.ADDRESS);
    metrics.connectionRefused(Bound.IDLE);
    metrics.connectionRefused(Bound.IDLE);

    assertThat(gateways())
        .contains("claviger_gateway_connections_refused_total{bound=\"address\"} 1.0")
        .contains("claviger_gateway_connections_refused_total{bound=\"idle\"} 2.0");
  }

  @Test
  void a_call_that_did_not_go_out_took_no_time_of_the_providers() {
    metrics.callFinished(through(WireFormat.OPENAI, 200, KeySource.USER, Optional.empty()));
    metrics.callFinished(
        new FinishedCall(
            Optional.of(WireFormat.OPENAI),
            403,
            Optional.empty(),
            Optional.of("disabled"),
            0,
            1_000_000,
            0,
            Optional.empty()));

    assertThat(gateways())
        .contains("claviger_gateway_provider_seconds_count{format=\"openai\"} 1")
        .contains("claviger_gateway_added_seconds_count{format=\"openai\"} 2");
  }

  private String gateways() {
    List<String> lines =
        metrics.scrape().lines().filter(line -> line.startsWith("claviger_gateway")).toList();
    return String.join("\n", lines);
  }

  private static FinishedCall through(
      WireFormat format, int status, KeySource source, Optional<String> code) {
    User.Id somebody = new User.Id(new UUID(0, 1));
    return new FinishedCall(
        Optional.of(format),
        status,
        Optional.of(source),
        code,
        2_000_000_000,
        3_000_000,
        0,
        Optional.of(
            new RecordedUse(
                new UsageAccount(
                    somebody,
                    new Handle("canary-caller"),
                    new Instance.Id(new UUID(0, 2)),
                    Instance.Ref.of("canary-owner/service"),
                    somebody,
                    Optional.of(
                        new UsageAccount.ThroughProject(
                            new Project.Id(new UUID(0, 3)),
                            Project.Ref.of("canary-owner/project"),
                            somebody))),
                source,
                UsageModel.called("canary-model"),
                UsageCounts.NONE,
                Optional.empty())));
  }
}
