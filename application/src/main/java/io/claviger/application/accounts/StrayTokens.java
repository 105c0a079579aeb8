package io.claviger.application.accounts;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.Elapsed;
import io.claviger.application.shared.SubjectFailures;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.AddressBlock;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Records attempts to use a bound token from another address or without its certificate. The
 * attempts are recorded in the audit trail and shown to the tokens' owners. The first attempt with
 * a token is recorded with the next {@link #flush}. Further attempts within ten minutes become one
 * event. If the process is killed, only the attempts that were not recorded yet are lost.
 */
final class StrayTokens {
  /**
   * The maximum number of tokens whose attempts are counted at the same time. Attempts with any
   * other token are not recorded.
   */
  static final int MOST = 1_000;

  private static final Duration GRAIN = Duration.ofMinutes(10);
  private static final String SEVERAL = "several addresses";

  private final AccessTokenStore tokens;
  private final AuditTrail trail;
  private final Ids ids;
  private final Map<AccessToken.Id, Attempts> attempts = new LinkedHashMap<>();

  StrayTokens(AccessTokenStore tokens, AuditTrail trail, Ids ids) {
    this.tokens = tokens;
    this.trail = trail;
    this.ids = ids;
  }

  /**
   * The attempts with a token.
   *
   * @param from the address from which the token was presented, or a network that contains all
   *     addresses of the attempts
   * @param count the number of attempts that have not been recorded yet
   * @param due the time at which to record the attempts
   */
  private record Attempts(
      AccessToken token, Handle owner, String from, String requestId, int count, Instant due) {
    boolean isDue(Instant now) {
      return !Elapsed.isWithin(GRAIN, due.minus(GRAIN), now);
    }

    Attempts another(String address) {
      AddressBlock block = AddressBlock.of(address);
      String both =
          count == 0 || from.equals(address)
              ? address
              : AddressBlock.of(from).equals(block) ? block.text() : SEVERAL;
      return new Attempts(
          token, owner, both, requestId, count == Integer.MAX_VALUE ? count : count + 1, due);
    }
  }

  /** Counts an attempt without a database query. */
  synchronized void count(
      AccessToken token, Handle owner, String address, String requestId, Instant now) {
    Attempts before = attempts.get(token.id());
    if (before != null) {
      attempts.put(token.id(), before.another(address));
    } else if (attempts.size() < MOST) {
      attempts.put(token.id(), new Attempts(token, owner, address, requestId, 1, now));
    }
  }

  /**
   * Records the attempts that are due. If an attempt can't be recorded now, a later call records
   * it.
   *
   * @param until the latest due time of the attempts that are recorded
   * @throws RuntimeException if the attempts with a token could not be recorded although the
   *     database is available; the attempts with all other tokens were recorded
   */
  void flush(Instant until, Instant now) {
    SubjectFailures failures = new SubjectFailures();
    due(until).forEach(due -> failures.collect(() -> record(due, now)));
    failures.throwFirst();
  }

  /**
   * Records the event last. If another step fails, all steps are repeated later, and an event must
   * not be recorded twice.
   */
  private void record(Attempts due, Instant now) {
    tokens.recordStray(due.token().id(), new AccessToken.Stray(now, due.from()));
    trail.record(event(due, now));
    recorded(due, now);
  }

  private synchronized List<Attempts> due(Instant now) {
    attempts.values().removeIf(a -> a.count() == 0 && a.isDue(now));
    return attempts.values().stream().filter(a -> a.count() > 0 && a.isDue(now)).toList();
  }

  private synchronized void recorded(Attempts due, Instant now) {
    Attempts unused =
        attempts.computeIfPresent(
            due.token().id(),
            (id, since) -> {
              int more = since.count() - due.count();
              return new Attempts(
                  since.token(),
                  since.owner(),
                  since.from(),
                  since.requestId(),
                  more,
                  now.plus(GRAIN));
            });
  }

  private AuditEvent event(Attempts of, Instant now) {
    return new AuditEvent(
        ids.next(),
        now,
        new AuditEvent.Source(
            Optional.empty(),
            Optional.empty(),
            Optional.of(of.token().id()),
            Optional.empty(),
            Optional.empty(),
            of.from(),
            of.requestId()),
        AuditAction.TOKEN_BOUND,
        AuditTargets.user(of.token().user(), of.owner()),
        AuditOutcome.REFUSED,
        List.of(),
        List.of(),
        of.count(),
        Optional.empty());
  }
}
