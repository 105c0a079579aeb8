package io.claviger.application.operations;

import io.claviger.application.operations.port.Doctor;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Caches the findings of the last examination for {@link #AGE}, because an examination opens
 * connections and looks up names. While an examination is running, all callers wait for it, and
 * then get its findings.
 */
final class CachedFindings {
  static final Duration AGE = Duration.ofSeconds(30);

  private final Doctor doctor;
  private final LongSupplier nanos;
  private @Nullable List<Doctor.Finding> last;
  private long examined;

  CachedFindings(Doctor doctor, LongSupplier nanos) {
    this.doctor = doctor;
    this.nanos = nanos;
  }

  synchronized List<Doctor.Finding> get() {
    List<Doctor.Finding> known = last;
    if (known == null || nanos.getAsLong() - examined >= AGE.toNanos()) {
      known = List.copyOf(doctor.examine());
      last = known;
      examined = nanos.getAsLong();
    }
    return known;
  }
}
