package io.claviger.application.definitions;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.definitions.port.DefinitionStore;
import io.claviger.application.definitions.port.DefinitionStore.DefinitionFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shares.GivenShare;
import io.claviger.application.shares.Shares;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionWrite;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;

/**
 * Shows, writes and shares definitions, which are templates of instances.
 *
 * <p>Callers see their own definitions, the definitions of {@code _system}, public definitions, and
 * definitions that are shared with them. Administrators see all definitions. All methods refuse a
 * token with the scope {@code use} with {@code forbidden}. If the caller can't see the definition,
 * the answer is {@code not_found}.
 */
public interface Definitions {

  static Definitions of(
      DefinitionStore definitions,
      Shares<Definition.Id> shares,
      FieldsResolver fields,
      UserStore users,
      AuditedChanges changes) {
    return new DefinitionUseCases(definitions, shares, fields, users, changes);
  }

  /** Finds a definition that the caller can see. */
  Outcome<Definition> find(Actor actor, Definition.Ref ref);

  /** Lists the definitions that the caller can see, ordered by owner and handle. */
  Outcome<Page<Definition, Definition.Ref>> list(
      Actor actor, DefinitionFilter filter, PageRequest<Definition.Ref> page);

  /**
   * Lists those definitions of an owner that the caller can see, ordered by handle. If the caller
   * can see none of another user's definitions, the answer is {@code not_found}, whether or not the
   * user exists. For administrators, the answer is {@code not_found} only if the user does not
   * exist.
   */
  Outcome<Page<Definition, Definition.Ref>> listOfOwner(
      Actor actor, Handle owner, PageRequest<Definition.Ref> page);

  /**
   * Creates or replaces a definition. Absent fields get their defaults. Instances that were created
   * from the definition do not change.
   *
   * <p>Users write their own definitions. Administrators also write the definitions of {@code
   * _system}. Anybody else is refused with {@code forbidden}. The answer is {@code
   * precondition_failed} if the definition does not meet the precondition, and {@code invalid} if a
   * field is missing or wrong. If the owner already has the maximum number of definitions, the
   * answer is the conflict {@code quota_exceeded}.
   */
  Outcome<WrittenDefinition> put(
      Actor actor, Definition.Ref ref, Precondition precondition, DefinitionCommand command);

  /**
   * Changes an existing definition. Absent fields keep their values. In all other respects, the
   * rules of {@link #put} apply. If there is no such definition, the answer is {@code not_found}.
   */
  Outcome<WrittenDefinition> patch(
      Actor actor, Definition.Ref ref, Precondition precondition, DefinitionCommand command);

  /**
   * Deletes a definition. Instances that were created from the definition only lose their reference
   * to it.
   *
   * <p>Users delete their own definitions. Administrators delete anybody's definitions. Anybody
   * else is refused with {@code forbidden}. If the definition does not meet the precondition, the
   * answer is {@code precondition_failed}.
   */
  Outcome<Definition.Ref> delete(Actor actor, Definition.Ref ref, Precondition precondition);

  /**
   * Lets a user or the members of a group see a definition.
   *
   * <p>Only the owning user can share a definition. Anybody else is refused with {@code forbidden}.
   * If there is no such user or group, the share is invalid. The share is invalid with {@code
   * not_shareable} if the grantee is the owning user, or if the definition belongs to {@code
   * _system} and is therefore visible to everybody. The answer is {@code precondition_failed} if
   * the share does not meet the precondition. If the actor has already given the maximum number of
   * shares, the answer is the conflict {@code quota_exceeded}.
   */
  Outcome<GivenShare> share(
      Actor actor, Definition.Ref definition, GranteeName grantee, Precondition precondition);

  /**
   * Changes a share. The rules of {@link #share} apply. If the grantee has no share, the answer is
   * {@code not_found}. A share of a definition only lets the grantee see the definition, so an
   * update can only change who gave the share.
   */
  Outcome<GivenShare> changeShare(
      Actor actor, Definition.Ref definition, GranteeName grantee, Precondition precondition);

  /**
   * Ends a share. If the share does not exist, the call changes nothing and succeeds.
   *
   * <p>The owning user may end any share. Every user may end a share that they received. Anybody
   * else is refused with {@code forbidden}. If the share does not meet the precondition, the answer
   * is {@code precondition_failed}.
   *
   * @return the grantee
   */
  Outcome<GranteeName> endShare(
      Actor actor, Definition.Ref definition, GranteeName grantee, Precondition precondition);

  /**
   * Shows a share to the owning user and to administrators. Anybody else is refused with {@code
   * forbidden}. If the grantee has no share, the answer is {@code not_found}.
   */
  Outcome<Share> findShare(Actor actor, Definition.Ref definition, GranteeName grantee);

  /**
   * Lists the shares for the owning user and for administrators, ordered by grantee name. Anybody
   * else is refused with {@code forbidden}.
   */
  Outcome<Page<Share, GranteeName>> listShares(
      Actor actor, Definition.Ref definition, PageRequest<GranteeName> page);

  /**
   * The requested content of a definition.
   *
   * @param isPublic whether everybody sees the definition; refused for {@code _system}, because
   *     everybody sees its definitions anyway
   * @param appliedBy the name of the file from which the definition is applied
   */
  record DefinitionCommand(
      DefinitionWrite fields, Field<Boolean> isPublic, Field<AppliedBy> appliedBy) {}

  /**
   * A written definition.
   *
   * @param created whether the definition is new
   */
  record WrittenDefinition(Definition definition, boolean created) {}
}
