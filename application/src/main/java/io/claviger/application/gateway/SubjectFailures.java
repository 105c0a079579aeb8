package io.claviger.application.gateway;

import io.claviger.application.shared.StoreUnavailable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The failures of work for several subjects of limits. A subject that fails does not prevent the
 * work for the other subjects.
 */
final class SubjectFailures {
  /**
   * How long a subject is left out after a failure before the task tries it again. Without this,
   * the task would fail in each run. Tasks that fail pause, so the work for the other subjects
   * would be done too late.
   */
  static final Duration REST = Duration.ofSeconds(10);

  private @Nullable RuntimeException first;

  /**
   * Does the work for one subject.
   *
   * @throws StoreUnavailable when the database does not answer, because in that case the work for
   *     the other subjects would fail too
   */
  void collect(Runnable work) {
    try {
      work.run();
    } catch (StoreUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      add(e);
    }
  }

  /** Adds the failure of a subject. */
  void add(RuntimeException failure) {
    first = first == null ? failure : first;
  }

  /** Throws the first failure, if there was a failure. */
  void throwFirst() {
    if (first != null) {
      throw first;
    }
  }
}
