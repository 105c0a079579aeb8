package io.claviger.application.accounts;

import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts bad tokens on record, at most once a minute for each address, so that guessing can't flood
 * the audit trail.
 */
public final class RejectedTokens {
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final int ADDRESSES = 10_000;
  private static final AuditTarget A_TOKEN =
      new AuditTarget("token", Optional.empty(), "", Optional.empty());

  private final AuditTrail trail;
  private final Ids ids;
  private final Map<String, Instant> lastRecorded =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > ADDRESSES;
        }
      };

  public RejectedTokens(AuditTrail trail, Ids ids) {
    this.trail = trail;
    this.ids = ids;
  }

  /**
   * Records a rejection unless this address had one recorded within the last minute. A database out
   * of reach is no error.
   */
  public void rejected(String address, String requestId, Instant now) {
    if (!isDue(address, now)) {
      return;
    }
    try {
      trail.record(
          new AuditEvent(
              ids.next(),
              now,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              address,
              requestId,
              AuditAction.TOKEN_REJECTED,
              A_TOKEN,
              AuditOutcome.REFUSED,
              List.of()));
    } catch (StoreUnavailable e) {
      forget(address);
    }
  }

  private synchronized boolean isDue(String address, Instant now) {
    Instant last = lastRecorded.get(address);
    if (last != null && now.isBefore(last.plus(QUIET))) {
      return false;
    }
    lastRecorded.remove(address);
    lastRecorded.put(address, now);
    return true;
  }

  private synchronized void forget(String address) {
    lastRecorded.remove(address);
  }
}
