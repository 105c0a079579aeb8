package io.claviger.bootstrap.metrics;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.audit.AuditPush;
import io.claviger.application.audit.AuditSealer;
import io.claviger.application.capacity.port.CapacityRecords.BusyCapacity;
import io.claviger.application.credentials.MintedCredentials;
import io.claviger.application.health.NodeHealth;
import io.claviger.application.health.Readiness;
import io.claviger.application.health.TaskRecords;
import io.claviger.application.health.TaskRecords.TaskRecord;
import io.claviger.application.identity.IdentityRefresh;
import io.claviger.application.identity.UnfollowedPeople;
import io.claviger.application.usage.UsageCounter;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.fairness.CapacityTerms;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.Gateway.ProviderConnections;
import io.claviger.gateway.events.GatewayEvents;
import io.claviger.host.Build;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Collects this process's metrics. */
public final class Metrics implements GatewayEvents, AutoCloseable {
  private static final int OTHER_STATUS = 0;
  private static final double NANO_DOLLARS = 1e9;

  /**
   * The statuses that are counted separately: the final statuses in IANA's registry, 101 for
   * WebSockets, and Anthropic's 529.
   */
  private static final Set<Integer> STATUSES =
      IntStream.of(
              101, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305,
              307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414,
              415, 416, 417, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 499, 500, 501, 502,
              503, 504, 505, 506, 507, 508, 510, 511, 529)
          .boxed()
          .collect(Collectors.toUnmodifiableSet());

  private final PrometheusMeterRegistry prometheus =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MeterRegistry registry;
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final Map<Kind, Meters> meters = new ConcurrentHashMap<>();
  private final MultiGauge unexplained;
  private final CapacityMeters capacities;
  private final Counter undecided;
  private final AtomicInteger openAnswers = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger webSockets = new AtomicInteger();

  public Metrics() {
    this(Optional.empty());
  }

  /**
   * @param another an additional registry that gets the same metrics; if empty, only Prometheus'
   *     registry gets them
   */
  public Metrics(Optional<MeterRegistry> another) {
    registry = another.isPresent() ? both(prometheus, another.get()) : prometheus;
    RuntimeMetrics.addTo(registry);
    garbageCollection.bindTo(registry);
    unexplained =
        MultiGauge.builder("claviger.bill.unexplained")
            .description("Dollars that a service was billed this month and that no usage explains")
            .register(registry);
    capacities = new CapacityMeters(registry);
    undecided =
        Counter.builder("claviger.gateway.calls.undecided")
            .description(
                "Calls that Claviger refused because no answer of its database came in time")
            .register(registry);
    // These counters exist from the start, because Prometheus would not see the first increase of a
    // counter that appears only later.
    for (Bound bound : Bound.values()) {
      Counter unusedYet = refusedConnections(bound);
    }
    gauge("claviger.gateway.answers.open", "Responses being sent to callers", openAnswers::get);
    gauge("claviger.gateway.connections", "Open connections of callers", connections::get);
    gauge("claviger.gateway.websockets.open", "Open WebSockets", webSockets::get);
  }

  /**
   * @param tags names and values of tags, in turn
   */
  private void gauge(String name, String description, Supplier<Number> value, String... tags) {
    Gauge unused =
        Gauge.builder(name, value).description(description).tags(tags).register(registry);
  }

  /**
   * @param tags names and values of tags, in turn
   */
  private <T> void counter(
      String name, String description, T of, ToDoubleFunction<T> count, String... tags) {
    FunctionCounter unused =
        FunctionCounter.builder(name, of, count)
            .description(description)
            .tags(tags)
            .register(registry);
  }

  private static MeterRegistry both(MeterRegistry one, MeterRegistry another) {
    CompositeMeterRegistry both = new CompositeMeterRegistry();
    both.add(one);
    both.add(another);
    return both;
  }

  /** Adds metrics about the gateway's connections to providers. */
  public void watch(Supplier<ProviderConnections> connectionsToProviders) {
    gauge(
        "claviger.gateway.provider.connections.open",
        "Connections to providers, idle or not",
        () -> connectionsToProviders.get().open());
    gauge(
        "claviger.gateway.provider.connections.idle",
        "Idle connections to providers",
        () -> connectionsToProviders.get().idle());
  }

  /**
   * Adds metrics about how services get tokens. These metrics state how often credentials were
   * exchanged for tokens, with which outcome, and the age of the oldest token that this node holds.
   */
  public void watchCredentials(MintedCredentials minted) {
    for (CredentialKind kind : CredentialKind.values()) {
      if (kind.isMinted()) {
        for (String outcome : MintedCredentials.OUTCOMES) {
          counter(
              "claviger.credential.exchanges",
              "Exchanges of services' credentials for tokens, by outcome",
              minted,
              all -> all.exchanges(kind, outcome),
              "kind",
              kind.wireName(),
              "outcome",
              outcome);
        }
        gauge(
            "claviger.credential.token.age.seconds",
            "The age of the oldest token that this node holds",
            () -> minted.oldest(kind).map(age -> age.toNanos() / 1e9).orElse(Double.NaN),
            "kind",
            kind.wireName());
      }
    }
  }

  /** Adds metrics about audit events that the receiver does not have yet. */
  public void watchAuditPush(AuditPush push) {
    gauge(
        "claviger.audit.push.backlog",
        "Audit events that the receiver does not have yet",
        () -> push.backlog().events());
    gauge(
        "claviger.audit.push.lag.seconds",
        "The age of the oldest audit event that the receiver does not have yet",
        () -> push.lag().toMillis() / 1e3);
  }

  /**
   * Adds metrics about audit events that are not sealed or signed yet. The values of the metrics
   * are NaN until they are known.
   */
  public void watchAuditSeal(AuditSealer seal) {
    gauge(
        "claviger.audit.unsealed.events",
        "Audit events that are not sealed with a number yet",
        () -> seal.unsealed().map(Long::doubleValue).orElse(Double.NaN));
    gauge(
        "claviger.audit.unsealed.seconds",
        "Time for which the oldest audit event without a number has waited for its number",
        () -> seconds(seal.unsealedFor()));
    gauge(
        "claviger.audit.head.lag.seconds",
        "The age of the oldest audit event that no signed head covers",
        () -> seconds(seal.headLag()));
  }

  /**
   * Returns a time in seconds, with milliseconds as decimals. Returns NaN if the time is unknown.
   * The conversion does not use nanoseconds, which cover only about three centuries in a {@code
   * long}.
   */
  private static double seconds(Optional<Duration> time) {
    return time.map(known -> known.toMillis() / 1e3).orElse(Double.NaN);
  }

  /**
   * Adds a metric that states how long this node takes to learn that access was revoked. The
   * metric's value is NaN if this time is unknown.
   */
  public void watchRevocations(Supplier<Optional<Duration>> longest) {
    gauge(
        "claviger.revocation.seconds",
        "Longest time that this node took to learn of a revocation, in the last minutes",
        () -> longest.get().map(time -> time.toNanos() / 1e9).orElse(Double.NaN));
  }

  /**
   * Adds metrics about the last check of whether this node can serve. The values are NaN before the
   * first check.
   */
  public void watchHealth(NodeHealth health) {
    for (String check : Readiness.CHECKS) {
      gauge(
          "claviger.ready",
          "Whether the last check found that the node could serve, for each thing checked",
          () -> health.isOk(check).map(ok -> ok ? 1.0 : 0.0).orElse(Double.NaN),
          "check",
          check);
    }
    gauge(
        "claviger.clock.offset.seconds",
        "Time by which the clock of the database is ahead of the clock of this node",
        () -> seconds(health.clockOffset()));
  }

  /**
   * Adds metrics about usage. These metrics state how many lines of usage wait to be stored, how
   * many counts were dropped, and how many lines the database refused.
   */
  public void watchUsage(UsageCounter usage) {
    gauge("claviger.usage.waiting", "Lines of usage that are not stored yet", usage::waiting);
    counter(
        "claviger.usage.dropped",
        "Counts that were dropped because too many lines waited",
        usage,
        UsageCounter::dropped);
    counter(
        "claviger.usage.unstorable",
        "Lines of usage that the database refused to store",
        usage,
        UsageCounter::unstorable);
  }

  /**
   * Adds a metric that states when the certificate of the listeners expires, in seconds since 1970.
   */
  public void watchCertificate(Supplier<Instant> end) {
    gauge(
        "claviger.tls.certificate.end.seconds",
        "Time at which the certificate of the listeners expires, in seconds since 1970",
        () -> end.get().getEpochSecond());
  }

  /**
   * Adds a metric that states the longest time for which an identity provider's answer about a user
   * has been overdue.
   */
  public void watchIdentities(IdentityRefresh refresh) {
    gauge(
        "claviger.identity.refresh.lag.seconds",
        "Time for which the identity provider's answer about any user has been overdue",
        () -> seconds(refresh.lag()));
  }

  /**
   * Adds a metric with the number of people who signed in with an identity provider that is no
   * longer queried. The metric's value is NaN before the first count.
   */
  public void watchUnfollowed(UnfollowedPeople people) {
    gauge(
        "claviger.identity.unfollowed",
        "People who signed in with an identity provider that is no longer queried",
        () -> people.number().stream().asDoubleStream().findFirst().orElse(Double.NaN));
  }

  /**
   * Adds metrics about each periodic task. These metrics state the number of the task's failures
   * and the time of its last success.
   */
  public void watchTasks(TaskRecords tasks) {
    for (TaskRecord each : tasks.all()) {
      String task = each.task();
      counter(
          "claviger.task.failures",
          "Failures of periodic tasks",
          tasks,
          all -> all.of(task).failures(),
          "task",
          task);
      gauge(
          "claviger.task.last.success.seconds",
          "Time at which a periodic task last succeeded, in seconds since 1970",
          () -> lastSuccess(tasks, task),
          "task",
          task);
    }
  }

  private static double lastSuccess(TaskRecords tasks, String task) {
    return tasks.of(task).lastSuccess().map(time -> time.toEpochMilli() / 1e3).orElse(Double.NaN);
  }

  /**
   * Shows, for each service, the amount of this month's bill that usage does not explain, in
   * nano-dollars. These amounts replace the amounts shown before.
   */
  public void showUnexplained(Map<Instance.Id, Long> nanoDollars) {
    unexplained.register(
        nanoDollars.entrySet().stream()
            .map(
                each ->
                    MultiGauge.Row.of(
                        Tags.of("service", each.getKey().value().toString()),
                        each.getValue() / NANO_DOLLARS))
            .collect(Collectors.toList()),
        true);
  }

  /** Adds the metrics of a database connection pool: {@code hikaricp_connections…}. */
  public void watch(HikariDataSource pool) {
    pool.setMetricRegistry(registry);
  }

  /** Stops counting the runs of the garbage collector. */
  @Override
  public void close() {
    garbageCollection.close();
  }

  /** Returns the current metrics in Prometheus' text format. */
  public String scrape() {
    return prometheus.scrape();
  }

  @Override
  public void callFinished(FinishedCall call) {
    Kind kind = new Kind(call.format(), status(call.status()), call.source(), call.code());
    Meters known = meters.get(kind);
    if (known == null) {
      known = meters.computeIfAbsent(kind, this::meters);
    }
    known.calls().increment();
    if (call.providerNanos() > 0) { // else the call was not sent to a provider
      known.provider().record(call.providerNanos(), TimeUnit.NANOSECONDS);
    }
    known.added().record(call.addedNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Returns the label for a status. Statuses that are not registered share one label, because each
   * status that a provider invents would otherwise stay in memory forever.
   */
  private static int status(int status) {
    return STATUSES.contains(status) ? status : OTHER_STATUS;
  }

  /** The labels of a counted call. Only a few combinations of labels occur. */
  private record Kind(
      Optional<WireFormat> format, int status, Optional<KeySource> source, Optional<String> code) {}

  /**
   * The meters for one combination of labels. The meters of each combination are looked up only
   * once, because a look-up costs more than counting.
   */
  private record Meters(Counter calls, Timer provider, Timer added) {}

  private Meters meters(Kind kind) {
    String format = kind.format().map(WireFormat::wireName).orElse("unknown");
    Counter calls =
        Counter.builder("claviger.gateway.calls")
            .description(
                "Calls, by wire format, status, source of the key, and code of the refusal")
            .tag("format", format)
            .tag(
                "status", kind.status() == OTHER_STATUS ? "other" : Integer.toString(kind.status()))
            .tag("key_source", kind.source().map(KeySource::wireName).orElse("none"))
            .tag("code", kind.code().orElse("none"))
            .register(registry);
    Timer provider =
        timer(
            "claviger.gateway.provider",
            "Time from sending a request to its answer's last byte",
            format);
    Timer added = timer("claviger.gateway.added", "Time that Claviger adds to a call", format);
    return new Meters(calls, provider, added);
  }

  @Override
  public void callUndecided() {
    undecided.increment();
  }

  @Override
  public void turnAwaited(CapacityTerms terms, Duration waited) {
    capacities.recordWait(terms.capacity(), waited);
  }

  @Override
  public void turnRefused(CapacityTerms terms) {
    capacities.countRefused(terms.capacity());
  }

  @Override
  public void rateLimitedByProvider(CapacityTerms terms) {
    capacities.countRateLimited(terms.capacity(), !terms.stated().isNone());
  }

  /**
   * Shows how much of the providers' limits is used. These amounts replace the amounts shown
   * before.
   */
  public void showCapacities(List<BusyCapacity> busiest) {
    capacities.show(busiest);
  }

  @Override
  public void webSocketOpened() {
    webSockets.incrementAndGet();
  }

  @Override
  public void webSocketEnded(EndedWebSocket ended) {
    webSockets.decrementAndGet();
    Counter.builder("claviger.gateway.websockets.ended")
        .description("WebSockets that have ended, by the cause")
        .tag("by", ended.why())
        .register(registry)
        .increment();
    Counter.builder("claviger.gateway.websocket.messages")
        .description("Messages that callers or providers sent on WebSockets that have ended")
        .register(registry)
        .increment((double) ended.messages());
    Counter.builder("claviger.gateway.websocket.seconds")
        .description("Total open time of WebSockets that have ended")
        .register(registry)
        .increment(ended.open().toMillis() / 1e3);
  }

  @Override
  public void answerBegun() {
    openAnswers.incrementAndGet();
  }

  @Override
  public void answerOver() {
    openAnswers.decrementAndGet();
  }

  @Override
  public void callerConnected() {
    connections.incrementAndGet();
  }

  @Override
  public void callerDisconnected() {
    connections.decrementAndGet();
  }

  @Override
  public void connectionRefused(Bound bound) {
    refusedConnections(bound).increment();
  }

  private Counter refusedConnections(Bound bound) {
    return Counter.builder("claviger.gateway.connections.refused")
        .description(
            "Callers' connections that were closed because there were too many connections")
        .tag("bound", bound.name().toLowerCase(Locale.ROOT))
        .register(registry);
  }

  private Timer timer(String name, String description, String format) {
    return Timer.builder(name)
        .description(description)
        .tag("format", format)
        .serviceLevelObjectives(
            Duration.ofMillis(1),
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(1))
        .register(registry);
  }

  /** Metrics about the build and the JVM, under the names that Prometheus recommends. */
  private static final class RuntimeMetrics {
    private static final double NANOS = 1e9;

    private RuntimeMetrics() {}

    static void addTo(MeterRegistry registry) {
      registry.config().meterFilter(names());
      new JvmMemoryMetrics().bindTo(registry);
      new ProcessorMetrics().bindTo(registry);
      if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
        FunctionCounter unused =
            FunctionCounter.builder(
                    "process.cpu", system, bean -> Math.max(0, bean.getProcessCpuTime()) / NANOS)
                .description("Processor time that this process used")
                .baseUnit("seconds")
                .register(registry);
      }
      Gauge unused =
          Gauge.builder("claviger.build.info", () -> 1)
              .description("The version of Claviger and of Java; always 1")
              .tag("version", Build.current().version())
              .tag("java", Runtime.version().toString())
              .register(registry);
    }

    /**
     * Drops Micrometer's metric {@code process_cpu_time_ns_total}, because its name abbreviates the
     * unit. Renames Micrometer's metric {@code system_cpu_count}, because the suffix of its name is
     * reserved for histograms.
     */
    private static MeterFilter names() {
      return new MeterFilter() {
        @Override
        public Meter.Id map(Meter.Id id) {
          return id.getName().equals("system.cpu.count") ? id.withName("system.cpus") : id;
        }

        @Override
        public MeterFilterReply accept(Meter.Id id) {
          return id.getName().equals("process.cpu.time")
              ? MeterFilterReply.DENY
              : MeterFilterReply.NEUTRAL;
        }
      };
    }
  }
}
