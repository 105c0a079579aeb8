package io.claviger.bootstrap.doctor;

import io.claviger.application.operations.port.Doctor;
import io.claviger.bootstrap.settings.Settings;
import java.util.ArrayList;
import java.util.List;

/** Examines the installation for a running node, in the same process. */
public record NodeDoctor(Settings settings) implements Doctor {
  @Override
  public List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    Examination.of(
        settings,
        found -> findings.add(new Finding(level(found.level()), found.name(), found.what())));
    return findings;
  }

  private static Level level(io.claviger.bootstrap.doctor.Finding.Level of) {
    return switch (of) {
      case OK -> Level.OK;
      case WARN -> Level.WARN;
      case FAIL -> Level.FAIL;
    };
  }

  @Override
  public String toString() {
    return "NodeDoctor";
  }
}
