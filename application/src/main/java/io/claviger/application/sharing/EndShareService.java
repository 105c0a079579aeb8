package io.claviger.application.sharing;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shares.Shares;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permission;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class EndShareService implements EndShare {
  private final InstanceStore instances;
  private final InstanceShareStore shares;
  private final Shares<InstanceId> grants;
  private final AuditedChanges attempts;

  EndShareService(
      InstanceStore instances,
      InstanceShareStore shares,
      UserStore users,
      AuditedChanges attempts) {
    this.instances = instances;
    this.shares = shares;
    this.grants = new Shares<>(shares, users, attempts);
    this.attempts = attempts;
  }

  @Override
  public Outcome end(Actor actor, InstanceRef ref, Handle grantee, Precondition precondition) {
    return attempts.change(
        actor,
        AuditAction.SERVICE_UNSHARE,
        AuditTargets.service(ref),
        ledger -> {
          SharedInstance shared =
              SharedInstance.visible(actor, instances.hold(ref, actor.id()), attempts.now());
          ledger.setTarget(AuditTargets.service(shared.instance()));
          Optional<Share> share = grants.lock(shared.id(), grantee);
          demandMayEnd(actor, shared, grantee, share);
          end(shared, share, precondition, ledger);
          return new Outcome.Ended();
        },
        Outcome.Refused::new);
  }

  private void end(
      SharedInstance shared, Optional<Share> share, Precondition precondition, ChangeLog ledger) {
    List<Share> ended = new ArrayList<>();
    share.ifPresent(s -> ended.addAll(shares.givenVia(shared.id(), s.grantee())));
    share.ifPresent(ended::add);
    grants.end(shared.id(), share, precondition);
    ended.forEach(s -> recordEnd(shared, s, ledger));
  }

  private static void recordEnd(SharedInstance shared, Share share, ChangeLog ledger) {
    ledger.recordChange(
        AuditAction.SERVICE_UNSHARE,
        AuditTargets.service(shared.instance()),
        List.of(share.granteeHandle().value()));
  }

  private static void demandMayEnd(
      Actor actor, SharedInstance shared, Handle grantee, Optional<Share> share) {
    boolean ownership = share.filter(s -> s.terms().role() == Role.OWNER).isPresent();
    Permission permission = shared.may(ownership ? Action.SHARE_OWNERSHIP : Action.SHARE);
    boolean may =
        switch (permission) {
          case GRANTED, WITHIN_OWN_BOUNDS -> true;
          case LEAVE_ONLY -> actor.handle().equals(grantee);
          case DENIED -> false;
        };
    if (!may) {
      throw RefusedException.forbidden(
          "Your role on this service does not allow ending this share.");
    }
  }
}
