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
 * Definitions, the templates of instances: shown to those who may see them, written by their owning
 * users, and shared by name.
 *
 * <p>A caller sees their own definitions, those of {@code _system}, public ones, and those that
 * were shared with them; administrators see all. Everything here is refused as {@code forbidden} to
 * a token of scope use, and as {@code not_found} to anybody who can't see the definition that it
 * needs.
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

  /** Shows one definition to those who may see it. */
  Outcome<Definition> find(Actor actor, Definition.Ref ref);

  /** Lists the definitions that the caller can see, by owner and handle. */
  Outcome<Page<Definition, Definition.Ref>> list(
      Actor actor, DefinitionFilter filter, PageRequest<Definition.Ref> page);

  /**
   * Lists the definitions of one owner that the caller can see, by handle. Refused as {@code
   * not_found} when they can see none of another user, whether or not that user exists; to
   * administrators only when that user does not exist.
   */
  Outcome<Page<Definition, Definition.Ref>> ofOwner(
      Actor actor, Handle owner, PageRequest<Definition.Ref> page);

  /**
   * Creates a definition, or replaces an existing one: absent fields take their defaults. Instances
   * made from it stay as they are.
   *
   * <p>Users write their own definitions, administrators those of {@code _system} too. Refused as
   * {@code forbidden} to anybody else, as {@code precondition_failed} when the definition is not as
   * demanded, as invalid when a field is missing or wrong, and as a conflict with {@code
   * quota_exceeded} when the owner has as many as they may.
   */
  Outcome<WrittenDefinition> put(
      Actor actor, Definition.Ref ref, Precondition precondition, DefinitionCommand command);

  /**
   * Changes an existing definition; absent fields keep their values. Otherwise like {@link #put};
   * refused as {@code not_found} when there is none.
   */
  Outcome<WrittenDefinition> patch(
      Actor actor, Definition.Ref ref, Precondition precondition, DefinitionCommand command);

  /**
   * Deletes a definition. Instances made from it only lose their reference to it.
   *
   * <p>Users delete their own definitions, administrators anybody's. Refused as {@code forbidden}
   * to anybody else, and as {@code precondition_failed} when the definition is not as demanded.
   */
  Outcome<Definition.Ref> delete(Actor actor, Definition.Ref ref, Precondition precondition);

  /**
   * Lets a user or the members of a group see a definition.
   *
   * <p>Only the owning user shares it; it is refused as {@code forbidden} to anybody else. Refused
   * as invalid with {@code not_shareable} for what belongs to {@code _system}, which everybody
   * sees, and for the owning user as grantee; as invalid when there is no such user or group; as
   * {@code precondition_failed} when the share is not as demanded; as a conflict with {@code
   * quota_exceeded} when the actor gave as many shares as they may.
   */
  Outcome<GivenShare> share(
      Actor actor, Definition.Ref definition, GranteeName grantee, Precondition precondition);

  /**
   * Changes a share. The rules of {@link #share} apply. It is also refused as {@code not_found}
   * when the user has no share. A share gives sight only, so nothing about it can change but its
   * giver.
   */
  Outcome<GivenShare> changeShare(
      Actor actor, Definition.Ref definition, GranteeName grantee, Precondition precondition);

  /**
   * Ends a share. Ending a share that does not exist changes nothing and is no error.
   *
   * <p>The owning user ends any share, and everybody their own. Refused as {@code forbidden} to
   * anybody else, and as {@code precondition_failed} when the share is not as demanded.
   *
   * @return the grantee, who has no share now
   */
  Outcome<GranteeName> endShare(
      Actor actor, Definition.Ref definition, GranteeName grantee, Precondition precondition);

  /**
   * Shows one share to the owning user and to administrators. Refused as {@code forbidden} to
   * anybody else, and as {@code not_found} when the user has none.
   */
  Outcome<Share> findShare(Actor actor, Definition.Ref definition, GranteeName grantee);

  /**
   * Lists the shares, by the grantee's name, to the owning user and to administrators. Refused as
   * {@code forbidden} to anybody else.
   */
  Outcome<Page<Share, GranteeName>> listShares(
      Actor actor, Definition.Ref definition, PageRequest<GranteeName> page);

  /**
   * What to write.
   *
   * @param isPublic whether everybody sees it; refused for {@code _system}, whose definitions
   *     everybody sees anyway
   * @param appliedBy the name of the file from which it is applied
   */
  record DefinitionCommand(
      DefinitionWrite fields, Field<Boolean> isPublic, Field<AppliedBy> appliedBy) {}

  /**
   * A definition after it was written.
   *
   * @param created whether there was none before
   */
  record WrittenDefinition(Definition definition, boolean created) {}
}
