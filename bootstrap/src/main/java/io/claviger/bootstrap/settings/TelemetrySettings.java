package io.claviger.bootstrap.settings;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

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
  private static final Pattern HEADERS = Pattern.compile("OTEL_EXPORTER_OTLP_([A-Z]+_)?HEADERS");
  private static final Pattern HEADER =
      Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+\\s*=(?<value>.*)");

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
      if (HEADERS.matcher(name).matches() && !areHeaders(environment.list(name))) {
        environment.fault(
            name,
            "must be headers as name=value, separated by commas, special characters"
                + " percent-encoded");
      }
    }
    return new TelemetrySettings(variables, environment.isOn("CLAVIGER_TRACE_HANDLES", false));
  }

  /**
   * Whether texts are headers that can be sent. The texts are checked here, because OpenTelemetry's
   * own messages about faults repeat the header, which usually contains a token.
   */
  private static boolean areHeaders(List<String> texts) {
    return texts.stream()
        .map(HEADER::matcher)
        .allMatch(header -> header.matches() && isValue(header.group("value").strip()));
  }

  private static boolean isValue(String encoded) {
    try {
      String value = URLDecoder.decode(encoded, StandardCharsets.UTF_8);
      return !value.isBlank() && value.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Whether telemetry is on: at least one variable is set, and no variable switches telemetry off.
   */
  public boolean isOn() {
    return !variables.isEmpty()
        && !Boolean.parseBoolean(variables.getOrDefault("OTEL_SDK_DISABLED", "false"));
  }
}
