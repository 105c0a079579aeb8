package io.claviger.application.definitions;

import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditTargets;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.ChangeLog;
import io.claviger.application.shared.CountedKind;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.standards.StandardReferences;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.DefinitionId;
import io.claviger.domain.definitions.DefinitionPermissions;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.definitions.DefinitionWrite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

final class WriteDefinitionService implements WriteDefinition {
  private final DefinitionStore definitions;
  private final StandardReferences standards;
  private final Ids ids;
  private final AuditedChanges attempts;

  WriteDefinitionService(
      DefinitionStore definitions, ApiStandardStore standards, Ids ids, AuditedChanges attempts) {
    this.definitions = definitions;
    this.standards = new StandardReferences(standards);
    this.ids = ids;
    this.attempts = attempts;
  }

  @Override
  public Outcome put(Actor actor, DefinitionRef ref, Precondition precondition, Command command) {
    return attempts.change(
        actor,
        AuditAction.DEFINITION_UPDATE,
        AuditTargets.definition(ref),
        ledger -> {
          Optional<Definition> before = visible(actor, ref);
          if (before.isEmpty()) {
            ledger.recordAttemptAs(AuditAction.DEFINITION_CREATE);
          }
          before.ifPresent(d -> ledger.setTarget(AuditTargets.definition(d)));
          UserId owner = before.map(Definition::owner).orElseGet(() -> namespace(actor, ref));
          demandMayWrite(actor, owner);
          precondition.demand(
              before.map(d -> OptionalLong.of(d.version())).orElse(OptionalLong.empty()));
          return before.isPresent()
              ? update(before.get(), command, Optional.empty(), ledger)
              : insert(owner, ref, command, ledger);
        },
        Outcome.Refused::new);
  }

  @Override
  public Outcome patch(Actor actor, DefinitionRef ref, Precondition precondition, Command command) {
    return attempts.change(
        actor,
        AuditAction.DEFINITION_UPDATE,
        AuditTargets.definition(ref),
        ledger -> {
          Definition before = visible(actor, ref).orElseThrow(RefusedException::notFound);
          ledger.setTarget(AuditTargets.definition(before));
          demandMayWrite(actor, before.owner());
          precondition.demand(OptionalLong.of(before.version()));
          return update(before, command, Optional.of(before), ledger);
        },
        Outcome.Refused::new);
  }

  private Optional<Definition> visible(Actor actor, DefinitionRef ref) {
    return definitions
        .lock(ref, actor.id())
        .filter(seen -> seen.isVisibleTo(actor))
        .map(DefinitionStore.Seen::definition);
  }

  /**
   * Whose namespace it is, where the caller may create; in anybody else's it is forbidden, whatever
   * is there.
   */
  private static UserId namespace(Actor actor, DefinitionRef ref) {
    if (actor.handle().equals(ref.owner())) {
      return actor.id();
    }
    if (ref.owner().isSystem()) {
      return UserId.SYSTEM;
    }
    throw RefusedException.forbidden(
        "Only the owning user creates definitions under their handle.");
  }

  private static void demandMayWrite(Actor actor, UserId owner) {
    if (!DefinitionPermissions.mayWrite(owner, actor.id(), actor.administrator())) {
      throw RefusedException.forbidden(
          "Only the owning user, for _system administrators, writes this definition.");
    }
  }

  private Outcome insert(UserId owner, DefinitionRef ref, Command command, ChangeLog ledger) {
    Instant now = attempts.now();
    Definition definition =
        new Definition(
            new DefinitionId(ids.next()),
            owner,
            ref,
            fields(command, Optional.empty()),
            isPublic(command, owner, false),
            1,
            now,
            now);
    definitions.insert(definition);
    ledger.recordAddition(CountedKind.DEFINITION, owner);
    ledger.recordChange(
        AuditAction.DEFINITION_CREATE, AuditTargets.definition(definition), List.of());
    return new Outcome.Written(definition, true);
  }

  /**
   * @param base what absent fields take: what is there for a merge, nothing for a replacement
   */
  private Outcome update(
      Definition before, Command command, Optional<Definition> base, ChangeLog ledger) {
    Definition after =
        before.with(
            fields(command, base.map(Definition::fields)),
            isPublic(command, before.owner(), base.map(Definition::isPublic).orElse(false)),
            attempts.now());
    List<String> changed = differences(before, after);
    if (changed.isEmpty()) {
      return new Outcome.Written(before, false);
    }
    definitions.update(after);
    ledger.recordChange(AuditAction.DEFINITION_UPDATE, AuditTargets.definition(after), changed);
    return new Outcome.Written(after, false);
  }

  private DefinitionFields fields(Command command, Optional<DefinitionFields> base) {
    List<Fault> faults = new ArrayList<>();
    DefinitionWrite.Result result =
        command.fields().over(base, standards.format(command.fields().apiStandard(), faults));
    return switch (result) {
      case DefinitionWrite.Result.Incomplete missing -> {
        throw RefusedException.invalid(faults.isEmpty() ? missing.faults() : faults);
      }
      case DefinitionWrite.Result.Complete complete -> {
        if (faults.isEmpty()) {
          standards.held(complete.fields().apiStandard(), faults);
        }
        if (!faults.isEmpty()) {
          throw RefusedException.invalid(faults);
        }
        yield complete.fields();
      }
    };
  }

  private static boolean isPublic(Command command, UserId owner, boolean whenAbsent) {
    boolean wanted = command.isPublic().or(whenAbsent);
    if (wanted && owner.equals(UserId.SYSTEM)) {
      throw RefusedException.invalid(
          Fault.notAllowed("public", "What belongs to _system is seen by everybody already."));
    }
    return wanted;
  }

  private static List<String> differences(Definition before, Definition after) {
    List<String> names = new ArrayList<>(before.fields().differingFrom(after.fields()));
    if (before.isPublic() != after.isPublic()) {
      names.add("public");
    }
    return names;
  }
}
