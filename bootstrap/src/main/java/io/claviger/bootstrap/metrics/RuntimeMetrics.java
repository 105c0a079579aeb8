package io.claviger.bootstrap.metrics;

import com.sun.management.OperatingSystemMXBean;
import io.claviger.operator.Build;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.lang.management.ManagementFactory;

/** Metrics of the build and of the virtual machine, under names that Prometheus recommends. */
final class RuntimeMetrics {
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
   * Micrometer's {@code process_cpu_time_ns_total} has an abbreviated unit, and {@code
   * system_cpu_count} a suffix that is reserved for histograms.
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
