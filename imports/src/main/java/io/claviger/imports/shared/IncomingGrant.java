package io.claviger.imports.shared;

import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Grantee;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A grant from a thing's owner to a user: a share of a service or definition, or a membership in a
 * project. A share that already exists in Claviger stays unchanged. A service gets no further
 * co-owner if others would have to consent.
 *
 * @param what one of the kinds of things that can be shared
 * @param thing the thing's id in the source
 * @param user the user's id in the source
 * @param label the names of the thing and the user in the source
 * @param role the given role; for a definition, {@code reader}
 */
public record IncomingGrant(
    TargetStores stores, What what, String thing, String user, String label, Role role)
    implements Incoming {

  /** The kinds of things that owners can share. */
  public enum What {
    SERVICE(
        ImportedKind.SERVICE,
        ImportedKind.SHARE,
        AuditAction.SERVICE_SHARE,
        ReportReason.SERVICE_MISSING),
    DEFINITION(
        ImportedKind.DEFINITION,
        ImportedKind.DEFINITION_SHARE,
        AuditAction.DEFINITION_SHARE,
        ReportReason.DEFINITION_MISSING),
    PROJECT(
        ImportedKind.PROJECT,
        ImportedKind.MEMBER,
        AuditAction.PROJECT_SHARE,
        ReportReason.PROJECT_MISSING);

    private final ImportedKind thing;
    private final ImportedKind share;
    private final AuditAction action;
    private final ReportReason missing;

    What(ImportedKind thing, ImportedKind share, AuditAction action, ReportReason missing) {
      this.thing = thing;
      this.share = share;
      this.action = action;
      this.missing = missing;
    }

    /** Returns why a grant is not imported if the thing to which it gives access is missing. */
    public ReportReason missing() {
      return missing;
    }

    public ImportedKind share() {
      return share;
    }

    /** Returns the user and the thing that a share needs. */
    public List<Needed> needed(String ofThing, String ofUser) {
      return List.of(
          new Needed(ImportedKind.USER, ofUser, ReportReason.USER_MISSING),
          new Needed(thing, ofThing, missing));
    }
  }

  @Override
  public ImportedKind kind() {
    return what.share;
  }

  @Override
  public String id() {
    return label;
  }

  @Override
  public List<Needed> needed() {
    return what.needed(thing, user);
  }

  @Override
  public Made make(Arrivals arrivals) {
    UUID shared = arrivals.require(what.thing, thing);
    UUID to = arrivals.require(ImportedKind.USER, user);
    Optional<TargetStores.Owned> owned = stores.ownedThing(what.thing, shared);
    if (owned.isEmpty()) {
      return new Made.LeftOut(what.missing, "");
    }
    Grantee grantee = new Grantee.OneUser(new User.Id(to), stores.handleOf(ImportedKind.USER, to));
    if (grantee.id().value().equals(owned.get().owner().value())) {
      return new Made.Existing(shared);
    }
    if (what == What.SERVICE
        && role == Role.OWNER
        && stores.shares.find(new Instance.Id(shared), grantee.id()).isEmpty()
        && stores.holdNeedsConsent(new Instance.Id(shared))) {
      return new Made.LeftOut(ReportReason.CONSENT_NEEDED, "");
    }
    boolean given =
        switch (what) {
          case SERVICE ->
              give(stores.shares, new Instance.Id(shared), grantee, owned.get(), arrivals);
          case DEFINITION ->
              give(
                  stores.definitionShares,
                  new Definition.Id(shared),
                  grantee,
                  owned.get(),
                  arrivals);
          case PROJECT ->
              give(stores.projectShares, new Project.Id(shared), grantee, owned.get(), arrivals);
        };
    return given
        ? new Made.New(
            shared,
            Optional.of(to),
            what.action,
            new AuditTarget(
                what.thing.wireName(),
                Optional.of(shared),
                owned.get().ref(),
                Optional.of(owned.get().owner())),
            List.of(grantee.name().toString()))
        : new Made.Existing(shared);
  }

  /**
   * Gives the share if the user has no share of the thing yet. Returns whether the share was given.
   */
  private <I> boolean give(
      ShareStore<I> shares,
      I shared,
      Grantee grantee,
      TargetStores.Owned owned,
      Arrivals arrivals) {
    if (shares.find(shared, grantee.id()).isPresent()) {
      return false;
    }
    shares.insert(
        shared,
        new Share(
            grantee,
            new Share.Terms(role, false, Optional.empty(), Limits.NONE),
            Optional.of(owned.ownerHandle()),
            Optional.empty(),
            Share.firstVersion(arrivals.now()),
            arrivals.now()),
        owned.owner());
    return true;
  }
}
