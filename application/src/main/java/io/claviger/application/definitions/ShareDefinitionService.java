package io.claviger.application.definitions;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.CountedKind;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shares.GivenShare;
import io.claviger.application.shares.Shares;
import io.claviger.application.shares.port.ShareStore;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.definitions.DefinitionPermissions;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;

final class ShareDefinitionService implements ShareDefinition {
  private static final Share.Terms SIGHT =
      new Share.Terms(Role.READER, false, Optional.empty(), Limits.NONE);

  private final DefinitionStore definitions;
  private final ShareStore<DefinitionId> shares;
  private final Shares<DefinitionId> grants;
  private final AuditedChanges attempts;

  ShareDefinitionService(
      DefinitionStore definitions,
      ShareStore<DefinitionId> shares,
      UserStore users,
      AuditedChanges attempts) {
    this.definitions = definitions;
    this.shares = shares;
    this.grants = new Shares<>(shares, users, attempts);
    this.attempts = attempts;
  }

  @Override
  public Outcome share(Actor actor, DefinitionRef ref, Handle handle, Precondition precondition) {
    return attempts.change(
        actor,
        AuditAction.DEFINITION_SHARE,
        AuditTargets.definition(ref),
        ledger -> {
          Definition definition = visible(actor, definitions.hold(ref, actor.id()));
          ledger.setTarget(AuditTargets.definition(definition));
          demandMayShare(actor, definition);
          User grantee = grants.grantee(handle, ref.owner());
          GivenShare given =
              grants.give(
                  definition.id(),
                  grantee,
                  SIGHT,
                  actor.handle(),
                  actor.id(),
                  Optional.empty(),
                  precondition);
          if (given.created()) {
            ledger.recordAddition(CountedKind.SHARE, actor.id());
          }
          if (given.changed()) {
            ledger.recordChange(
                AuditAction.DEFINITION_SHARE,
                AuditTargets.definition(definition),
                List.of(handle.value()));
          }
          return new Outcome.Shared(given.share(), given.created());
        },
        Outcome.Refused::new);
  }

  @Override
  public EndOutcome end(Actor actor, DefinitionRef ref, Handle grantee, Precondition precondition) {
    return attempts.change(
        actor,
        AuditAction.DEFINITION_UNSHARE,
        AuditTargets.definition(ref),
        ledger -> {
          Definition definition = visible(actor, definitions.hold(ref, actor.id()));
          ledger.setTarget(AuditTargets.definition(definition));
          if (!actor.handle().equals(grantee)) {
            demandMayShare(actor, definition);
          }
          Optional<Share> share = grants.lock(definition.id(), grantee);
          grants.end(definition.id(), share, precondition);
          if (share.isPresent()) {
            ledger.recordChange(
                AuditAction.DEFINITION_UNSHARE,
                AuditTargets.definition(definition),
                List.of(grantee.value()));
          }
          return new EndOutcome.Ended();
        },
        EndOutcome.Refused::new);
  }

  @Override
  public Outcome find(Actor actor, DefinitionRef ref, Handle grantee) {
    try {
      Definition definition = lookedAt(actor, ref);
      return new Outcome.Shared(grants.find(definition.id(), grantee), false);
    } catch (RefusedException e) {
      return new Outcome.Refused(e.refusal());
    }
  }

  @Override
  public ListOutcome list(Actor actor, DefinitionRef ref, PageRequest<Handle> page) {
    try {
      Definition definition = lookedAt(actor, ref);
      return new ListOutcome.Listed(
          Page.of(
              shares.listOf(definition.id(), page.after(), page.limit() + 1),
              page.limit(),
              Share::granteeHandle));
    } catch (RefusedException e) {
      return new ListOutcome.Refused(e.refusal());
    }
  }

  private Definition lookedAt(Actor actor, DefinitionRef ref) {
    actor.demandManage();
    Definition definition = visible(actor, definitions.find(ref, actor.id()));
    if (!DefinitionPermissions.mayDelete(definition.owner(), actor.id(), actor.administrator())) {
      throw RefusedException.forbidden(
          "Only the owning user and administrators see who sees this definition.");
    }
    return definition;
  }

  private static Definition visible(Actor actor, Optional<DefinitionStore.Seen> seen) {
    return seen.filter(s -> s.isVisibleTo(actor))
        .map(DefinitionStore.Seen::definition)
        .orElseThrow(RefusedException::notFound);
  }

  private static void demandMayShare(Actor actor, Definition definition) {
    if (!DefinitionPermissions.mayWrite(definition.owner(), actor.id(), actor.administrator())) {
      throw RefusedException.forbidden("Only the owning user shares this definition.");
    }
    if (definition.isSystemLevel()) {
      throw RefusedException.invalid(
          new Fault("", "not_shareable", "Everybody sees what belongs to _system already."));
    }
  }
}
