package io.claviger.imports.litellm.rules;

import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The access that users and groups get by an import from LiteLLM. Things have their names in
 * LiteLLM; each name refers to a thing that exists in Claviger or that the plan creates.
 *
 * @param renamed the names that the operator replaced and that something in LiteLLM has
 */
public record AccessPlan(
    List<PlannedUser> users,
    List<PlannedGroup> groups,
    List<PlannedMember> members,
    List<PlannedAccount> accounts,
    List<PlannedShare> shares,
    List<PlannedLimits> limits,
    List<PlannedToken> tokens,
    Set<String> renamed) {

  /**
   * @param known the handle of the user in Claviger, if the operator stated it
   * @param handle the handle that the user gets if they are new
   */
  public record PlannedUser(
      String name,
      Optional<Handle> known,
      Handle handle,
      DisplayName displayName,
      Optional<String> email,
      boolean administrator) {}

  /**
   * @param known whether the operator stated that this is Claviger's group with this handle
   */
  public record PlannedGroup(String name, boolean known, Handle handle, DisplayName displayName) {}

  /**
   * @param user {@link PlannedUser#name} or {@link PlannedAccount#name}
   */
  public record PlannedMember(String group, String user, boolean manages) {}

  /** A service account for which the managers of a group are responsible. */
  public record PlannedAccount(String name, Handle handle, DisplayName displayName, String group) {}

  /** The holder of something: a user or service account, or the members of a group. */
  public record Holder(boolean group, String name) {}

  /**
   * @param limits the limits of each holder
   * @param pooled the limits of all members of a group together
   * @param spent how much of the pooled budget is spent, in nano-dollars
   */
  public record PlannedShare(
      String service, Holder holder, Limits limits, Limits pooled, long spent) {
    /** Returns the name of the share in the journal of imports. */
    public String name() {
      return service + " " + (holder.group() ? "@" : "") + holder.name();
    }
  }

  /**
   * Limits of a user for all of their calls, or of all members of a group together.
   *
   * @param spent how much of the budget is spent, in nano-dollars
   */
  public record PlannedLimits(Holder holder, Limits limits, long spent) {}

  /**
   * @param owner {@link PlannedUser#name} or {@link PlannedAccount#name}
   * @param beginning the known part of the beginning of the token's text
   * @param spent how much of the token's budget is spent, in nano-dollars
   */
  public record PlannedToken(
      TokenHash hash,
      String owner,
      TokenName name,
      String beginning,
      Limits limits,
      Instant expiresAt,
      long spent) {}
}
