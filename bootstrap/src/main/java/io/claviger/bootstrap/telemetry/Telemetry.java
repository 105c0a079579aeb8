package io.claviger.bootstrap.telemetry;

import ch.qos.logback.classic.LoggerContext;
import io.claviger.bootstrap.settings.TelemetrySettings;
import io.claviger.host.Build;
import io.claviger.host.StartRefused;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.instrumentation.logback.appender.v1_0.OpenTelemetryAppender;
import io.opentelemetry.instrumentation.micrometer.v1_5.OpenTelemetryMeterRegistry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * OpenTelemetry's SDK, configured by its own environment variables. Claviger's logs are exported
 * only if {@code OTEL_LOGS_EXPORTER} requests it, because the logs name callers.
 */
public final class Telemetry implements AutoCloseable {
  private static final String NAME = "io.claviger";
  private static final String NO_EXPORTER = "none";
  private static final long LAST_EXPORT_SECONDS = 5;

  private final OpenTelemetrySdk sdk;
  private final CallSpans spans;
  private final MeterRegistry meters;
  private final Optional<OpenTelemetryAppender> logs;

  private Telemetry(OpenTelemetrySdk sdk, boolean namesHandles, boolean exportsLogs) {
    this.sdk = sdk;
    this.meters = OpenTelemetryMeterRegistry.builder(sdk).build();
    this.spans =
        new CallSpans(
            sdk.getTracer(NAME, Build.current().version()),
            new GenAiMetrics(sdk.getMeter(NAME)),
            namesHandles);
    this.logs = exportsLogs ? Optional.of(addTo(sdk)) : Optional.empty();
  }

  /**
   * Checks that OpenTelemetry's SDK understands the variables, before anything is started. Sends
   * nothing to the collector.
   *
   * @throws StartRefused if the SDK does not understand the variables
   */
  public static void demandUsable(TelemetrySettings settings) {
    if (settings.isOn()) {
      // Without its readers, the provider of metrics has nothing to send when it is closed.
      UnaryOperator<SdkMeterProviderBuilder> unread = built -> SdkMeterProvider.builder();
      sdk(properties(settings.variables()), unread).close();
    }
  }

  /**
   * Starts OpenTelemetry's SDK. Returns empty if the environment does not turn telemetry on.
   *
   * @throws StartRefused if OpenTelemetry's SDK does not understand the variables
   */
  public static Optional<Telemetry> start(TelemetrySettings settings) {
    if (!settings.isOn()) {
      return Optional.empty();
    }
    Map<String, String> properties = properties(settings.variables());
    return Optional.of(
        new Telemetry(
            sdk(properties, UnaryOperator.identity()),
            settings.namesHandles(),
            !properties.getOrDefault("otel.logs.exporter", NO_EXPORTER).equals(NO_EXPORTER)));
  }

  private static OpenTelemetrySdk sdk(
      Map<String, String> properties, UnaryOperator<SdkMeterProviderBuilder> meters) {
    try {
      return AutoConfiguredOpenTelemetrySdk.builder()
          .addPropertiesCustomizer(given -> properties)
          .addMeterProviderCustomizer((built, read) -> meters.apply(built))
          .disableShutdownHook()
          .build()
          .getOpenTelemetrySdk();
    } catch (ConfigurationException | IllegalArgumentException e) {
      throw new StartRefused("OTEL_…: " + e.getMessage(), e);
    }
  }

  /**
   * Returns the settings under the names of the SDK's properties. If Claviger has its own default
   * for a setting, this default replaces the SDK's default.
   */
  private static Map<String, String> properties(Map<String, String> variables) {
    Map<String, String> properties = new HashMap<>();
    properties.put("otel.service.name", "claviger");
    properties.put("otel.logs.exporter", NO_EXPORTER);
    properties.put("otel.exporter.otlp.protocol", "http/protobuf");
    variables.forEach(
        (name, value) -> properties.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value));
    return properties;
  }

  public CallSpans spans() {
    return spans;
  }

  /**
   * Returns the registry of metrics for the SDK. This registry receives the same metrics as
   * Prometheus' registry.
   */
  public MeterRegistry meters() {
    return meters;
  }

  private static OpenTelemetryAppender addTo(OpenTelemetrySdk sdk) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    OpenTelemetryAppender appender = new OpenTelemetryAppender();
    appender.setContext(context);
    appender.setName("opentelemetry");
    appender.setKeyValuePairAttributesIncluded("*");
    appender.setOpenTelemetry(sdk);
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    return appender;
  }

  /** Exports the data that has not been exported yet. Takes at most five seconds. */
  @Override
  public void close() {
    logs.ifPresent(
        appender -> {
          LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
          boolean unused = context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(appender);
          appender.stop();
        });
    meters.close();
    var unused = sdk.shutdown().join(LAST_EXPORT_SECONDS, TimeUnit.SECONDS);
  }
}
