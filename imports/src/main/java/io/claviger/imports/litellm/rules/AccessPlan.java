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
 * The users, groups, tokens, shares and limits to make. Things have their names of the source. Each
 * name stands for something that exists in Claviger or that the plan makes.
 *
 * @param renamed those names which the operator replaced that belong to something in the source
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
   * @param known the user of Claviger that this user is
   * @param handle the handle in Claviger, if the user doesn't exist there yet
   */
  public record PlannedUser(
      String name,
      Optional<Handle> known,
      Handle handle,
      DisplayName displayName,
      Optional<String> email,
      boolean administrator) {}

  /**
   * @param known whether this is the existing group of Claviger with that handle
   */
  public record PlannedGroup(String name, boolean known, Handle handle, DisplayName displayName) {}

  /**
   * @param user {@link PlannedUser#name} or {@link PlannedAccount#name}
   */
  public record PlannedMember(String group, String user, boolean manages) {}

  /** A service account for which the managers of a group are responsible. */
  public record PlannedAccount(String name, Handle handle, DisplayName displayName, String group) {}

  /** A user or service account, or the members of a group. */
  public record Holder(boolean group, String name) {}

  /**
   * @param limits for each holder
   * @param pooled for all members of a group together
   * @param spent of the pooled budget, in nano-dollars
   */
  public record PlannedShare(
      String service, Holder holder, Limits limits, Limits pooled, long spent) {
    /** The name under which the journal records it. */
    public String name() {
      return service + " " + (holder.group() ? "@" : "") + holder.name();
    }
  }

  /**
   * Limits of a user for all of their calls, or of all members of a group together.
   *
   * @param spent of the budget, in nano-dollars
   */
  public record PlannedLimits(Holder holder, Limits limits, long spent) {}

  /**
   * @param owner {@link PlannedUser#name} or {@link PlannedAccount#name}
   * @param beginning the beginning of the text, as far as it is known
   * @param spent of its budget, in nano-dollars
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
