package io.claviger.application.projects;

import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.projects.port.ProjectStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.DimensionCheck;
import io.claviger.domain.projects.Visibility;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.GroupShare;
import io.claviger.domain.sharing.HeldShares;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.Optional;

/**
 * Determines the instance to which a write binds a project. Until the transaction ends, nobody can
 * change the instance, or the share that permits its use.
 */
final class ProjectBinding {
  private final InstanceStore instances;
  private final InstanceShareStore shares;
  private final AuditedChanges changes;

  ProjectBinding(InstanceStore instances, InstanceShareStore shares, AuditedChanges changes) {
    this.instances = instances;
    this.shares = shares;
    this.changes = changes;
  }

  /**
   * @param bound the instance to which the project is bound before the write
   * @return the new binding, with the owner's shares of the instance
   */
  Optional<ProjectStore.BoundInstance> of(
      Actor owner,
      Field<Instance.Ref> service,
      Optional<ProjectStore.BoundInstance> bound,
      boolean allowDimensionChange) {
    Optional<Instance.Ref> wanted = service.given();
    if (wanted.isEmpty() || wanted.equals(bound.map(b -> b.instance().ref()))) {
      return wanted.flatMap(ref -> bound);
    }
    ProjectStore.BoundInstance target = usable(owner, wanted.get());
    Optional<Instance> before = bound.map(b -> held(owner, b.instance()));
    if (!allowDimensionChange && !DimensionCheck.keepsDimensions(before, target.instance())) {
      throw RefusedException.conflict(
          "dimensions_differ",
          "The new service has other dimensions. Its vectors can't be compared with the vectors"
              + " stored so far. To bind it anyway, send allow_dimension_change: true.");
    }
    return Optional.of(target);
  }

  private ProjectStore.BoundInstance usable(Actor owner, Instance.Ref ref) {
    Instant now = changes.now();
    InstanceStore.VisibleInstance seen =
        instances.hold(ref, owner.id(), now).orElseThrow(ProjectBinding::unknown);
    Instance instance = seen.instance();
    Optional<Share> share = shares.hold(instance.id(), owner.id());
    Optional<GroupShare> byGroup =
        seen.shares()
            .byGroup()
            .flatMap(found -> shares.holdByGroup(instance.id(), owner.id(), now));
    HeldShares held = new HeldShares(share, byGroup);
    Relationship relationship = owner.towards(instance, held, now);
    if (!Permissions.allows(relationship, Action.SEE)) {
      throw unknown();
    }
    if (!Permissions.allows(relationship, Action.USE)) {
      throw RefusedException.forbidden(
          "You may see this service but not use it, so you can't bind a project to it.");
    }
    return new ProjectStore.BoundInstance(instance, held, held);
  }

  /**
   * Refuses to open a project to everybody if its owner may not lend the service to everybody.
   * Until the transaction ends, nobody can change the instance, or the share that permits its use.
   *
   * @param bound the instance that the project will use
   */
  void demandMayBeOpen(Actor owner, Optional<ProjectStore.BoundInstance> bound) {
    if (bound.isEmpty()) {
      throw RefusedException.invalid(
          Fault.notAllowed(
              "visibility",
              "A project that is not bound to a service must have the visibility members."));
    }
    Instant now = changes.now();
    Instance instance = held(owner, bound.get().instance());
    Optional<Share> own =
        shares.hold(instance.id(), owner.id()).filter(share -> !share.expiredAt(now));
    Relationship relationship = owner.towards(instance, HeldShares.own(own), now);
    if (!Visibility.mayBeOpen(relationship, own.map(Share::terms))) {
      throw RefusedException.forbidden(
          "Only the owner of the service, and users whose share of it has may_reshare and"
              + " to_everybody, can open projects to everybody. For anybody else, the visibility"
              + " must be members.");
    }
  }

  /**
   * Locks the given instance against changes until the transaction ends, and returns its current
   * state. If the instance no longer exists, returns the given state.
   */
  private Instance held(Actor owner, Instance bound) {
    return instances
        .hold(bound.ref(), owner.id(), changes.now())
        .map(InstanceStore.VisibleInstance::instance)
        .orElse(bound);
  }

  private static RefusedException unknown() {
    return RefusedException.invalid(Fault.unknownReference("service", "service"));
  }
}
