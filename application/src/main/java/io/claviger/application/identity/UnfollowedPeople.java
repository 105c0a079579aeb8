package io.claviger.application.identity;

import io.claviger.application.identity.port.IdentityStore;
import io.claviger.application.identity.port.IdentityStore.Unfollowed;
import io.claviger.application.identity.port.IdentityStore.UnfollowedPerson;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.identity.Issuer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds the unfollowed people. The identity provider of an unfollowed person is no longer asked
 * about this person, because the operator has configured another identity provider or none. Nobody
 * would notice that an unfollowed person has left. So unfollowed people must sign in again within
 * {@link #GRACE}. This deadline no longer applies once a node asks their identity provider again.
 */
public final class UnfollowedPeople {
  /** The time for which the access tokens of unfollowed people are accepted without a sign-in. */
  public static final Duration GRACE = Duration.ofDays(7);

  /**
   * An identity whose refresh has been due for this time counts as an identity that no node asks
   * about. The time is long for two reasons. The nodes of an installation can use different
   * identity providers for a while, and an identity provider can be unreachable for a while.
   */
  private static final Duration OVERDUE = Duration.ofHours(1);

  private static final int AT_ONCE = 500;
  private static final int MOST_NAMED = 10;

  private final Optional<Issuer> asked;
  private final IdentityStore identities;
  private final AuditedChanges changes;
  private final InstantSource database;

  /** The number of unfollowed people when this node last counted them. */
  private volatile OptionalInt number = OptionalInt.empty();

  /**
   * @param asked the issuer that this node asks about people; empty if this node asks no issuer
   * @param database the database's clock
   */
  public UnfollowedPeople(
      Optional<Issuer> asked,
      IdentityStore identities,
      AuditedChanges changes,
      InstantSource database) {
    this.asked = asked;
    this.identities = identities;
    this.changes = changes;
    this.database = database;
  }

  /**
   * Requires unfollowed people to sign in again, and counts them.
   *
   * @return the number of people for whom this call has set a time by which they must sign in
   */
  public int demandSignIns() {
    int demanded = 0;
    int last = AT_ONCE;
    while (last == AT_ONCE) {
      last = changes.transactions().inTransaction(this::demandSome);
      demanded += last;
    }
    number = OptionalInt.of(find(asked, identities, database.instant()).number());
    return demanded;
  }

  private int demandSome() {
    Instant now = database.instant();
    List<UnfollowedPerson> people =
        identities.demandSignIns(asked, now.minus(OVERDUE), now.plus(GRACE), AT_ONCE);
    people.forEach(
        person ->
            changes
                .trail()
                .record(
                    changes.eventOfTask(
                        AuditAction.USER_UPDATE,
                        AuditTargets.user(person.id(), person.handle()),
                        List.of("sign_in_due"))));
    return people.size();
  }

  /** Finds the unfollowed people without changing anything. */
  public static Unfollowed find(Optional<Issuer> asked, IdentityStore identities, Instant now) {
    return identities.unfollowed(asked, now.minus(OVERDUE), MOST_NAMED);
  }

  /**
   * Returns how many unfollowed people there were when this node last counted them; empty if it has
   * not counted them yet.
   */
  public OptionalInt number() {
    return number;
  }
}
