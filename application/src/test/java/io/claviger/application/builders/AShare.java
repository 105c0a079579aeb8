package io.claviger.application.builders;

import io.claviger.application.fakes.Seeds;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.groups.Group;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Grantee;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.Optional;

/** A reader's share without end and limits, unless said otherwise. */
public final class AShare {
  private final Grantee grantee;
  private Role role = Role.READER;
  private boolean mayReshare;
  private boolean toEverybody;
  private Optional<Instant> expiresAt = Optional.empty();
  private Limits limits = Limits.NONE;
  private Limits pooledLimits = Limits.NONE;
  private Weight weight = Weight.USUAL;
  private Optional<Handle> givenBy = Optional.empty();
  private Optional<User.Id> givenVia = Optional.empty();
  private Optional<Long> version = Optional.empty();
  private Instant createdAt = Seeds.SEEDED_AT;

  private AShare(Grantee grantee) {
    this.grantee = grantee;
  }

  public static AShare with(User user) {
    return new AShare(new Grantee.OneUser(user.id(), user.handle()));
  }

  public static AShare with(Group group) {
    return new AShare(new Grantee.Members(group.id(), group.handle()));
  }

  public AShare role(Role given) {
    this.role = given;
    return this;
  }

  public AShare mayReshare() {
    this.mayReshare = true;
    return this;
  }

  /** Lets the grantee share the service with everybody too. */
  public AShare toEverybody() {
    this.toEverybody = true;
    return mayReshare();
  }

  public AShare expiresAt(Instant instant) {
    this.expiresAt = Optional.of(instant);
    return this;
  }

  public AShare limits(Limits given) {
    this.limits = given;
    return this;
  }

  public AShare pooledLimits(Limits given) {
    this.pooledLimits = given;
    return this;
  }

  public AShare weight(int given) {
    this.weight = new Weight(given);
    return this;
  }

  public AShare givenBy(User giver) {
    this.givenBy = Optional.of(giver.handle());
    return this;
  }

  /** Says that a co-owner gave the share with the rights of the co-owner's own share. */
  public AShare givenVia(User coOwner) {
    this.givenVia = Optional.of(coOwner.id());
    return givenBy(coOwner);
  }

  public AShare version(long given) {
    this.version = Optional.of(given);
    return this;
  }

  public AShare createdAt(Instant given) {
    this.createdAt = given;
    return this;
  }

  public Share build() {
    return new Share(
        grantee,
        new Share.Terms(role, mayReshare, expiresAt, limits, pooledLimits, weight, toEverybody),
        givenBy,
        givenVia,
        version.orElseGet(() -> Share.firstVersion(createdAt)),
        createdAt);
  }
}
