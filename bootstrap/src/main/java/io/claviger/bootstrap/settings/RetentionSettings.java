package io.claviger.bootstrap.settings;

import io.claviger.domain.retention.RetentionMonths;
import io.claviger.domain.retention.RetentionPolicy;
import java.util.Optional;

/**
 * The operator's settings for how long usage and the audit trail are kept.
 *
 * @param bounds the longest times for which administrators can choose to keep usage and the audit
 *     trail
 */
public record RetentionSettings(RetentionPolicy bounds) {
  static RetentionSettings read(Environment environment) {
    return new RetentionSettings(
        new RetentionPolicy(
            months(environment, "CLAVIGER_USAGE_RETENTION_MONTHS"),
            months(environment, "CLAVIGER_AUDIT_RETENTION_MONTHS")));
  }

  private static Optional<RetentionMonths> months(Environment environment, String name) {
    return environment
        .text(name)
        .map(
            set -> new RetentionMonths((int) environment.number(name, 1, RetentionMonths.MOST, 1)));
  }
}
