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
 * Shows, writes and shares definitions, the templates of instances.
 *
 * <p>A caller sees their own definitions, the definitions of {@code _system}, public definitions,
 * and definitions that were shared with them; administrators see all definitions. All methods
 * refuse a token of scope use with {@code forbidden}, and answer {@code not_found} if the caller
 * can't see the definition.
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

  /** Lists the definitions that the caller can see, by owner and handle. */
  Outcome<Page<Definition, Definition.Ref>> list(
      Actor actor, DefinitionFilter filter, PageRequest<Definition.Ref> page);

  /**
   * Lists the definitions of one owner that the caller can see, by handle. If the owner is another
   * user and the caller can see none of their definitions, the answer is {@code not_found}, whether
   * or not that user exists. For administrators the answer is {@code not_found} only if the user
   * does not exist.
   */
  Outcome<Page<Definition, Definition.Ref>> ofOwner(
      Actor actor, Handle owner, PageRequest<Definition.Ref> page);

  /**
   * Creates a definition, or replaces an existing one: absent fields take their defaults. Instances
   * that were created from the definition stay as they are.
   *
   * <p>Users write their own definitions, and administrators also the definitions of {@code
   * _system}; anybody else is refused with {@code forbidden}. The write is refused with {@code
   * precondition_failed} if the definition does not meet the precondition, as invalid if a field is
   * missing or wrong, and with the conflict {@code quota_exceeded} if the owner has as many
   * definitions as allowed.
   */
  Outcome<WrittenDefinition> put(
      Actor actor, Definition.Ref ref, Precondition precondition, DefinitionCommand command);

  /**
   * Changes an existing definition; absent fields keep their values. In all other respects, the
   * rules of {@link #put} apply. The answer is {@code not_found} if there is no such definition.
   */
  Outcome<WrittenDefinition> patch(
      Actor actor, Definition.Ref ref, Precondition precondition, DefinitionCommand command);

  /**
   * Deletes a definition. Instances that were created from the definition only lose their reference
   * to the definition.
   *
   * <p>Users delete their own definitions, and administrators anybody's; everybody else is refused
   * with {@code forbidden}. The deletion is refused with {@code precondition_failed} if the
   * definition does not meet the precondition.
   */
  Outcome<Definition.Ref> delete(Actor actor, Definition.Ref ref, Precondition precondition);

  /**
   * Lets a user or the members of a group see a definition.
   *
   * <p>Only the owning user can share a definition; anybody else is refused with {@code forbidden}.
   * The share is invalid if there is no such user or group. The attempt is invalid with {@code
   * not_shareable} if the grantee is the owning user, or if the definition belongs to {@code
   * _system} and is therefore seen by everybody. It is refused with {@code precondition_failed} if
   * the share does not meet the precondition, and with the conflict {@code quota_exceeded} if the
   * actor has given as many shares as allowed.
   */
  Outcome<GivenShare> share(
      Actor actor, Definition.Ref definition, GranteeName grantee, Precondition precondition);

  /**
   * Changes a share. The rules of {@link #share} apply, and the answer is {@code not_found} if the
   * grantee has no share. A share of a definition only lets the grantee see the definition.
   * Therefore the only thing that a change can change is who gave the share.
   */
  Outcome<GivenShare> changeShare(
      Actor actor, Definition.Ref definition, GranteeName grantee, Precondition precondition);

  /**
   * Ends a share. If the share does not exist, nothing is changed, and the call succeeds.
   *
   * <p>The owning user may end any share, and every user may end the share that they have received.
   * Everybody else is refused with {@code forbidden}. The answer is {@code precondition_failed} if
   * the share does not meet the precondition.
   *
   * @return the grantee, who has no share now
   */
  Outcome<GranteeName> endShare(
      Actor actor, Definition.Ref definition, GranteeName grantee, Precondition precondition);

  /**
   * Shows one share to the owning user and to administrators; anybody else is refused with {@code
   * forbidden}. The answer is {@code not_found} if the grantee has no share.
   */
  Outcome<Share> findShare(Actor actor, Definition.Ref definition, GranteeName grantee);

  /**
   * Lists the shares, by the grantee's name, to the owning user and to administrators; anybody else
   * is refused with {@code forbidden}.
   */
  Outcome<Page<Share, GranteeName>> listShares(
      Actor actor, Definition.Ref definition, PageRequest<GranteeName> page);

  /**
   * The content of a write of a definition.
   *
   * @param isPublic whether everybody sees the definition; refused for {@code _system}, because
   *     everybody sees the definitions of {@code _system} anyway
   * @param appliedBy the name of the file from which the definition is applied
   */
  record DefinitionCommand(
      DefinitionWrite fields, Field<Boolean> isPublic, Field<AppliedBy> appliedBy) {}

  /**
   * A definition after it was written.
   *
   * @param created whether the definition is new
   */
  record WrittenDefinition(Definition definition, boolean created) {}
}
