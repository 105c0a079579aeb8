package io.claviger.application.definitions;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.definitions.Definitions.DefinitionCommand;
import io.claviger.application.definitions.Definitions.WrittenDefinition;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.definitions.port.DefinitionStore.DefinitionFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.CountedKind;
import io.claviger.application.shares.GivenShare;
import io.claviger.application.shares.Shares;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionPermissions;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Grantee;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

final class DefinitionUseCases implements Definitions {
  private static final Share.Terms SEE_ONLY =
      new Share.Terms(Role.READER, false, Optional.empty(), Limits.NONE);

  private final DefinitionStore definitions;
  private final Shares<Definition.Id> shares;
  private final FieldsResolver fields;
  private final UserStore users;
  private final AuditedChanges changes;

  DefinitionUseCases(
      DefinitionStore definitions,
      Shares<Definition.Id> shares,
      FieldsResolver fields,
      UserStore users,
      AuditedChanges changes) {
    this.definitions = definitions;
    this.shares = shares;
    this.fields = fields;
    this.users = users;
    this.changes = changes;
  }

  @Override
  public Outcome<Definition> find(Actor actor, Definition.Ref ref) {
    return Outcome.of(() -> found(actor, ref));
  }

  @Override
  public Outcome<Page<Definition, Definition.Ref>> list(
      Actor actor, DefinitionFilter filter, PageRequest<Definition.Ref> page) {
    return Outcome.of(() -> visible(actor, filter, page));
  }

  @Override
  public Outcome<Page<Definition, Definition.Ref>> listOfOwner(
      Actor actor, Handle owner, PageRequest<Definition.Ref> page) {
    boolean known =
        actor.handle().equals(owner)
            || owner.isSystem()
            || (actor.administrator() && users.find(owner).isPresent());
    DefinitionFilter filter =
        new DefinitionFilter(Optional.empty(), Optional.empty(), Optional.of(owner));
    return Outcome.of(
        () -> {
          Page<Definition, Definition.Ref> visible = visible(actor, filter, page);
          // To a caller, another user's collection exists only if the caller can see something
          // in it.
          if (!known && visible.items().isEmpty() && page.after().isEmpty()) {
            throw RefusedException.notFound();
          }
          return visible;
        });
  }

  @Override
  public Outcome<WrittenDefinition> put(
      Actor actor, Definition.Ref ref, Precondition precondition, DefinitionCommand command) {
    return write(
        actor,
        ref,
        log -> {
          Optional<Definition> before = visible(actor, definitions.lock(ref, actor.id()));
          if (before.isEmpty()) {
            log.recordAttemptAs(AuditAction.DEFINITION_CREATE);
          }
          before.ifPresent(d -> log.setTarget(AuditTargets.definition(d)));
          User.Id owner = before.map(Definition::owner).orElseGet(() -> namespace(actor, ref));
          demandMayWrite(actor, owner);
          precondition.demand(before, Definition::version);
          return before.isPresent()
              ? update(before.get(), command, Optional.empty(), log)
              : insert(owner, ref, command, log);
        });
  }

  /**
   * Attempts a change of a definition. The audit trail records a change as an update unless the
   * change creates the definition.
   */
  private Outcome<WrittenDefinition> write(
      Actor actor, Definition.Ref ref, AuditedChanges.Change<WrittenDefinition> change) {
    return changes.change(
        actor, AuditAction.DEFINITION_UPDATE, AuditTargets.definition(ref), change);
  }

  @Override
  public Outcome<WrittenDefinition> patch(
      Actor actor, Definition.Ref ref, Precondition precondition, DefinitionCommand command) {
    return write(
        actor,
        ref,
        log -> {
          Definition before = target(actor, definitions.lock(ref, actor.id()), log);
          demandMayWrite(actor, before.owner());
          precondition.demand(before.version());
          return update(before, command, Optional.of(before), log);
        });
  }

  @Override
  public Outcome<Definition.Ref> delete(
      Actor actor, Definition.Ref ref, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.DEFINITION_DELETE,
        AuditTargets.definition(ref),
        log -> {
          Definition definition = target(actor, definitions.lock(ref, actor.id()), log);
          if (!DefinitionPermissions.mayDelete(
              definition.owner(), actor.id(), actor.administrator())) {
            throw RefusedException.forbidden(
                "Only the owning user or an administrator may delete this definition.");
          }
          precondition.demand(definition.version());
          definitions.delete(definition.id());
          log.recordChange(
              AuditAction.DEFINITION_DELETE, AuditTargets.definition(definition), List.of());
          return ref;
        });
  }

  @Override
  public Outcome<GivenShare> share(
      Actor actor, Definition.Ref ref, GranteeName name, Precondition precondition) {
    return give(actor, ref, precondition, definition -> shares.grantee(name, ref.owner()));
  }

  @Override
  public Outcome<GivenShare> changeShare(
      Actor actor, Definition.Ref ref, GranteeName name, Precondition precondition) {
    return give(
        actor,
        ref,
        precondition,
        definition -> {
          Share found = shares.find(definition.id(), name);
          Grantee grantee = shares.grantee(found.grantee().name(), ref.owner());
          Share unused = shares.locked(definition.id(), name);
          return grantee;
        });
  }

  /**
   * @param grantee the function that finds the grantee; it is called while a lock prevents the
   *     deletion of the definition
   */
  private Outcome<GivenShare> give(
      Actor actor,
      Definition.Ref ref,
      Precondition precondition,
      Function<Definition, Grantee> grantee) {
    return changes.change(
        actor,
        AuditAction.DEFINITION_SHARE,
        AuditTargets.definition(ref),
        log -> {
          Definition definition = target(actor, definitions.hold(ref, actor.id()), log);
          demandMayShare(actor, definition);
          return give(actor, definition, grantee.apply(definition), precondition, log);
        });
  }

  private GivenShare give(
      Actor actor,
      Definition definition,
      Grantee grantee,
      Precondition precondition,
      ChangeLog log) {
    GivenShare given =
        shares.give(
            definition.id(),
            grantee,
            SEE_ONLY,
            Limits.NONE,
            Field.absent(),
            actor,
            Optional.empty(),
            precondition,
            log);
    if (given.changed()) {
      log.recordChange(
          AuditAction.DEFINITION_SHARE,
          AuditTargets.definition(definition),
          List.of(grantee.name().toString()));
    }
    return given;
  }

  @Override
  public Outcome<GranteeName> endShare(
      Actor actor, Definition.Ref ref, GranteeName grantee, Precondition precondition) {
    return changes.change(
        actor,
        AuditAction.DEFINITION_UNSHARE,
        AuditTargets.definition(ref),
        log -> {
          Definition definition = target(actor, definitions.hold(ref, actor.id()), log);
          if (!grantee.isUser(actor.handle())) {
            demandMayShare(actor, definition);
          }
          Optional<Share> share = shares.lock(definition.id(), grantee);
          shares.end(definition.id(), share, precondition);
          if (share.isPresent()) {
            log.recordChange(
                AuditAction.DEFINITION_UNSHARE,
                AuditTargets.definition(definition),
                List.of(grantee.toString()));
          }
          return grantee;
        });
  }

  @Override
  public Outcome<Share> findShare(Actor actor, Definition.Ref ref, GranteeName grantee) {
    return Outcome.of(() -> shares.find(withVisibleShares(actor, ref).id(), grantee));
  }

  @Override
  public Outcome<Page<Share, GranteeName>> listShares(
      Actor actor, Definition.Ref ref, PageRequest<GranteeName> page) {
    return Outcome.of(() -> shares.list(withVisibleShares(actor, ref).id(), page));
  }

  private Definition found(Actor actor, Definition.Ref ref) {
    actor.demandManage();
    return visible(actor, definitions.find(ref, actor.id()))
        .orElseThrow(RefusedException::notFound);
  }

  private Page<Definition, Definition.Ref> visible(
      Actor actor, DefinitionFilter filter, PageRequest<Definition.Ref> page) {
    actor.demandManage();
    return Page.of(
        definitions.visibleTo(
            actor.id(), actor.administrator(), filter, page.after(), page.limit() + 1),
        page.limit(),
        Definition::ref);
  }

  private static Optional<Definition> visible(
      Actor actor, Optional<DefinitionStore.VisibleDefinition> seen) {
    return seen.filter(s -> s.isVisibleTo(actor))
        .map(DefinitionStore.VisibleDefinition::definition);
  }

  private static Definition target(
      Actor actor, Optional<DefinitionStore.VisibleDefinition> seen, ChangeLog log) {
    Definition definition = visible(actor, seen).orElseThrow(RefusedException::notFound);
    log.setTarget(AuditTargets.definition(definition));
    return definition;
  }

  private Definition withVisibleShares(Actor actor, Definition.Ref ref) {
    Definition definition = found(actor, ref);
    if (!DefinitionPermissions.mayDelete(definition.owner(), actor.id(), actor.administrator())) {
      throw RefusedException.forbidden(
          "Only the owning user and administrators may see the shares of this definition.");
    }
    return definition;
  }

  /**
   * Returns the owner of a namespace in which the caller may create definitions. For any other
   * namespace, the answer is {@code forbidden}, even if the namespace is empty.
   */
  private static User.Id namespace(Actor actor, Definition.Ref ref) {
    if (actor.handle().equals(ref.owner())) {
      return actor.id();
    }
    if (ref.owner().isSystem()) {
      return User.Id.SYSTEM;
    }
    throw RefusedException.forbidden(
        "Only the owning user may create definitions under their handle.");
  }

  private static void demandMayWrite(Actor actor, User.Id owner) {
    if (!DefinitionPermissions.mayWrite(owner, actor.id(), actor.administrator())) {
      throw RefusedException.forbidden(
          "Only the owning user writes this definition. Only administrators write definitions of"
              + " _system.");
    }
  }

  private static void demandMayShare(Actor actor, Definition definition) {
    if (!DefinitionPermissions.mayWrite(definition.owner(), actor.id(), actor.administrator())) {
      throw RefusedException.forbidden("Only the owning user may share this definition.");
    }
    if (definition.isSystemLevel()) {
      throw RefusedException.invalid(
          new Fault("", "not_shareable", "Everybody already sees the definitions of _system."));
    }
  }

  private WrittenDefinition insert(
      User.Id owner, Definition.Ref ref, DefinitionCommand command, ChangeLog log) {
    Instant now = changes.now();
    Definition definition =
        new Definition(
            new Definition.Id(changes.ids().next()),
            owner,
            ref,
            fields.of(command.fields(), Optional.empty()),
            isPublic(command, owner, false),
            1,
            now,
            now,
            command.appliedBy().given());
    definitions.insert(definition);
    log.recordAddition(CountedKind.DEFINITION, owner);
    log.recordChange(AuditAction.DEFINITION_CREATE, AuditTargets.definition(definition), List.of());
    return new WrittenDefinition(definition, true);
  }

  /**
   * @param base the source of absent fields: the current definition for a merge, or empty for a
   *     replacement
   */
  private WrittenDefinition update(
      Definition before, DefinitionCommand command, Optional<Definition> base, ChangeLog log) {
    Definition after =
        before
            .with(
                fields.of(command.fields(), base.map(Definition::fields)),
                isPublic(command, before.owner(), base.map(Definition::isPublic).orElse(false)),
                changes.now())
            .with(command.appliedBy().or(before.appliedBy()));
    List<String> changed = differences(before, after);
    if (changed.isEmpty()) {
      return new WrittenDefinition(before, false);
    }
    definitions.update(after);
    log.recordChange(
        AuditAction.DEFINITION_UPDATE,
        AuditTargets.definition(after),
        changed,
        AuditEvent.Term.changed(
            before.values().texts(DefinitionFields.ALL),
            after.values().texts(DefinitionFields.ALL)));
    return new WrittenDefinition(after, false);
  }

  private static boolean isPublic(DefinitionCommand command, User.Id owner, boolean whenAbsent) {
    boolean wanted = command.isPublic().or(whenAbsent);
    if (wanted && owner.equals(User.Id.SYSTEM)) {
      throw RefusedException.invalid(
          Fault.notAllowed("public", "Everybody already sees the definitions of _system."));
    }
    return wanted;
  }

  private static List<String> differences(Definition before, Definition after) {
    return before.values().differingFrom(after.values(), DefinitionFields.ALL).stream()
        .map(ScalarField::name)
        .toList();
  }
}
