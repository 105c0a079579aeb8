package io.claviger.imports.litellm.rules;

import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.policy.Limits;
import io.claviger.imports.shared.IncomingToken;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rights of users and groups after an import from LiteLLM. Names are LiteLLM's names. Each name
 * refers to a thing that exists in Claviger or that the plan creates.
 *
 * @param renamed the LiteLLM names of the things for which the operator stated other names
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
   * @param known the handle of the Claviger user to whom this LiteLLM user corresponds; empty if
   *     the operator stated no such user
   * @param handle the user's handle if the user is new in Claviger
   */
  public record PlannedUser(
      String name,
      Optional<Handle> known,
      Handle handle,
      DisplayName displayName,
      Optional<String> email,
      boolean administrator) {}

  /**
   * @param known whether the operator stated that this group corresponds to the Claviger group with
   *     this handle
   */
  public record PlannedGroup(String name, boolean known, Handle handle, DisplayName displayName) {}

  /**
   * @param user the member's {@link PlannedUser#name} or {@link PlannedAccount#name}
   */
  public record PlannedMember(String group, String user, boolean manages) {}

  /** A service account to create. The group's managers are responsible for it. */
  public record PlannedAccount(String name, Handle handle, DisplayName displayName, String group) {}

  /** The holder of a share or of limits: a user, a service account, or all members of a group. */
  public record Holder(boolean group, String name) {}

  /**
   * @param limits a set of limits for each holder
   * @param pooled a set of limits for all members of a group together
   * @param spent the amount that was already spent from the pooled budget, in nano-dollars
   */
  public record PlannedShare(
      String service, Holder holder, Limits limits, Limits pooled, long spent) {
    /** Returns the share's name in the journal of imports. */
    public String name() {
      return name(service, holder);
    }

    static String name(String service, Holder holder) {
      return service + " " + (holder.group() ? "@" : "") + holder.name();
    }
  }

  /**
   * The limits for all calls of a user, or for all members of a group together.
   *
   * @param spent the amount that was already spent from the budget in these limits, in nano-dollars
   */
  public record PlannedLimits(Holder holder, Limits limits, long spent) {}

  /**
   * @param owner the owner's {@link PlannedUser#name} or {@link PlannedAccount#name}
   * @param beginning the known beginning of the token's text
   * @param services the services for the models that the key may call. The token can be used for no
   *     other service
   * @param spent the amount that was already spent from the token's budget, in nano-dollars
   * @param limitedBy the holders of {@link PlannedLimits} that also limit the key in LiteLLM
   * @param pool the pooled limits that also limit the key in LiteLLM; empty if there are none
   */
  public record PlannedToken(
      TokenHash hash,
      String owner,
      TokenName name,
      String beginning,
      Set<String> services,
      Limits limits,
      Instant expiresAt,
      long spent,
      Set<Holder> limitedBy,
      Optional<IncomingToken.Pool> pool) {}
}
