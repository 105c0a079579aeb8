package io.claviger.bootstrap.settings;

import io.claviger.application.shared.port.CountedKind;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many things of each kind one user may have.
 *
 * @param most the quotas by kind; a missing kind has no quota
 */
public record QuotaSettings(Map<CountedKind, Integer> most) {
  private static final int LARGEST = 10_000_000;
  private static final int STANDARD = 1_000;
  private static final int STANDARD_SHARES = 10_000;
  private static final int STANDARD_TRANSFERS = 100;

  public QuotaSettings {
    most = Map.copyOf(most);
  }

  static QuotaSettings read(Environment environment) {
    Map<CountedKind, Integer> most = new EnumMap<>(CountedKind.class);
    for (CountedKind kind : CountedKind.values()) {
      most.put(kind, (int) environment.number(variable(kind), 0, LARGEST, standard(kind)));
    }
    return new QuotaSettings(most);
  }

  private static int standard(CountedKind kind) {
    return switch (kind) {
      case SHARE -> STANDARD_SHARES;
      case TRANSFER -> STANDARD_TRANSFERS;
      case TOKEN, SERVICE, DEFINITION, PROJECT, USER_KEY -> STANDARD;
    };
  }

  private static String variable(CountedKind kind) {
    return switch (kind) {
      case TOKEN -> "CLAVIGER_MAX_TOKENS_PER_USER";
      case SERVICE -> "CLAVIGER_MAX_SERVICES_PER_USER";
      case DEFINITION -> "CLAVIGER_MAX_DEFINITIONS_PER_USER";
      case PROJECT -> "CLAVIGER_MAX_PROJECTS_PER_USER";
      case SHARE -> "CLAVIGER_MAX_SHARES_PER_USER";
      case TRANSFER -> "CLAVIGER_MAX_OPEN_TRANSFERS_PER_USER";
      case USER_KEY -> "CLAVIGER_MAX_USER_KEYS_PER_USER";
    };
  }
}
