package io.claviger.bootstrap.settings;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.claviger.host.StartRefused;
import java.util.List;
import java.util.Map;

/** The lines with which an environment is refused. */
final class Faults {
  private Faults() {}

  static List<String> of(Map<String, String> environment) {
    StartRefused refused =
        catchThrowableOfType(StartRefused.class, () -> Settings.from(environment));
    return refused == null ? List.of() : refused.lines();
  }

  static List<String> of(String name, String value) {
    return of(Map.of(name, value));
  }
}
