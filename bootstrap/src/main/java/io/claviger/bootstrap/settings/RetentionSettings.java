package io.claviger.bootstrap.settings;

import io.claviger.application.retention.port.KeptByMonth;
import io.claviger.domain.retention.RetentionMonths;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long usage and the audit trail are kept.
 *
 * @param kept the months for each kind; a missing kind is kept for ever
 */
public record RetentionSettings(Map<KeptByMonth, RetentionMonths> kept) {
  public RetentionSettings {
    kept = Map.copyOf(kept);
  }

  static RetentionSettings read(Environment environment) {
    Map<KeptByMonth, RetentionMonths> kept = new EnumMap<>(KeptByMonth.class);
    for (KeptByMonth what : KeptByMonth.values()) {
      String name = variable(what);
      if (environment.text(name).isPresent()) {
        kept.put(
            what, new RetentionMonths((int) environment.number(name, 1, RetentionMonths.MOST, 1)));
      }
    }
    return new RetentionSettings(kept);
  }

  private static String variable(KeptByMonth what) {
    return switch (what) {
      case USAGE -> "CLAVIGER_USAGE_RETENTION_MONTHS";
      case AUDIT -> "CLAVIGER_AUDIT_RETENTION_MONTHS";
    };
  }
}
