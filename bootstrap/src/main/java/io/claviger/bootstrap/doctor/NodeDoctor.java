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
    Examination.of(settings, findings::add);
    return findings;
  }

  @Override
  public String toString() {
    return "NodeDoctor";
  }
}
