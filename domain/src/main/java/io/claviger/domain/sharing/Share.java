package io.claviger.domain.sharing;

import io.claviger.domain.AppliedBy;
import io.claviger.domain.Fault;
import io.claviger.domain.TimeBounds;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The role that one user or one group has on an instance. This record does not contain the
 * instance; the code that reads the share knows the instance.
 *
 * @param givenBy who gave the share; empty once that user is deleted
 * @param givenVia the co-owner who gave the share; empty if the owning user or an administrator
 *     gave it. The share ends together with the co-owner's own share
 * @param version a number that increases with each stored change, beginning with {@link
 *     #firstVersion}
 * @param appliedBy the name of the file from which the share was given; empty if it was not given
 *     from a file
 */
public record Share(
    Grantee grantee,
    Terms terms,
    Optional<Handle> givenBy,
    Optional<User.Id> givenVia,
    long version,
    Instant createdAt,
    Optional<AppliedBy> appliedBy) {

  /** Creates a share that was not given from a file. */
  public Share(
      Grantee grantee,
      Terms terms,
      Optional<Handle> givenBy,
      Optional<User.Id> givenVia,
      long version,
      Instant createdAt) {
    this(grantee, terms, givenBy, givenVia, version, createdAt, Optional.empty());
  }

  public Share(
      User.Id grantee,
      Handle granteeHandle,
      Terms terms,
      Optional<Handle> givenBy,
      Optional<User.Id> givenVia,
      long version,
      Instant createdAt) {
    this(new Grantee.OneUser(grantee, granteeHandle), terms, givenBy, givenVia, version, createdAt);
  }

  /**
   * Returns the version of a share that is given now: the microseconds since 1970. A share that is
   * given again after its end therefore has none of the versions that the former share had.
   * Programs in JavaScript read such a number exactly, because it is less than 2^53 until the year
   * 2255.
   */
  public static long firstVersion(Instant now) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, now);
  }

  /**
   * The terms of a share.
   *
   * @param mayReshare whether projects of the grantee may let their members use the instance
   * @param limits a set of limits for the user, or for each member of the group
   * @param pooledLimits the limits for all members of the group together; a user's share has no
   *     such limits
   * @param weight the weight with which the provider's limits are divided among borrowers; for a
   *     group's share, the weight of each member
   * @param toEverybody whether projects of the grantee may let everybody use the instance; this
   *     needs {@code mayReshare}
   */
  public record Terms(
      Role role,
      boolean mayReshare,
      Optional<Instant> expiresAt,
      Limits limits,
      Limits pooledLimits,
      Weight weight,
      boolean toEverybody) {

    /** Creates terms with the usual weight. */
    public Terms(
        Role role,
        boolean mayReshare,
        Optional<Instant> expiresAt,
        Limits limits,
        Limits pooledLimits) {
      this(role, mayReshare, expiresAt, limits, pooledLimits, Weight.USUAL, false);
    }

    /** Creates terms without pooled limits. */
    public Terms(Role role, boolean mayReshare, Optional<Instant> expiresAt, Limits limits) {
      this(role, mayReshare, expiresAt, limits, Limits.NONE);
    }

    /**
     * Returns terms without limits and without an end. The holder may use the service, but may not
     * let others use it through the holder's projects.
     */
    public static Terms reader() {
      return of(Role.READER);
    }

    /**
     * Returns terms that also allow the grantee to configure the service; in all other respects
     * they equal {@link #reader}.
     */
    public static Terms writer() {
      return of(Role.WRITER);
    }

    /**
     * Returns terms that also allow the grantee to configure and lend the service; in all other
     * respects they equal {@link #reader}.
     */
    public static Terms owner() {
      return of(Role.OWNER);
    }

    private static Terms of(Role role) {
      return new Terms(role, false, Optional.empty(), Limits.NONE);
    }

    /** Returns these terms with the given limits for each holder. */
    public Terms with(Limits given) {
      return new Terms(role, mayReshare, expiresAt, given, pooledLimits, weight, toEverybody);
    }

    /**
     * Returns these terms with the given end. The end has to be within {@link TimeBounds}. Terms
     * without an end last until somebody ends the share.
     */
    public Terms until(Instant end) {
      return new Terms(
          role, mayReshare, Optional.of(end), limits, pooledLimits, weight, toEverybody);
    }

    /** Returns these terms with the given weight. */
    public Terms with(Weight given) {
      return new Terms(role, mayReshare, expiresAt, limits, pooledLimits, given, toEverybody);
    }

    /**
     * Returns the reasons why a user or a group can't have these terms; an empty list if they can
     * have them. A group can't be a co-owner and can't reshare. Only a group can have limits for
     * all its members together. The end has to be within {@link TimeBounds}.
     */
    public List<Fault> faultsFor(GranteeName grantee) {
      List<Fault> faults = new ArrayList<>();
      if (grantee.isGroup() && role == Role.OWNER) {
        faults.add(Fault.notAllowed("role", "A group can have only the role reader or writer."));
      }
      if (grantee.isGroup() && mayReshare) {
        faults.add(
            Fault.notAllowed(
                "may_reshare", "Projects of a group's members can't let others use the service."));
      }
      if (!expiresAt.map(TimeBounds::contain).orElse(true)) {
        faults.add(
            Fault.notAllowed(
                "expires_at", "The end is " + TimeBounds.ALLOWED + ", or null for no end."));
      }
      if (toEverybody && !mayReshare) {
        faults.add(
            Fault.notAllowed(
                "to_everybody",
                "Projects that can't let their members use the service can't let everybody use"
                    + " it."));
      }
      if (!grantee.isGroup() && !pooledLimits.isNone()) {
        faults.add(
            Fault.notAllowed(
                "pooled_limits", "Only a group's share can have limits for all members together."));
      }
      return List.copyOf(faults);
    }

    /**
     * Whether a co-owner with the given terms may give a share with these terms. Co-owners may give
     * reader and writer shares that do not outlast and do not exceed their own share. Pooled limits
     * are not compared, because everything that the members of a group use also counts against the
     * co-owner's own limits.
     */
    public boolean fitWithin(Terms giver) {
      return giver.role == Role.OWNER
          && role != Role.OWNER
          && (giver.mayReshare || !mayReshare)
          && (giver.toEverybody || !toEverybody)
          && endsNoLaterThan(giver)
          && limits.fitWithin(giver.limits);
    }

    /**
     * Whether a co-owner with the given terms may give a share with this weight. A call that waits
     * in the queue has at most the weight of the co-owner who gave the share. So every co-owner may
     * give the usual weight, and may keep the present weight of a share.
     *
     * @param before the share's terms as they were before the change
     */
    public boolean weighAtMost(Terms giver, Optional<Terms> before) {
      return weight.compareTo(giver.weight) <= 0
          || weight.compareTo(Weight.USUAL) <= 0
          || before.filter(terms -> terms.weight.equals(weight)).isPresent();
    }

    /**
     * Whether a user who did not give a share may change the share's terms to these terms. The user
     * may not make the limits less strict, and may not increase the weight of the share.
     *
     * @param before the share's terms as they were before the change
     * @param ofService the limits of the service; they apply for each kind of limit that the share
     *     does not set
     */
    public boolean keepLimitsOf(Terms before, Limits ofService) {
      return limits.orElse(ofService).areWithin(before.limits.orElse(ofService))
          && pooledLimits.areWithin(before.pooledLimits)
          && weight.compareTo(before.weight) <= 0;
    }

    /**
     * Whether these terms differ from the terms before a change only by permitting less: a lower
     * role, fewer rights, an earlier end, stricter limits, or a lower weight.
     *
     * @param below the limits that apply for each kind of limit that the share does not set
     */
    public boolean permitLessThan(Terms before, Limits below) {
      return !equals(before)
          && before.role.atLeast(role)
          && (before.mayReshare || !mayReshare)
          && (before.toEverybody || !toEverybody)
          && endsNoLaterThan(before)
          && keepLimitsOf(before, below);
    }

    /** The terms as texts, each under its name in the API. A term that has no value is left out. */
    public Map<String, String> texts() {
      Map<String, String> texts = new LinkedHashMap<>();
      texts.put("role", role.wireName());
      if (mayReshare) {
        texts.put("may_reshare", "true");
      }
      if (toEverybody) {
        texts.put("to_everybody", "true");
      }
      expiresAt.ifPresent(end -> texts.put("expires_at", end.toString()));
      limits.texts().forEach((field, text) -> texts.put("limits/" + field, text));
      pooledLimits.texts().forEach((field, text) -> texts.put("pooled_limits/" + field, text));
      if (!weight.equals(Weight.USUAL)) {
        texts.put("weight", Integer.toString(weight.value()));
      }
      return texts;
    }

    public boolean expiredAt(Instant now) {
      return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
    }

    private boolean endsNoLaterThan(Terms other) {
      return other.expiresAt.isEmpty()
          || (expiresAt.isPresent() && !expiresAt.get().isAfter(other.expiresAt.get()));
    }
  }

  public boolean expiredAt(Instant now) {
    return terms.expiredAt(now);
  }
}
