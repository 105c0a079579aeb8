package io.claviger.application.definitions;

import io.claviger.application.accounts.out.Users;
import io.claviger.application.definitions.out.Definitions;
import io.claviger.application.grants.Grants;
import io.claviger.application.grants.out.SharesOf;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.CountedKind;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.Targets;
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

  private final Definitions definitions;
  private final SharesOf<DefinitionId> shares;
  private final Grants<DefinitionId> grants;
  private final Attempts attempts;

  ShareDefinitionService(
      Definitions definitions, SharesOf<DefinitionId> shares, Users users, Attempts attempts) {
    this.definitions = definitions;
    this.shares = shares;
    this.grants = new Grants<>(shares, users, attempts);
    this.attempts = attempts;
  }

  @Override
  public Outcome share(Actor actor, DefinitionRef ref, Handle handle, Precondition precondition) {
    return attempts.change(
        actor,
        AuditAction.DEFINITION_SHARE,
        Targets.definition(ref),
        ledger -> {
          Definition definition = visible(actor, definitions.hold(ref, actor.id()));
          ledger.about(Targets.definition(definition));
          demandMayShare(actor, definition);
          User grantee = grants.grantee(handle, ref.owner());
          Grants.Given given =
              grants.give(
                  definition.id(),
                  grantee,
                  SIGHT,
                  actor.handle(),
                  actor.id(),
                  Optional.empty(),
                  precondition);
          if (given.created()) {
            ledger.added(CountedKind.SHARE, actor.id());
          }
          if (given.changed()) {
            ledger.changed(
                AuditAction.DEFINITION_SHARE,
                Targets.definition(definition),
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
        Targets.definition(ref),
        ledger -> {
          Definition definition = visible(actor, definitions.hold(ref, actor.id()));
          ledger.about(Targets.definition(definition));
          if (!actor.handle().equals(grantee)) {
            demandMayShare(actor, definition);
          }
          Optional<Share> share = grants.lock(definition.id(), grantee);
          grants.end(definition.id(), share, precondition);
          if (share.isPresent()) {
            ledger.changed(
                AuditAction.DEFINITION_UNSHARE,
                Targets.definition(definition),
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
      return grants
          .find(definition.id(), grantee)
          .<Outcome>map(share -> new Outcome.Shared(share, false))
          .orElseThrow(RefusedException::notFound);
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
              shares.of(definition.id(), page.after(), page.limit() + 1),
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

  private static Definition visible(Actor actor, Optional<Definitions.Seen> seen) {
    return seen.filter(s -> s.isVisibleTo(actor))
        .map(Definitions.Seen::definition)
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
