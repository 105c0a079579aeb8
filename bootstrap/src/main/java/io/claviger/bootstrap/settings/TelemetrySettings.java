package io.claviger.bootstrap.settings;

import java.util.Map;
import java.util.TreeMap;

/**
 * The settings for sending data to an OpenTelemetry collector.
 *
 * @param variables the variables that OpenTelemetry's specification defines, with their values. The
 *     names of these variables begin with {@code OTEL_}
 * @param namesHandles whether spans contain the handles of callers, services and projects
 */
public record TelemetrySettings(Map<String, String> variables, boolean namesHandles) {
  private static final String PROTOCOL = "OTEL_EXPORTER_OTLP_([A-Z]+_)?PROTOCOL";
  private static final String HTTP = "http/protobuf";

  public TelemetrySettings {
    variables = Map.copyOf(variables);
  }

  static TelemetrySettings read(Environment environment) {
    Map<String, String> variables = new TreeMap<>();
    for (String name : environment.namesStartingWith(Variable.TELEMETRY)) {
      environment.text(name).ifPresent(value -> variables.put(name, value));
      if (name.matches(PROTOCOL) && !variables.getOrDefault(name, HTTP).equals(HTTP)) {
        environment.fault(name, "must be " + HTTP + ", because OTLP is sent only over HTTP");
      }
    }
    return new TelemetrySettings(variables, environment.isOn("CLAVIGER_TRACE_HANDLES", false));
  }

  /**
   * Whether telemetry is on: at least one variable is set, and no variable switches telemetry off.
   */
  public boolean isOn() {
    return !variables.isEmpty()
        && !Boolean.parseBoolean(variables.getOrDefault("OTEL_SDK_DISABLED", "false"));
  }
}
