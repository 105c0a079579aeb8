package io.claviger.domain.approvals;

import io.claviger.domain.WireNamed;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.instances.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A requested change of a service. The change is not made until other people consent.
 *
 * @param ref the service's present reference
 * @param askedAs the service's reference when the change was requested
 * @param owner the service's owner when the change was requested; the present owner if nobody noted
 *     who owned the service then
 * @param moved whether the service got another owner after the change was requested
 * @param version the service's version when the change was requested; the change lapses if the
 *     service has another version
 * @param byPerson whether the asker is a person. A person's request also counts as that person's
 *     consent. A service account's request does not count as a consent, because somebody with
 *     access to the account might also consent as a person
 * @param subject the kind of the change; an asker has at most one waiting change of each kind for a
 *     service
 * @param fields the names of the changed fields, as in the audit trail
 * @param terms the values before and after the change, not shortened and without secrets
 * @param needed the number of people who have to consent; if the asker is a person, the asker is
 *     counted too
 * @param consents the consents of users other than the asker
 * @param until the time at which the change lapses
 * @param reason why the change lapsed; empty if it did not lapse
 */
public record Approval(
    Id id,
    Instance.Id service,
    Instance.Ref ref,
    Instance.Ref askedAs,
    User.Id owner,
    boolean moved,
    long version,
    User.Id asker,
    Handle askerHandle,
    boolean byPerson,
    Kind kind,
    String subject,
    List<String> fields,
    List<AuditEvent.Term> terms,
    int needed,
    List<Consent> consents,
    State state,
    Instant askedAt,
    Instant until,
    Optional<Instant> endedAt,
    Optional<String> reason) {
  /** The time after which a waiting change lapses. */
  public static final Duration WAITS = Duration.ofDays(1);

  /** The greatest number of waiting changes of one service. */
  public static final int MOST_OF_SERVICE = 10;

  /** The greatest number of waiting changes that one user requested. */
  public static final int MOST_OF_ASKER = 50;

  /**
   * The number of a user's lapsed or declined requests that are kept when the user requests another
   * change. Without this limit, a user could fill the database by asking for the same change again
   * and again.
   */
  public static final int MOST_KEPT = 100;

  /**
   * The greatest total size of a change's values (those before and those after the change), in
   * bytes of UTF-8. A larger change is refused and can't wait for consent, because people who
   * consent see every value in full.
   */
  public static final int MOST_SHOWN = 32_768;

  /** The maximum length of a reason, in characters. */
  public static final int LONGEST_REASON = 1_000;

  public record Id(UUID value) {}

  /** The consent of a user other than the asker. */
  public record Consent(User.Id user, Handle handle, Instant at) {}

  /**
   * The kinds of changes that wait for consent. The change is made when enough people have
   * consented.
   */
  public enum Kind implements WireNamed {
    /** The service's fields are changed. */
    WRITE,
    /** A share with the role {@code owner} is given. */
    SHARE,
    /** A transfer of the service is offered. */
    TRANSFER,
    /** The service is deleted. */
    DELETE
  }

  public enum State implements WireNamed {
    WAITING,
    APPLIED,
    DECLINED,
    LAPSED
  }

  public Approval {
    fields = List.copyOf(fields);
    terms = List.copyOf(terms);
    consents = List.copyOf(consents);
  }

  /** Returns the number of people who still have to consent. */
  public int missing() {
    int asking = byPerson ? 1 : 0;
    return Math.max(0, needed - asking - consents.size());
  }

  public boolean isWaiting(Instant now) {
    return state == State.WAITING && now.isBefore(until);
  }

  public boolean hasConsentOf(User.Id user) {
    return consents.stream().anyMatch(consent -> consent.user().equals(user));
  }

  public Approval with(Consent another) {
    List<Consent> all = new ArrayList<>(consents);
    all.add(another);
    return copy(ref, needed, all, state, endedAt, reason);
  }

  /**
   * Returns what an asker sees who no longer sees the service: the reference that the service had
   * when the change was requested, and neither who consented nor why the change lapsed. The number
   * of missing consents stays the same.
   */
  public Approval asAsked() {
    return copy(askedAs, needed - consents.size(), List.of(), state, endedAt, Optional.empty());
  }

  /**
   * Returns a copy of this change, in which the change has ended.
   *
   * @param why the reason why the change lapsed. Only the first {@link #LONGEST_REASON} characters
   *     are kept, because the text might name many other things
   */
  public Approval ended(State how, Optional<String> why, Instant now) {
    return copy(ref, needed, consents, how, Optional.of(now), why.map(Approval::shortened));
  }

  private static String shortened(String why) {
    return why.codePointCount(0, why.length()) > LONGEST_REASON
        ? why.substring(0, why.offsetByCodePoints(0, LONGEST_REASON - 1)) + "…"
        : why;
  }

  private Approval copy(
      Instance.Ref shown,
      int needing,
      List<Consent> all,
      State how,
      Optional<Instant> end,
      Optional<String> why) {
    return new Approval(
        id,
        service,
        shown,
        askedAs,
        owner,
        moved,
        version,
        asker,
        askerHandle,
        byPerson,
        kind,
        subject,
        fields,
        terms,
        needing,
        all,
        how,
        askedAt,
        until,
        end,
        why);
  }
}
