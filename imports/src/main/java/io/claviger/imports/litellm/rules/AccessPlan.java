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
 * What users and groups may access after an import from LiteLLM. Things are named as in LiteLLM;
 * each name refers to a thing that exists in Claviger or that the plan creates.
 *
 * @param renamed those names that the operator replaced and that a thing in LiteLLM has
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
   * @param known the handle of the user of Claviger who is this user, if the operator stated one;
   *     otherwise empty
   * @param handle the handle that the user gets if they are new in Claviger
   */
  public record PlannedUser(
      String name,
      Optional<Handle> known,
      Handle handle,
      DisplayName displayName,
      Optional<String> email,
      boolean administrator) {}

  /**
   * @param known whether the operator stated that this is the group of Claviger with this handle
   */
  public record PlannedGroup(String name, boolean known, Handle handle, DisplayName displayName) {}

  /**
   * @param user the {@link PlannedUser#name} or {@link PlannedAccount#name} of the member
   */
  public record PlannedMember(String group, String user, boolean manages) {}

  /**
   * A service account that is to be created. The managers of a group are responsible for this
   * account.
   */
  public record PlannedAccount(String name, Handle handle, DisplayName displayName, String group) {}

  /** The holder of a share or of limits: a user or service account, or all members of a group. */
  public record Holder(boolean group, String name) {}

  /**
   * @param limits the limits that each holder has
   * @param pooled the limits that all members of a group have together
   * @param spent how much of the pooled budget has been spent, in nano-dollars
   */
  public record PlannedShare(
      String service, Holder holder, Limits limits, Limits pooled, long spent) {
    /** Returns the name by which the journal of imports records the share. */
    public String name() {
      return name(service, holder);
    }

    static String name(String service, Holder holder) {
      return service + " " + (holder.group() ? "@" : "") + holder.name();
    }
  }

  /**
   * Limits that a user has for all of their calls, or that all members of a group have together.
   *
   * @param spent how much of the budget in these limits has been spent, in nano-dollars
   */
  public record PlannedLimits(Holder holder, Limits limits, long spent) {}

  /**
   * @param owner the {@link PlannedUser#name} or {@link PlannedAccount#name} of the owner
   * @param beginning the beginning of the token's text, as far as it is known
   * @param spent how much of the token's budget has been spent, in nano-dollars
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
